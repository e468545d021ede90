import { OpenAPIHono } from "@hono/zod-openapi";
import type { Context } from "hono";

import { identifyCredential, isBoundTo, type Principal } from "../../event/principal.ts";
import { formatTime } from "../../lib/time.ts";
import { findBound } from "../../store/history/channels.ts";
import { findKey } from "../../store/history/keys.ts";
import { findOverlayKey } from "../../store/history/overlay-keys.ts";
import { findPrincipal } from "../access.ts";
import type { AppEnv } from "../env.ts";
import { ANYBODY, describeJsonAnswer, route } from "../route.ts";
import { NoQuery } from "../schemas/common.ts";
import { Credential } from "../schemas/credentials.ts";
import { onInvalid } from "../validation.ts";

/** The credential of whoever asks, as a page has to know it. */
export const credentialRoutes = new OpenAPIHono<AppEnv>({ defaultHook: onInvalid });

credentialRoutes.openapi(
  route(ANYBODY, {
    method: "get",
    path: "/credential",
    operationId: "getCredential",
    tags: ["Keys"],
    summary: "Read what one's own credential may do",
    description:
      "Answers without one as well: the kind is `anonymous` then. One that does not hold is refused.",
    request: { query: NoQuery },
    responses: { 200: describeJsonAnswer(Credential, "The credential, without its secret") },
  }),
  async (c) => {
    const principal = await findPrincipal(c);
    const { kind, scopes, expiresAt = null } = principal;
    const channels = await listChannels(c, principal);
    return c.json(
      {
        kind,
        id: identifyCredential(principal),
        name: await findName(c, principal),
        scopes: [...scopes],
        channels,
        expiresAt: expiresAt === null ? null : formatTime(expiresAt),
      },
      200,
    );
  },
);

/** The channels that a credential is bound to, in the order of their ids; null for all. */
async function listChannels(c: Context<AppEnv>, principal: Principal): Promise<string[] | null> {
  const { channels } = principal;
  if (channels === null) return null;
  const there = await findBound(c.env.DB.withSession(), channels);
  const own = there.filter((channel) => isBoundTo(principal, channel));
  return own.map(({ id }) => id).toSorted();
}

/** The name that whoever made a credential has given it. */
async function findName(c: Context<AppEnv>, principal: Principal): Promise<string | null> {
  const { kind, name = null } = principal;
  const id = identifyCredential(principal) ?? "";
  const db = c.env.DB.withSession();
  if (kind === "key") return (await findKey(db, id))?.name ?? null;
  return kind === "overlay" ? ((await findOverlayKey(db, id))?.name ?? null) : name;
}
