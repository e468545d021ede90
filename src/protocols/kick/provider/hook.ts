import { decode, decodeJson, parseJson } from "../../../lib/json.ts";
import { observeEvents, rejectFrame } from "../../effects.ts";
import type {
  Deployment,
  ExchangeAnswer,
  HookAdapter,
  NextExchange,
  ReadHeader,
} from "../../hook.ts";
import type { ProviderEffect } from "../../session.ts";
import { toDraft } from "../codec/to-draft.ts";
import { Addressed, Delivery } from "../wire/frames.ts";
import {
  askAppToken,
  askPublicKey,
  askSubscriptions,
  readPublicKey,
  readSubscriptions,
  readToken,
  unsubscribe,
} from "./api.ts";
import { isBlocked } from "./failures.ts";
import { nameConnection, readPlace } from "./link.ts";
import { Target } from "./target.ts";

const HEADERS = {
  id: "Kick-Event-Message-Id",
  time: "Kick-Event-Message-Timestamp",
  signature: "Kick-Event-Signature",
  event: "Kick-Event-Type",
  version: "Kick-Event-Version",
} as const;

/** Kick's webhooks: signed over the delivery's name, its time and the body, for a broadcaster. */
export const hook: HookAdapter = {
  readSignature(header) {
    const [id, time, signature] = [
      header(HEADERS.id),
      header(HEADERS.time),
      header(HEADERS.signature),
    ];
    if (id === null || time === null || signature === null) return null;
    return { signature, prefix: `${id}.${time}.` };
  },
  askKey: (deployment) => askPublicKey(readPlace(deployment)),
  readKey: ({ status, body }) => (status === 200 ? readPublicKey(body) : null),
  read: readDelivery,
  hear: (target, frame) => hear(Target.parse(target).channel, frame),
  leave,
};

function readDelivery(header: ReadHeader, body: string): { key: string; frame: string } | null {
  const parsed = parseJson(body);
  if (!parsed.ok) return null;
  const addressed = decode(Addressed, parsed.value);
  if (!addressed.ok) return null;
  const frame = {
    id: header(HEADERS.id),
    event: header(HEADERS.event),
    version: header(HEADERS.version),
    time: header(HEADERS.time),
    body: parsed.value,
  };
  return { key: String(addressed.value.broadcaster.user_id), frame: JSON.stringify(frame) };
}

/** Reads what a delivery tells of a channel. */
export function hear(channel: string, frame: string): readonly ProviderEffect[] {
  const decoded = decodeJson(Delivery, frame);
  if (!decoded.ok) return [rejectFrame(decoded.problem)];
  return [observeEvents([toDraft(nameConnection(channel), decoded.value)])];
}

/** Takes the subscriptions to a channel away: a token, the list, and all that are on it. */
function leave(
  deployment: Deployment,
  key: string,
  answers: readonly ExchangeAnswer[],
): NextExchange {
  const place = readPlace(deployment);
  // Without an app there is nothing that could be taken away.
  if (place.app === null) return { type: "done" };
  const last = answers.at(-1);
  if (last === null || (last !== undefined && mayBeBetter(last))) return { type: "later" };
  if (last === undefined) return { type: "ask", exchange: askAppToken(place, place.app) };
  const token = readToken(answers[0]?.body ?? "")?.access_token;
  if (last.status >= 300 || token === undefined) return { type: "done" };
  if (answers.length === 1) {
    return { type: "ask", exchange: askSubscriptions(place, token, key) };
  }
  const ids = answers.length === 2 ? (readSubscriptions(last.body, key)?.ids ?? []) : [];
  if (ids.length === 0) return { type: "done" };
  return { type: "ask", exchange: unsubscribe(place, token, ids) };
}

function mayBeBetter({ status, body }: NonNullable<ExchangeAnswer>): boolean {
  return isBlocked(status, body) || status === 429 || status >= 500;
}
