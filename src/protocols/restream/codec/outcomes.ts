import type { EventDraft } from "../../../event/event.ts";
import { formatConnectionId } from "../../../event/ids.ts";
import { decode, type Json } from "../../../lib/json.ts";
import { OutcomePayload, type Frame } from "../wire/frames.ts";
import { toPlatform, toTime } from "./envelope.ts";

const OUTCOMES = {
  reply_created: "send.accepted",
  reply_accepted: "send.accepted",
  reply_confirmed: "send.confirmed",
  reply_failed: "send.failed",
  relay_accepted: "send.accepted",
  relay_confirmed: "send.confirmed",
  relay_failed: "send.failed",
} as const;

/** Is it one of the frames that tell how a reply or a relayed message fares? */
export function isOutcome(action: string): action is keyof typeof OUTCOMES {
  return Object.hasOwn(OUTCOMES, action);
}

/**
 * A `reply_*` or `relay_*` frame in our words, or null where it names nothing. A reply is written
 * by a person on Restream's own page; a relay is Restream copying a message to another platform.
 */
export function toOutcome(action: keyof typeof OUTCOMES, frame: Frame): EventDraft | null {
  const decoded = decode(OutcomePayload, frame.payload);
  if (!decoded.ok) return null;
  const outcome = decoded.value;
  const isRelay = action.startsWith("relay_");
  const sendId = isRelay ? outcome.sourceEventIdentifier : outcome.replyUuid;
  if (!sendId) return null;
  const identifiers =
    outcome.connectionIdentifiers ??
    (outcome.connectionIdentifier == null ? [] : [outcome.connectionIdentifier]);
  const [only] = identifiers.length === 1 ? identifiers : [];
  return {
    type: OUTCOMES[action],
    platform: only === undefined ? "restream" : toPlatform(only, null),
    ...(only !== undefined && { connectionId: formatConnectionId("restream", only) }),
    ...toTime(frame),
    // A reply's uuid is its own; a relay goes by its event's name, which is not unique.
    key: [action, sendId, identifiers.join(","), ...(isRelay ? [frame.timestamp] : [])].join("/"),
    raw: frame.payload as Json,
    data: {
      sendId,
      kind: isRelay ? "relay" : "chat",
      targets: identifiers.map((each) => formatConnectionId("restream", each)),
      ...(outcome.text != null && { text: outcome.text }),
      ...(outcome.reason && { reason: outcome.reason, retryable: false }),
    },
  };
}
