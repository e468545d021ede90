import { OpenAPIHono } from "@hono/zod-openapi";
import { z } from "zod";

import { RelayError } from "../../errors.ts";
import { readMasterKeys } from "../../lib/master-keys.ts";
import { hashSha256 } from "../../lib/secrecy.ts";
import { formatTime } from "../../lib/time.ts";
import {
  insertOverlayKey,
  listOverlayKeys,
  revokeOverlayKey,
  type OverlayKeyRecord,
} from "../../store/history/overlay-keys.ts";
import { getChannel, getChannelObject, findPrincipal } from "../access.ts";
import {
  makeKey,
  makeKeyAgain,
  makeRepeatableKey,
  makeUnshowable,
  makeTicket,
} from "../credentials.ts";
import type { AppEnv } from "../env.ts";
import { checkGrant, chooseEnd } from "../grants.ts";
import { getRequestName } from "../idempotency.ts";
import { readListPage } from "../lists.ts";
import { unwrapAnswer } from "../problems.ts";
import { tellRevocation } from "../revocations.ts";
import { describeJsonAnswer, describeJsonBody, route } from "../route.ts";
import { ChannelParams, listOf, ListQuery, NoQuery } from "../schemas/common.ts";
import {
  NewOverlayKey,
  NewToken,
  OverlayKey,
  ShownOverlayKey,
  Ticket,
  Token,
} from "../schemas/credentials.ts";
import { signToken } from "../tokens.ts";
import { onInvalid } from "../validation.ts";

const TAGS = ["Keys"];

/** CONTRACT 3. */
const TICKET_MS = 60_000;

/** Credentials that a browser may hold: tokens, overlay keys, tickets for one socket. */
export const browserCredentialRoutes = new OpenAPIHono<AppEnv>({ defaultHook: onInvalid });

browserCredentialRoutes.openapi(
  route(
    { scope: "keys:manage", on: "channel" },
    {
      method: "post",
      path: "/channels/{channel}/tokens",
      operationId: "createToken",
      tags: TAGS,
      summary: "Make a token",
      description:
        "A JWT for a browser, at most a day long. It can do no more than its maker, ends no later, and is revoked with the key that it was made with.",
      request: { params: ChannelParams, query: NoQuery, body: describeJsonBody(NewToken) },
      responses: { 201: describeJsonAnswer(Token, "The token") },
    },
  ),
  async (c) => {
    const channel = getChannel(c);
    const principal = await findPrincipal(c);
    const { scopes, ttlSeconds, subject, name } = c.req.valid("json");
    checkGrant(principal, scopes, [channel]);
    const end = chooseEnd(principal, (Math.floor(Date.now() / 1000) + ttlSeconds) * 1000);
    const expiresAt = Math.floor(end / 1000);
    const { id, number } = channel;
    const maker = principal.kind === "key" ? principal.credentialId : principal.maker;
    const spec = { channel: id, number, scopes, subject, name, maker, expiresAt };
    const token = await signToken(readMasterKeys(c.env), spec);
    return c.json({ token, expiresAt: formatTime(expiresAt * 1000) }, 201);
  },
);

browserCredentialRoutes.openapi(
  route(
    { scope: "events:read", on: "channel" },
    {
      method: "post",
      path: "/channels/{channel}/tickets",
      operationId: "createTicket",
      tags: TAGS,
      summary: "Make a ticket",
      description:
        "Opens one socket within a minute, with what its maker may then: sub-protocol `ticket.<x>` beside `tributary.v1`.",
      request: { params: ChannelParams, query: NoQuery },
      responses: { 201: describeJsonAnswer(Ticket, "The ticket") },
    },
  ),
  async (c) => {
    const channel = getChannel(c);
    const principal = await findPrincipal(c);
    const ticket = makeTicket();
    const expiresAt = chooseEnd(principal, Date.now() + TICKET_MS);
    const digest = await hashSha256(ticket);
    unwrapAnswer(await getChannelObject(c, channel).keepTicket(principal, digest, expiresAt));
    return c.json({ ticket, expiresAt: formatTime(expiresAt) }, 201);
  },
);

