import { OpenAPIHono } from "@hono/zod-openapi";
import { z } from "zod";

import { RelayError } from "../../errors.ts";
import { SEEING } from "../../event/principal.ts";
import { omitUndefined } from "../../lib/given.ts";
import { getChannel, getChannelObject, findPrincipal } from "../access.ts";
import type { AppEnv } from "../env.ts";
import { getRequestName } from "../idempotency.ts";
import { listAll, readListPage } from "../lists.ts";
import { checkPrecondition, formatTag, hasCurrent } from "../preconditions.ts";
import { unwrapAnswer } from "../problems.ts";
import {
  describeJsonAnswer,
  describeJsonBody,
  describeMade,
  respondJsonText,
  route,
} from "../route.ts";
import { ChannelParams, listOf, ListQuery, NoQuery } from "../schemas/common.ts";
import { Connection, NewProvider, Provider, ProviderPatch } from "../schemas/provider.ts";
import { onInvalid } from "../validation.ts";

const TAGS = ["Providers"];
const ProviderParams = ChannelParams.extend({ id: z.string().max(40) });

/** The providers a channel is linked to, and the connections they tell of. */
export const providerRoutes = new OpenAPIHono<AppEnv>({ defaultHook: onInvalid });

providerRoutes.openapi(
  route(
    { scope: "channels:manage", on: "channel" },
    {
      method: "post",
      path: "/channels/{channel}/providers",
      operationId: "createProvider",
      isTagged: true,
      refusals: ["protocol_unknown", "connection_claimed", "conflict"],
      tags: TAGS,
      summary: "Link a provider",
      request: { params: ChannelParams, query: NoQuery, body: describeJsonBody(NewProvider) },
      responses: { 201: describeMade(Provider, "The provider, without its credentials") },
    },
  ),
  async (c) => {
    const channel = getChannel(c);
    const answer = await getChannelObject(c, channel).addProvider(
      await findPrincipal(c),
      omitUndefined(c.req.valid("json")),
      getRequestName(c),
    );
    const { updatedAt, ...provider } = unwrapAnswer(answer);
    c.header("location", `/v1/channels/${channel.id}/providers/${provider.id}`);
    c.header("etag", formatTag(updatedAt));
    return c.json(provider, 201);
  },
);

providerRoutes.openapi(
  route(
    { scope: "channels:manage", on: "channel" },
    {
      method: "get",
      path: "/channels/{channel}/providers",
      operationId: "listProviders",
      tags: TAGS,
      summary: "List a channel's providers",
      request: { params: ChannelParams, query: ListQuery },
      responses: { 200: describeJsonAnswer(listOf(Provider, "Providers"), "A page of providers") },
    },
  ),
  async (c) => {
    const channel = getChannel(c);
    const all = await getChannelObject(c, channel).listProviders();
    const list = listAll("providers", all, ({ createdAt, id }) => `${createdAt} ${id}`);
    const { data, next } = await readListPage(list, c.req.valid("query"));
    const shown = data.map(({ updatedAt: _updatedAt, ...provider }) => provider);
    return c.json({ data: shown, next }, 200);
  },
);

providerRoutes.openapi(
  route(
    { scope: "channels:manage", on: "channel" },
    {
      method: "get",
      path: "/channels/{channel}/providers/{id}",
      operationId: "getProvider",
      isTagged: true,
      refusals: ["provider_not_found"],
      tags: TAGS,
      summary: "Read a provider",
      request: { params: ProviderParams, query: NoQuery },
      responses: { 200: describeJsonAnswer(Provider, "The provider, without its credentials") },
    },
  ),
  async (c) => {
    const { id } = c.req.valid("param");
    const channel = getChannel(c);
    const { updatedAt, ...provider } = requireProvider(
      await getChannelObject(c, channel).findProvider(id),
    );
    if (hasCurrent(c, formatTag(updatedAt))) return respondJsonText(c, Provider, null);
    return c.json(provider, 200);
  },
);

