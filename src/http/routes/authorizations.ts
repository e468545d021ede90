import { OpenAPIHono } from "@hono/zod-openapi";
import { z } from "zod";

import { omitUndefined } from "../../lib/given.ts";
import { findPrincipal, getChannel, getChannelObject } from "../access.ts";
import type { AppEnv } from "../env.ts";
import { getRequestName } from "../idempotency.ts";
import { listAll, readListPage } from "../lists.ts";
import { unwrapAnswer } from "../problems.ts";
import { describeJsonAnswer, describeJsonBody, describeMade, route } from "../route.ts";
import { Authorization, NewAuthorization } from "../schemas/authorization.ts";
import { ChannelParams, listOf, ListQuery, NoQuery } from "../schemas/common.ts";
import { onInvalid } from "../validation.ts";
import { CALLBACK_PATH } from "./consent.ts";

const TAGS = ["Providers"];
const PATH = "/channels/{channel}/providers/authorizations";
const AuthorizationParams = ChannelParams.extend({ id: z.string().max(40) });
const MANAGE = { scope: "channels:manage", on: "channel" } as const;

/** Log-ins with providers: begun here, consented to at the provider's, ended at the callback. */
export const authorizationRoutes = new OpenAPIHono<AppEnv>({ defaultHook: onInvalid });

authorizationRoutes.openapi(
  route(MANAGE, {
    method: "post",
    path: PATH,
    operationId: "createAuthorization",
    refusals: ["protocol_unknown", "provider_not_found", "unavailable"],
    tags: TAGS,
    summary: "Begin a log-in with a provider",
    description:
      "`kind` says how it goes on. Of a `code` the application at the provider must have the answer's `redirectUri` as its redirect address: this relay's `/oauth/callback`. Whoever opens `authorizeUrl` within ten minutes and consents there is sent back to the relay, which exchanges the code for credentials and links the provider with them. A code is taken once. Of a `device` somebody types `userCode` at `verificationUri` before `expiresAt`, and consents there; the relay asks the provider meanwhile, as often as that wants, and links what was named in `target`, or else the account's own channel. The log-in says how it ended; whoever began it must still be allowed to link providers by then. The 20 newest are kept, for a day.",
    request: { params: ChannelParams, query: NoQuery, body: describeJsonBody(NewAuthorization) },
    responses: { 201: describeMade(Authorization, "The log-in, with what is to be done") },
  }),
  async (c) => {
    const channel = getChannel(c);
    const { clientId, clientSecret, ...rest } = c.req.valid("json");
    const client = omitUndefined({ clientId, clientSecret });
    const redirectUri = new URL(CALLBACK_PATH, c.req.url).toString();
    const answer = await getChannelObject(c, channel).beginAuthorization(
      await findPrincipal(c),
      { ...omitUndefined(rest), client },
      redirectUri,
      getRequestName(c),
    );
    const made = unwrapAnswer(answer);
    c.header("location", `/v1/channels/${channel.id}/providers/authorizations/${made.id}`);
    return c.json(made, 201);
  },
);

authorizationRoutes.openapi(
  route(MANAGE, {
    method: "get",
    path: PATH,
    operationId: "listAuthorizations",
    tags: TAGS,
    summary: "List a channel's log-ins with providers",
    request: { params: ChannelParams, query: ListQuery },
    responses: {
      200: describeJsonAnswer(listOf(Authorization, "Authorizations"), "A page of log-ins"),
    },
  }),
  async (c) => {
    const object = getChannelObject(c, getChannel(c));
    const all = unwrapAnswer(await object.listAuthorizations(await findPrincipal(c)));
    const list = listAll("authorizations", all, ({ createdAt, id }) => `${createdAt} ${id}`);
    return c.json(await readListPage(list, c.req.valid("query")), 200);
  },
);

authorizationRoutes.openapi(
  route(MANAGE, {
    method: "get",
    path: `${PATH}/{id}`,
    operationId: "getAuthorization",
    refusals: ["authorization_not_found"],
    tags: TAGS,
    summary: "Read how a log-in stands",
    request: { params: AuthorizationParams, query: NoQuery },
    responses: { 200: describeJsonAnswer(Authorization, "The log-in") },
  }),
  async (c) => {
    const object = getChannelObject(c, getChannel(c));
    const { id } = c.req.valid("param");
    return c.json(unwrapAnswer(await object.findAuthorization(await findPrincipal(c), id)), 200);
  },
);

authorizationRoutes.openapi(
  route(MANAGE, {
    method: "delete",
    path: `${PATH}/{id}`,
    operationId: "deleteAuthorization",
    refusals: ["authorization_not_found"],
    tags: TAGS,
    summary: "Take a log-in away",
    description: "What still comes back of it comes to nothing. A provider that it linked stays.",
    request: { params: AuthorizationParams, query: NoQuery },
    responses: { 204: { description: "It is gone" } },
  }),
  async (c) => {
    const object = getChannelObject(c, getChannel(c));
    const { id } = c.req.valid("param");
    unwrapAnswer(await object.dropAuthorization(await findPrincipal(c), id));
    return c.body(null, 204);
  },
);
