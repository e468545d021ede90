import type { EventDraft } from "../event/event.ts";
import type { Job, SendOutcome } from "./job.ts";

/** A stage in the life of a send, as an event. Its words are not repeated: they may be deleted. */
export function draftSendEvent(
  type: "send.accepted" | "send.confirmed" | "send.failed",
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
    key: `send ${id} ${type === "send.accepted" ? "accepted" : "end"}`,
    data: { sendId, kind: content.kind, targets: [identifier], ...about },
  };
}

/** The end of a send that shows an interface to nobody but the relay's own viewers. */
export function draftInterfaceShown(sendId: string): EventDraft {
  const key = `send ${sendId} end`;
  const data = { sendId, kind: "ui" as const, targets: [] };
  return { type: "send.confirmed", platform: "api", key, data };
}

/** The end of a send. There is one: both ends have the same key. */
export function endDraft(job: Job, outcome: SendOutcome): EventDraft {
  if (outcome.confirmed) return draftSendEvent("send.confirmed", job);
  const { reason, retryable, retryAfterMs } = outcome;
  const retryAfter =
    retryAfterMs === undefined ? {} : { retryAfter: Math.ceil(retryAfterMs / 1000) };
  return draftSendEvent("send.failed", job, { reason, retryable, ...retryAfter });
}