browserCredentialRoutes.openapi(
  route(
    { scope: "keys:manage", on: "channel" },
    {
      method: "post",
      path: "/channels/{channel}/overlay-keys",
      operationId: "createOverlayKey",
      tags: TAGS,
      summary: "Make an overlay key",
      description:
        "Reads this channel and nothing else; may stand in an address. Its maker may read the channel, and it ends no later.",
      request: { params: ChannelParams, query: NoQuery, body: describeJsonBody(NewOverlayKey) },
      responses: { 201: describeJsonAnswer(ShownOverlayKey, "The key, shown this once") },
    },
  ),
  async (c) => {
    const { number: channel, ...binding } = getChannel(c);
    const principal = await findPrincipal(c);
    checkGrant(principal, ["events:read"], [{ id: binding.id, number: channel }]);
    const request = getRequestName(c);
    const masters = readMasterKeys(c.env);
    const { id, key, digest } =
      request === null ? await makeKey("trbo") : await makeRepeatableKey(masters, "trbo");
    const { name, label } = c.req.valid("json");
    const createdAt = Date.now();
    const expiresAt = chooseEnd(principal, null);
    const unused = { revokedAt: null, lastUsedAt: null };
    const made = { id, channel, name, label, digest, createdAt, expiresAt, ...unused };
    const record = await insertOverlayKey(c.env.DB, made, request);
    // Another one was made by this very request before: it is the one that is shown.
    const shown = record.id === id ? key : await makeKeyAgain(masters, "trbo", record);
    if (shown === null) throw makeUnshowable();
    return c.json({ ...viewOverlayKey(record), key: shown }, 201);
  },
);

browserCredentialRoutes.openapi(
  route(
    { scope: "keys:manage", on: "channel" },
    {
      method: "get",
      path: "/channels/{channel}/overlay-keys",
      operationId: "listOverlayKeys",
      tags: TAGS,
      summary: "List overlay keys",
      request: { params: ChannelParams, query: ListQuery },
      responses: {
        200: describeJsonAnswer(listOf(OverlayKey, "OverlayKeys"), "A page of overlay keys"),
      },
    },
  ),
  async (c) => {
    const channel = getChannel(c);
    const db = c.env.DB.withSession();
    const find = (after: string, limit: number) =>
      listOverlayKeys(db, channel.number, { after, limit });
    const list = { name: "overlay-keys", key: ({ id }: OverlayKeyRecord) => id, find };
    const { data, next } = await readListPage(list, c.req.valid("query"));
    return c.json({ data: data.map(viewOverlayKey), next }, 200);
  },
);

browserCredentialRoutes.openapi(
  route(
    { scope: "keys:manage", on: "channel" },
    {
      method: "delete",
      path: "/channels/{channel}/overlay-keys/{id}",
      operationId: "revokeOverlayKey",
      refusals: ["key_not_found"],
      tags: TAGS,
      summary: "Revoke an overlay key",
      description: "Sockets that were opened with it are closed with 4001.",
      request: {
        params: ChannelParams.extend({ id: z.string().max(40) }),
        query: NoQuery,
      },
      responses: { 204: { description: "It is revoked" } },
    },
  ),
  async (c) => {
    const { id } = c.req.valid("param");
    const channel = getChannel(c);
    const isRevoked = await revokeOverlayKey(c.env.DB, channel, id, Date.now());
    if (!isRevoked) throw new RelayError("key_not_found", "There is no such overlay key.");
    await tellRevocation(c, { credential: `overlay:${id}`, channels: [channel.id] });
    return c.body(null, 204);
  },
);

function viewOverlayKey(key: OverlayKeyRecord) {
  const { id, name, label, createdAt, expiresAt, revokedAt, lastUsedAt } = key;
  return {
    id,
    name,
    label,
    createdAt: formatTime(createdAt),
    expiresAt: expiresAt === null ? null : formatTime(expiresAt),
    revokedAt: revokedAt === null ? null : formatTime(revokedAt),
    lastUsedAt: lastUsedAt === null ? null : formatTime(lastUsedAt),
  };
}
