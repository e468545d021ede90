import { OpenAPIHono } from "@hono/zod-openapi";
import type { Context } from "hono";
import { z } from "zod";

import { RelayError } from "../../errors.ts";
import { isForModerators } from "../../event/catalogue.ts";
import type { StreamEvent } from "../../event/event.ts";
import { mayModerate } from "../../event/principal.ts";
import { makeRemoval } from "../../event/removal.ts";
import { countBytes } from "../../lib/bytes.ts";
import type { ChannelRecord } from "../../store/history/channels.ts";
import { openHistory } from "../../store/history/databases.ts";
import type { LoggedEvent } from "../../store/logged-event.ts";
import { findPrincipal, getChannel, getChannelObject } from "../access.ts";
import type { AppEnv } from "../env.ts";
import { respondTagged } from "../event-answers.ts";
import { parsePositionParameter } from "../event-query.ts";
import { History } from "../history.ts";
import { unwrapAnswer } from "../problems.ts";
import { describeJsonAnswer, route } from "../route.ts";
import { ChannelParams, NoQuery } from "../schemas/common.ts";
import { Event } from "../schemas/event.ts";
import { onInvalid } from "../validation.ts";

const TAGS = ["Events"];

const Raw = z.unknown();

const EventParams = ChannelParams.extend({ id: z.string().max(64) });

/** One event of a channel: read, with the provider's words, erased. */
export const singleEventRoutes = new OpenAPIHono<AppEnv>({ defaultHook: onInvalid });

singleEventRoutes.openapi(
  route(
    { scope: "events:read", on: "channel" },
    {
      method: "get",
      path: "/channels/{channel}/events/{id}",
      operationId: "getEvent",
      isTagged: true,
      refusals: ["event_not_found"],
      tags: TAGS,
      summary: "Read one event",
      request: { params: EventParams, query: NoQuery },
      responses: { 200: describeJsonAnswer(Event, "The event") },
    },
  ),
  async (c) => {
    const { id } = c.req.valid("param");
    const { text, type } = await findEvent(c, getChannel(c), id);
    const { scopes } = await findPrincipal(c);
    if (isForModerators(type) && !mayModerate(scopes)) throw makeUnknown(id);
    return respondTagged(c, Event, text);
  },
);

singleEventRoutes.openapi(
  route(
    { scope: "channels:manage", on: "channel" },
    {
      method: "delete",
      path: "/channels/{channel}/events/{id}",
      operationId: "eraseEvent",
      refusals: ["event_not_found"],
      tags: TAGS,
      summary: "Erase what was said in one event",
      description:
        "It stays in its place as a tombstone, without words and without the provider's payload, for every reader and in what webhooks are still to be sent. That it happened, and with whom, stays: `DELETE /v1/users/{key}` forgets a person. The relay tells of it with `chat.message.deleted`. Erased already, nothing more is done.",
      request: { params: EventParams, query: NoQuery },
      responses: { 204: { description: "It is erased" } },
    },
  ),
  async (c) => {
    const channel = getChannel(c);
    const { text, raw } = await findEvent(c, channel, c.req.valid("param").id);
    // It was written down as an event.
    const removal = makeRemoval(JSON.parse(text) as StreamEvent, raw);
    if (removal !== null) {
      const bytes = countBytes(JSON.stringify(removal));
      const principal = await findPrincipal(c);
      const object = getChannelObject(c, channel);
      unwrapAnswer(await object.post(principal, [removal], bytes, "relay", null));
    }
    return c.body(null, 204);
  },
);

singleEventRoutes.openapi(
  route(
    { scope: "channels:manage", on: "channel" },
    {
      method: "get",
      path: "/channels/{channel}/events/{id}/raw",
      operationId: "getRawEvent",
      isTagged: true,
      refusals: ["event_not_found", "raw_not_found", "event_erased"],
      tags: TAGS,
      summary: "Read what the provider said",
      description: "Its exact words, without secrets and e-mail addresses.",
      request: { params: EventParams, query: NoQuery },
      responses: { 200: describeJsonAnswer(Raw, "The provider's payload") },
    },
  ),
  async (c) => {
    const { text, raw } = await findEvent(c, getChannel(c), c.req.valid("param").id);
    if (raw !== null) return respondTagged(c, Raw, raw);
    const event: unknown = JSON.parse(text);
    const { data } = z.looseObject({ data: z.looseObject({}) }).parse(event);
    const message = z.looseObject({ deleted: z.literal(true) }).safeParse(data["message"]);
    throw message.success
      ? new RelayError("event_erased", "What was said in this event was deleted.")
      : new RelayError("raw_not_found", "This event has no provider's payload.");
  },
);

async function findEvent(
  c: Context<AppEnv>,
  channel: ChannelRecord,
  id: string,
): Promise<LoggedEvent> {
  const position = parsePositionParameter(id, "id");
  const db = openHistory(c.env, channel);
  const history = new History(db, getChannelObject(c, channel), channel);
  const event = position?.epoch === channel.epoch ? await history.event(position.seq) : null;
  if (event !== null) return event;
  throw makeUnknown(id);
}

function makeUnknown(id: string): RelayError {
  return new RelayError("event_not_found", `There is no event ${id} in this channel.`);
}
