import { z } from "zod";

import { ChannelId } from "../../../event/ids.ts";
import { decode, type Decoded } from "../../../lib/json.ts";
import { Field } from "../wire/fields.ts";
import { readDocument } from "./graphql.ts";
import { Request } from "./selection.ts";

/** The subscription that a `start` asks for. */
export const Wanted = z.object({ field: Field, channel: z.string() });
export type Wanted = z.infer<typeof Wanted>;

/** A GraphQL request, on the socket and over HTTP. */
export const GraphqlRequest = z.looseObject({
  query: z.string().nullish(),
  variables: z.record(z.string(), z.unknown()).nullish(),
  operationName: z.string().nullish(),
});
export type GraphqlRequest = z.infer<typeof GraphqlRequest>;

/**
 * Reads the payload of a `start`. What is selected does not matter: every event comes with every
 * field. A request without a text, for whom a hash stands in, is known by its operation's name.
 */
export function readStart(payload: unknown): Decoded<Wanted> {
  const decoded = decode(GraphqlRequest, payload);
  if (!decoded.ok) return decoded;
  const { query, variables, operationName } = decoded.value;
  if (query == null) {
    const isChest = /treasure/i.test(operationName ?? "");
    const field = isChest ? "treasureChestMessageReceived" : "streamMessageReceived";
    return of(field, variables?.["streamer"]);
  }
  const document = readDocument(query);
  if (!document.ok) return document;
  const request = new Request(document.value, operationName ?? null, variables ?? {});
  if (request.operation.kind !== "subscription") {
    return { ok: false, problem: "only subscriptions are taken on this socket" };
  }
  for (const { name, args } of request.calls()) {
    const field = Field.safeParse(name);
    if (field.success) return of(field.data, args["streamer"]);
  }
  return { ok: false, problem: "no such subscription" };
}

function of(field: Field, streamer: unknown): Decoded<Wanted> {
  const channel = ChannelId.safeParse(streamer);
  return channel.success
    ? { ok: true, value: { field, channel: channel.data } }
    : { ok: false, problem: "streamer not found" };
}