providerRoutes.openapi(
  route(
    { scope: "channels:manage", on: "channel" },
    {
      method: "patch",
      path: "/channels/{channel}/providers/{id}",
      operationId: "updateProvider",
      isTagged: true,
      refusals: ["provider_not_found", "connection_claimed", "conflict"],
      tags: TAGS,
      summary: "Change a provider",
      description:
        "JSON Merge Patch. A new target, address or credential is dialled at once. An address with another host needs `credentials` in the same request: those that are kept go nowhere but where they were given for.",
      request: { params: ProviderParams, query: NoQuery, body: describeJsonBody(ProviderPatch) },
      responses: { 200: describeJsonAnswer(Provider, "The provider as it is now") },
    },
  ),
  async (c) => {
    const { id } = c.req.valid("param");
    const channel = getChannel(c);
    const object = getChannelObject(c, channel);
    let expectedAt: number | null = null;
    if (c.req.header("if-match") !== undefined) {
      expectedAt = requireProvider(await object.findProvider(id)).updatedAt;
      checkPrecondition(c, expectedAt);
    }
    const answer = await object.changeProvider(
      await findPrincipal(c),
      id,
      omitUndefined(c.req.valid("json")),
      expectedAt,
    );
    const { updatedAt, ...provider } = unwrapAnswer(answer);
    c.header("etag", formatTag(updatedAt));
    return c.json(provider, 200);
  },
);

providerRoutes.openapi(
  route(
    { scope: "channels:manage", on: "channel" },
    {
      method: "delete",
      path: "/channels/{channel}/providers/{id}",
      operationId: "deleteProvider",
      isTagged: true,
      refusals: ["provider_not_found"],
      tags: TAGS,
      summary: "Unlink a provider",
      request: { params: ProviderParams, query: NoQuery },
      responses: { 204: { description: "It is unlinked" } },
    },
  ),
  async (c) => {
    const { id } = c.req.valid("param");
    const channel = getChannel(c);
    const object = getChannelObject(c, channel);
    if (c.req.header("if-match") !== undefined) {
      checkPrecondition(c, requireProvider(await object.findProvider(id)).updatedAt);
    }
    unwrapAnswer(await object.removeProvider(await findPrincipal(c), id));
    return c.body(null, 204);
  },
);

providerRoutes.openapi(
  route(
    { scope: "channels:manage", on: "channel" },
    {
      method: "post",
      path: "/channels/{channel}/providers/{id}/reconnect",
      operationId: "reconnectProvider",
      refusals: ["provider_not_found", "connection_claimed", "conflict"],
      tags: TAGS,
      summary: "Dial a provider anew",
      description: "At once, whatever it waits for or was stopped by.",
      request: { params: ProviderParams, query: NoQuery },
      responses: { 202: describeJsonAnswer(Provider, "It is being dialled") },
    },
  ),
  async (c) => {
    const { id } = c.req.valid("param");
    const channel = getChannel(c);
    const principal = await findPrincipal(c);
    const object = getChannelObject(c, channel);
    const answer = await object.reconnectProvider(principal, id, getRequestName(c));
    const { updatedAt: _updatedAt, ...provider } = unwrapAnswer(answer);
    return c.json(provider, 202);
  },
);

providerRoutes.openapi(
  route(
    { scope: SEEING, on: "channel" },
    {
      method: "get",
      path: "/channels/{channel}/connections",
      operationId: "listConnections",
      tags: TAGS,
      summary: "Read the connection map",
      request: { params: ChannelParams, query: ListQuery },
      responses: {
        200: describeJsonAnswer(listOf(Connection, "Connections"), "A page of connections"),
      },
    },
  ),
  async (c) => {
    const channel = getChannel(c);
    const all = await getChannelObject(c, channel).connections();
    const list = listAll("connections", all, ({ identifier }) => identifier);
    return c.json(await readListPage(list, c.req.valid("query")), 200);
  },
);

function requireProvider<T>(provider: T | null): T {
  if (provider !== null) return provider;
  throw new RelayError("provider_not_found", "This channel has no such provider.");
}
