import { OpenAPIHono } from "@hono/zod-openapi";
import type { Context } from "hono";

import { RelayError } from "../../errors.ts";
import { SEEING } from "../../event/principal.ts";
import { encodeBase36 } from "../../lib/base62.ts";
import { omitUndefined } from "../../lib/given.ts";
import { formatTime } from "../../lib/time.ts";
import { report } from "../../report.ts";
import {
  deleteChannel,
  findBound,
  insertChannel,
  listChannels,
  updateChannel,
  type ChannelRecord,
} from "../../store/history/channels.ts";
import { getChannel, getChannelObject, findPrincipal, requireChannel } from "../access.ts";
import { endEarlier, tellObject } from "../channel-objects.ts";
import type { AppEnv } from "../env.ts";
import { chooseHistory } from "../history-databases.ts";
import { getRequestName } from "../idempotency.ts";
import { listAll, readListPage } from "../lists.ts";
import { checkPrecondition, formatTag, hasCurrent } from "../preconditions.ts";
import {
  describeJsonAnswer,
  describeJsonBody,
  describeMade,
  respondJsonText,
  route,
} from "../route.ts";
import { Channel, ChannelPatch, NewChannel } from "../schemas/channel.ts";
import { ChannelParams, listOf, ListQuery, NoQuery } from "../schemas/common.ts";
import { onInvalid } from "../validation.ts";

const TAGS = ["Channels"];
const LIST = "channels";

/** Channels: made, listed, read, changed and taken away. */
export const channelRoutes = new OpenAPIHono<AppEnv>({ defaultHook: onInvalid });

channelRoutes.openapi(
  route(
    { scope: "channels:manage", on: "relay" },
    {
      method: "post",
      path: "/channels",
      operationId: "createChannel",
      refusals: ["channel_exists"],
      tags: TAGS,
      summary: "Make a channel",
      description: "A key that is bound to channels cannot.",
      request: { query: NoQuery, body: describeJsonBody(NewChannel) },
      responses: { 201: describeMade(Channel, "The channel") },
    },
  ),
  async (c) => {
    const principal = await findPrincipal(c);
    const input = c.req.valid("json");
    if (principal.channels !== null) {
      throw new RelayError("forbidden", "This key is bound to channels that are there.");
    }
    checkJurisdiction(c.env.CHANNEL, input.jurisdiction);
    // Nothing of an earlier channel of this name is left when the new one begins.
    await endEarlier(c.env, input.id);
    const now = Date.now();
    const record = {
      ...input,
      name: input.name ?? input.id,
      epoch: encodeBase36(crypto.getRandomValues(new Uint8Array(40)), 10),
      historyDatabase: await chooseHistory(c.env, Math.random()),
      createdAt: now,
      updatedAt: now,
    };
    const channel = await insertChannel(c.env.DB, record, getRequestName(c));
    if (channel === null) {
      throw new RelayError("channel_exists", `There is a channel ${input.id} already.`);
    }
    // It is made: an object that cannot be told now is told by the minute.
    await tellObject(c.env, channel).catch((error: unknown) => {
      report("channel could not be told", error, { channel: channel.id });
    });
    c.header("location", `/v1/channels/${channel.id}`);
    c.header("etag", formatTag(channel.updatedAt));
    return c.json(viewChannel(channel), 201);
  },
);

channelRoutes.openapi(
  route(
    { scope: SEEING, on: "relay" },
    {
      method: "get",
      path: "/channels",
      operationId: "listChannels",
      tags: TAGS,
      summary: "List channels",
      description: "A key that is bound to channels sees those.",
      request: { query: ListQuery },
      responses: { 200: describeJsonAnswer(listOf(Channel, "Channels"), "A page of channels") },
    },
  ),
  async (c) => {
    const principal = await findPrincipal(c);
    const db = c.env.DB.withSession();
    const { channels } = principal;
    const key = ({ id }: ChannelRecord): string => id;
    const list =
      channels === null
        ? {
            name: LIST,
            key,
            find: (after: string, limit: number) => listChannels(db, { after, limit }),
          }
        : listAll(LIST, await findBound(db, channels), key);
    const { data, next } = await readListPage(list, c.req.valid("query"));
    return c.json({ data: data.map(viewChannel), next }, 200);
  },
);

