import type { EventDraft } from "../event/event.ts";
import type { Job, SendOutcome } from "./job.ts";

/**
 * The taking on of a send, for one connection. Its words are told once, here, for programs that show
 * what was said through the relay as their own.
 */
export function draftAccepted({ id, sendId, identifier, platform, content }: Job): EventDraft {
  const data = { sendId, kind: content.kind, targets: [identifier] };
  return {
    type: "send.accepted",
    platform,
    connectionId: identifier,
    key: `send ${id} accepted`,
    data: content.kind === "chat" ? { ...data, text: content.text } : data,
  };
}

/** The end of a send, as an event. Its words are not repeated: they may be deleted. */
function draftEnd(
  type: "send.confirmed" | "send.failed",
  { id, sendId, identifier, platform, content }: Job,
  about: {
    readonly reason?: string;
    readonly retryable?: boolean;
    readonly retryAfter?: number;
  } = {},
): EventDraft {
  return {
    type,
    platform,
    connectionId: identifier,
    key: `send ${id} end`,
    data: { sendId, kind: content.kind, targets: [identifier], ...about },
  };
}

/** The life of a send that shows an interface to nobody but the relay's own viewers. */
export function draftInterfaceShown(sendId: string): EventDraft[] {
  const data = { sendId, kind: "ui" as const, targets: [] };
  return [
    { type: "send.accepted", platform: "api", key: `send ${sendId} accepted`, data },
    { type: "send.confirmed", platform: "api", key: `send ${sendId} end`, data },
  ];
}

/** The end of a send. There is one: both ends have the same key. */
export function endDraft(job: Job, outcome: SendOutcome): EventDraft {
  if (outcome.confirmed) return draftEnd("send.confirmed", job);
  const { reason, retryable, retryAfterMs } = outcome;
  const retryAfter =
    retryAfterMs === undefined ? {} : { retryAfter: Math.ceil(retryAfterMs / 1000) };
  return draftEnd("send.failed", job, { reason, retryable, ...retryAfter });
}
