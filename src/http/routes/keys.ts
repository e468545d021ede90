import { OpenAPIHono } from "@hono/zod-openapi";
import type { Context } from "hono";
import { z } from "zod";

import { RelayError } from "../../errors.ts";
import { isBoundTo, type Binding, type Principal } from "../../event/principal.ts";
import { readMasterKeys } from "../../lib/master-keys.ts";
import { formatTime, parseTime } from "../../lib/time.ts";
import { findNamed } from "../../store/history/channels.ts";
import {
  findKey,
  insertKey,
  listKeys,
  revokeKey,
  type KeyRecord,
  type NewKeyRecord,
} from "../../store/history/keys.ts";
import { findPrincipal } from "../access.ts";
import { makeKey, makeKeyAgain, makeRepeatableKey, makeUnshowable } from "../credentials.ts";
import type { AppEnv } from "../env.ts";
import { checkGrant, chooseEnd } from "../grants.ts";
import { getRequestName } from "../idempotency.ts";
import { readListPage } from "../lists.ts";
import { tellRevocation } from "../revocations.ts";
import { describeJsonAnswer, describeJsonBody, describeMade, route } from "../route.ts";
import { listOf, ListQuery, NoQuery } from "../schemas/common.ts";
import { Key, NewKey, ShownKey } from "../schemas/credentials.ts";
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
      operationId: "createKey",
      tags: TAGS,
      summary: "Make an API key",
      description:
        "It can do no more than the key that makes it, and ends no later. Bound to channels, it is bound to these very ones: it does not reach a later channel of the same id.",
      request: { query: NoQuery, body: describeJsonBody(NewKey) },
      responses: { 201: describeMade(ShownKey, "The key, shown this once") },
    },
  ),
  async (c) => {
    const principal = await findPrincipal(c);
    const { name, scopes, channels: named, expiresAt } = c.req.valid("json");
    const channels = await findBindings(c, principal, named);
    checkGrant(principal, scopes, channels);
    const expires = expiresAt === null ? null : parseTime(expiresAt);
    if (expires !== null && expires <= Date.now()) {
      throw new RelayError("invalid_input", "expiresAt has passed.", {
        problems: [{ pointer: "/expiresAt", detail: "has passed" }],
      });
    }
    const request = getRequestName(c);
    const masters = readMasterKeys(c.env);
    const { id, key, digest, folded } =
      request === null ? await makeKey("trb") : await makeRepeatableKey(masters, "trb");
    const made: NewKeyRecord = {
      id,
      name,
      digest,
      folded,
      scopes,
      channels,
      createdAt: Date.now(),
      expiresAt: chooseEnd(principal, expires),
      revokedAt: null,
    };
    const record = await insertKey(c.env.DB, made, request);
    c.header("location", `/v1/keys/${record.id}`);
    // Another one was made by this very request before: it is the one that is shown.
    const shown = record.id === id ? key : await makeKeyAgain(masters, "trb", record);
    if (shown === null) throw makeUnshowable();
    return c.json({ ...viewKey(record), key: shown }, 201);
  },
);

keyRoutes.openapi(
  route(
    { scope: "keys:manage", on: "relay" },
    {
      method: "get",
      path: "/keys",
      operationId: "listKeys",
      tags: TAGS,
      summary: "List API keys",
      request: { query: ListQuery },
      responses: {
        200: describeJsonAnswer(listOf(Key, "Keys"), "A page of keys, without their secrets"),
      },
    },
  ),
  async (c) => {
    const principal = await findPrincipal(c);
    const within = principal.channels?.map(({ number }) => number) ?? null;
    const db = c.env.DB.withSession();
    const find = (after: string, limit: number) => listKeys(db, { after, limit, within });
    const list = { name: "keys", key: ({ id }: KeyRecord) => id, find };
    const { data, next } = await readListPage(list, c.req.valid("query"));
    return c.json({ data: data.map(viewKey), next }, 200);
  },
);

keyRoutes.openapi(
  route(
    { scope: "keys:manage", on: "relay" },
    {
      method: "delete",
      path: "/keys/{id}",
      operationId: "revokeKey",
      refusals: ["key_not_found"],
      tags: TAGS,
      summary: "Revoke an API key",
      description:
        "Tokens that were made with it end too. Sockets that were opened with it or with those are closed with 4001.",
      request: { params: z.object({ id: z.string().max(40) }), query: NoQuery },
      responses: { 204: { description: "It is revoked" } },
    },
  ),
  async (c) => {
    const principal = await findPrincipal(c);
    const { id } = c.req.valid("param");
    const key = await findKey(c.env.DB.withSession("first-primary"), id);
    if (key === null || !mayManage(principal, key)) {
      throw new RelayError("key_not_found", "There is no such key.");
    }
    await revokeKey(c.env.DB, key, Date.now());
    const channels = key.channels?.map((channel) => channel.id) ?? null;
    await tellRevocation(c, { credential: `key:${id}`, channels });
    return c.body(null, 204);
  },
);

/** A key that is bound to channels manages the keys of those. */
function mayManage(principal: Principal, { channels }: KeyRecord): boolean {
  if (principal.channels === null) return true;
  return channels?.every((channel) => isBoundTo(principal, channel)) ?? false;
}

/** The channels that a key is to be bound to, as they are now: it is bound to these very ones. */
async function findBindings(
  c: Context<AppEnv>,
  { channels: own }: Principal,
  named: readonly string[] | null,
): Promise<Binding[] | null> {
  if (named === null) return null;
  // Whoever is bound himself learns nothing of whether there are others.
  const known: readonly Binding[] = own ?? (await findNamed(c.env.DB.withSession(), named));
  return [...new Set(named)].map((id) => {
    const found = known.find((each) => each.id === id);
    if (found !== undefined) return { id, number: found.number };
    if (own !== null) throw new RelayError("forbidden", "This key is bound to other channels.");
    throw new RelayError("invalid_input", `There is no channel ${id}.`, {
      problems: [{ pointer: `/channels/${named.indexOf(id)}`, detail: "is no channel" }],
    });
  });
}

function viewKey({ id, name, scopes, channels, createdAt, expiresAt, revokedAt }: KeyRecord) {
  return {
    id,
    name,
    scopes: [...scopes],
    channels: channels?.map((channel) => channel.id) ?? null,
    createdAt: formatTime(createdAt),
    expiresAt: expiresAt === null ? null : formatTime(expiresAt),
    revokedAt: revokedAt === null ? null : formatTime(revokedAt),
  };
}