channelRoutes.openapi(
  route(
    { scope: SEEING, on: "channel" },
    {
      method: "get",
      path: "/channels/{channel}",
      operationId: "getChannel",
      isTagged: true,
      tags: TAGS,
      summary: "Read a channel",
      request: { params: ChannelParams, query: NoQuery },
      responses: { 200: describeJsonAnswer(Channel, "The channel") },
    },
  ),
  async (c) => {
    const channel = getChannel(c);
    if (hasCurrent(c, formatTag(channel.updatedAt))) return respondJsonText(c, Channel, null);
    return c.json(viewChannel(channel), 200);
  },
);

channelRoutes.openapi(
  route(
    { scope: "channels:manage", on: "channel" },
    {
      method: "patch",
      path: "/channels/{channel}",
      operationId: "updateChannel",
      isTagged: true,
      refusals: ["conflict"],
      tags: TAGS,
      summary: "Change a channel",
      description: "JSON Merge Patch. With If-Match, only if it is as it was then.",
      request: { params: ChannelParams, query: NoQuery, body: describeJsonBody(ChannelPatch) },
      responses: { 200: describeJsonAnswer(Channel, "The channel as it is now") },
    },
  ),
  async (c) => {
    const channel = getChannel(c);
    checkPrecondition(c, channel.updatedAt);
    const patch = c.req.valid("json");
    const updatedAt = Math.max(Date.now(), channel.updatedAt + 1);
    const record = { ...channel, ...omitUndefined(patch), updatedAt };
    const changed = await updateChannel(c.env.DB, record, channel.updatedAt);
    if (changed === null) {
      throw new RelayError("conflict", "The channel was changed by somebody else. Read it again.");
    }
    await tellObject(c.env, changed);
    c.header("etag", formatTag(changed.updatedAt));
    return c.json(viewChannel(changed), 200);
  },
);

channelRoutes.openapi(
  route(
    { scope: "channels:manage", on: "relay" },
    {
      method: "delete",
      path: "/channels/{channel}",
      operationId: "deleteChannel",
      isTagged: true,
      refusals: ["channel_not_found"],
      tags: TAGS,
      summary: "Take a channel away",
      description:
        "With its events, providers, webhooks and overlay keys; keys that are bound to it reach no later channel of its id. Sockets are closed with 4004. Asked again, it goes on where it was cut off.",
      request: { params: ChannelParams, query: NoQuery },
      responses: { 204: { description: "It is gone" } },
    },
  ),
  async (c) => {
    const { channel: named } = c.req.valid("param");
    const channel = await findChannelToEnd(c, named);
    const id = channel?.id ?? named;
    if (channel !== null) {
      checkPrecondition(c, channel.updatedAt);
      await deleteChannel(c.env.DB, channel.number, Date.now());
    }
    const ended = await endEarlier(c.env, id);
    if (channel === null && ended === 0) {
      // Should its object have outlived it all the same, it ends now.
      await getChannelObject(c, { id, jurisdiction: null, locationHint: null }).refresh();
      throw new RelayError("channel_not_found", `There is no channel ${id}.`);
    }
    return c.body(null, 204);
  },
);

/** Refuses a jurisdiction that the runtime does not know: before anything is made in it. */
function checkJurisdiction(
  channels: Env["CHANNEL"],
  jurisdiction: ChannelRecord["jurisdiction"],
): void {
  if (jurisdiction === null) return;
  try {
    channels.jurisdiction(jurisdiction);
  } catch (cause) {
    const detail = `This relay runs where there is no jurisdiction ${jurisdiction}: only Cloudflare has them.`;
    report("jurisdiction not known", cause, { jurisdiction });
    throw new RelayError("invalid_input", detail, {
      problems: [{ pointer: "/jurisdiction", detail }],
    });
  }
}

/** The channel that is to go; null where the database has let go of it already. */
async function findChannelToEnd(c: Context<AppEnv>, id: string): Promise<ChannelRecord | null> {
  try {
    return await requireChannel(c, id, ["channels:manage"]);
  } catch (error) {
    // Only who might end it learns that it is not there.
    if (error instanceof RelayError && error.code === "channel_not_found") return null;
    throw error;
  }
}

function viewChannel(channel: ChannelRecord) {
  const { historyDatabase: _, updatedAt: __, createdAt, ...shown } = channel;
  return { ...shown, createdAt: formatTime(createdAt) };
}
