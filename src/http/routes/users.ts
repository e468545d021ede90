import { OpenAPIHono } from "@hono/zod-openapi";
import type { Context } from "hono";

import { RelayError } from "../../errors.ts";
import { hashSha256 } from "../../lib/secrecy.ts";
import { formatTime } from "../../lib/time.ts";
import {
  askErasure,
  findErasureOf,
  type PersonErasure,
} from "../../store/history/person-erasures.ts";
import { findPrincipal } from "../access.ts";
import type { AppEnv } from "../env.ts";
import { beginPersonErasure } from "../person-erasures.ts";
import { describeJsonAnswer, describeMade, route } from "../route.ts";
import { NoQuery } from "../schemas/common.ts";
import { UserErasure, UserParams } from "../schemas/users.ts";
import { onInvalid } from "../validation.ts";

const TAGS = ["Users"];

/** Somebody on all channels: forgotten, and how far that is. */
export const userRoutes = new OpenAPIHono<AppEnv>({ defaultHook: onInvalid });

userRoutes.openapi(
  route(
    { scope: "channels:manage", on: "every channel" },
    {
      method: "delete",
      path: "/users/{key}",
      operationId: "forgetUser",
      tags: TAGS,
      summary: "Forget somebody on every channel",
      description:
        "Takes away what they said, their names and their ids: in journals, in history with the providers' own payloads, and in what waits for webhooks. It is written down and goes on by itself until it is done; `GET` tells how far it is. What arrives after it was asked for is not erased. For a credential that is bound to no channel.",
      request: { params: UserParams, query: NoQuery },
      responses: { 202: describeMade(UserErasure, "It is written down, and has begun") },
    },
  ),
  async (c) => {
    const { credentialId } = await findPrincipal(c);
    const { key: person } = c.req.valid("param");
    const digest = await hashSha256(person);
    const askedAt = Date.now();
    await askErasure(c.env.DB, { digest, person, askedBy: credentialId, askedAt });
    const erasure = await find(c, digest);
    c.executionCtx.waitUntil(beginPersonErasure(c.env, { ...erasure, person }, askedAt));
    c.header("location", `/v1/users/${encodeURIComponent(person)}`);
    return c.json(view(erasure), 202);
  },
);

userRoutes.openapi(
  route(
    { scope: "channels:manage", on: "every channel" },
    {
      method: "get",
      path: "/users/{key}",
      operationId: "getUserErasure",
      refusals: ["erasure_not_found"],
      tags: TAGS,
      summary: "How far somebody is forgotten",
      description:
        "Of one that is done the relay keeps a digest of the key, when it was and which credential asked. For a credential that is bound to no channel.",
      request: { params: UserParams, query: NoQuery },
      responses: { 200: describeJsonAnswer(UserErasure, "How far it is") },
    },
  ),
  async (c) => {
    const erasure = await find(c, await hashSha256(c.req.valid("param").key));
    c.header("cache-control", "no-store");
    return c.json(view(erasure), 200);
  },
);

async function find(c: Context<AppEnv>, digest: string): Promise<PersonErasure> {
  const found = await findErasureOf(c.env.DB.withSession("first-primary"), digest);
  if (found !== null) return found;
  throw new RelayError("erasure_not_found", "Nobody has asked for this person to be forgotten.");
}

function view({ askedAt, doneAt, told, left, reached }: PersonErasure) {
  const state: "running" | "done" = doneAt === null ? "running" : "done";
  return {
    state,
    askedAt: formatTime(askedAt),
    doneAt: doneAt === null ? null : formatTime(doneAt),
    channels: { told, left, all: reached === null },
  };
}
