import { z } from "zod";

import { unquote } from "./literal.ts";

export const subscriptionFields = [
  "streamMessageReceived",
  "treasureChestMessageReceived",
] as const;
export type SubscriptionField = (typeof subscriptionFields)[number];

export interface SubscriptionQuery {
  readonly field: SubscriptionField;
  readonly streamer: string;
}

const StartPayload = z.object({
  query: z.string().nullish(),
  variables: z.record(z.string(), z.unknown()).nullish(),
  operationName: z.string().nullish(),
});

const rootField =
  /\b(streamMessageReceived|treasureChestMessageReceived)\s*\(\s*streamer\s*:\s*(?:("(?:[^"\\]|\\.)*")|\$(\w+))/;

/**
 * What a `start` asks for. The selection set is not looked at, because the service ignores it. The
 * streamer may stand in the query or in a variable of any name; a start that carries no text, only
 * the hash of a known query, is understood by its operation's name.
 */
export function readSubscriptionQuery(payload: unknown): SubscriptionQuery | null {
  const parsed = StartPayload.safeParse(payload);
  if (!parsed.success) {
    return null;
  }
  const { query, variables, operationName } = parsed.data;
  if (query === null || query === undefined) {
    const isChest = /treasurechest/i.test(operationName ?? "");
    const field = isChest ? "treasureChestMessageReceived" : "streamMessageReceived";
    return withStreamer(field, variables?.["streamer"]);
  }
  const [, name, literal, variable] = rootField.exec(query) ?? [];
  const field = subscriptionFields.find((known) => known === name);
  if (field === undefined) {
    return null;
  }
  return withStreamer(
    field,
    literal === undefined ? variables?.[variable ?? ""] : unquote(literal),
  );
}

function withStreamer(field: SubscriptionField, streamer: unknown): SubscriptionQuery | null {
  return typeof streamer === "string" && streamer !== "" ? { field, streamer } : null;
}
