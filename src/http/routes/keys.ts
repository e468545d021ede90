import { OpenAPIHono } from "@hono/zod-openapi";
import type { Context } from "hono";
import { z } from "zod";

import { RelayError } from "../../errors.ts";
import { isBoundTo, type Principal } from "../../event/principal.ts";
import { formatTime, parseTime } from "../../lib/time.ts";
import { listChannels } from "../../store/history/channels.ts";
import {
  findKey,
  insertKey,
  listKeys,
  revokeKey,
  type KeyRecord,
} from "../../store/history/keys.ts";
import { objectOf, principalOf } from "../access.ts";
import { makeKey, makeKeyAgain } from "../credentials.ts";
import type { AppEnv } from "../env.ts";
import { checkGrant } from "../grants.ts";
import { everyHub } from "../hubs.ts";
import { requestNameOf } from "../idempotency.ts";
import { jsonAnswer, jsonBody, route } from "../route.ts";
import { Key, listOf, ListQuery, NewKey, NoQuery, ShownKey } from "../schemas.ts";
import { onInvalid } from "../validation.ts";

const TAGS = ["Keys"];

/** API keys: made and shown once, listed, revoked. */
export const keyRoutes = new OpenAPIHono<AppEnv>({ defaultHook: onInvalid });

keyRoutes.openapi(
  route(
    { scope: "keys:manage", on: "relay" },
    {
      method: "post",
      path: "/keys",
      tags: TAGS,
      summary: "Make an API key",
      description: "It can do no more than the key that makes it.",
      request: { query: NoQuery, body: jsonBody(NewKey) },
      responses: { 201: jsonAnswer(ShownKey, "The key, shown this once") },
    },
  ),
  async (c) => {
    const principal = await principalOf(c);
    const { name, scopes, channels, expiresAt } = c.req.valid("json");
    checkGrant(principal, scopes, channels);
    const expires = expiresAt === null ? null : parseTime(expiresAt);
    if (expires !== null && expires <= Date.now()) {
      throw new RelayError("invalid_input", "expiresAt has passed.", {
        problems: [{ pointer: "/expiresAt", detail: "has passed" }],
      });
    }
    const request = requestNameOf(c);
    const master = c.env.TRIBUTARY_MASTER_KEY;
    const { id, key, digest } =
      request === null ? await makeKey("trb") : await makeKeyAgain(master, "trb");
    const wish: KeyRecord = {
      id,
      name,
      digest,
      scopes,
      channels,
      createdAt: Date.now(),
      expiresAt: expires,
      revokedAt: null,
    };
    const record = await insertKey(c.env.DB, wish, request);
    c.header("location", `/v1/keys/${record.id}`);
    // Another one was made by this very request before: it is the one that is shown.
    const shown = record.id === id ? key : (await makeKeyAgain(master, "trb", record.id)).key;
    return c.json({ ...view(record), key: shown }, 201);
  },
);

keyRoutes.openapi(
  route(
    { scope: "keys:manage", on: "relay" },
    {
      method: "get",
      path: "/keys",
      tags: TAGS,
      summary: "List API keys",
      request: { query: ListQuery },
      responses: { 200: jsonAnswer(listOf(Key, "Keys"), "A page of keys, without their secrets") },
    },
  ),
  async (c) => {
    const principal = await principalOf(c);
    const { cursor = "", limit } = c.req.valid("query");
    const found = await listKeys(c.env.DB.withSession(), { after: cursor, limit: limit + 1 });
    const page = found.slice(0, limit);
    const next = found.length > limit ? (page.at(-1)?.id ?? null) : null;
    return c.json({ data: page.filter((key) => mayManage(principal, key)).map(view), next }, 200);
  },
);

keyRoutes.openapi(
  route(
    { scope: "keys:manage", on: "relay" },
    {
      method: "delete",
      path: "/keys/{id}",
      tags: TAGS,
      summary: "Revoke an API key",
      description: "Sockets that were opened with it are closed with 4001.",
      request: { params: z.object({ id: z.string().max(40) }), query: NoQuery },
      responses: { 204: { description: "It is revoked" } },
    },
  ),
  async (c) => {
    const principal = await principalOf(c);
    const { id } = c.req.valid("param");
    const key = await findKey(c.env.DB.withSession("first-primary"), id);
    if (key === null || !mayManage(principal, key)) {
      throw new RelayError("key_not_found", "There is no such key.");
    }
    await revokeKey(c.env.DB, id, Date.now());
    c.executionCtx.waitUntil(dismissEverywhere(c, key));
    return c.body(null, 204);
  },
);

/** A key that is bound to channels manages the keys of those. */
function mayManage(principal: Principal, { channels }: KeyRecord): boolean {
  if (principal.channels === null) return true;
  return channels !== null && channels.every((channel) => isBoundTo(principal, channel));
}

async function dismissEverywhere(c: Context<AppEnv>, key: KeyRecord): Promise<void> {
  const id = `key:${key.id}`;
  const hubs = everyHub(c).map((hub) => hub.dismiss(id));
  await Promise.all([dismissOnChannels(c, key, id), ...hubs]);
}

async function dismissOnChannels(c: Context<AppEnv>, key: KeyRecord, id: string): Promise<void> {
  for await (const channel of channelsOf(c.env.DB, key)) await objectOf(c, channel).dismiss(id);
}

async function* channelsOf(db: D1Database, key: KeyRecord): AsyncGenerator<string, void> {
  if (key.channels !== null) return yield* key.channels;
  for (let after = ""; ;) {
    const page = await listChannels(db.withSession(), { after, limit: 100 });
    yield* page.map((channel) => channel.id);
    const last = page.at(-1);
    if (last === undefined) return;
    after = last.id;
  }
}

function view({ id, name, scopes, channels, createdAt, expiresAt, revokedAt }: KeyRecord) {
  return {
    id,
    name,
    scopes: [...scopes],
    channels: channels === null ? null : [...channels],
    createdAt: formatTime(createdAt),
    expiresAt: expiresAt === null ? null : formatTime(expiresAt),
    revokedAt: revokedAt === null ? null : formatTime(revokedAt),
  };
}
