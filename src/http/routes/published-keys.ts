import { Hono } from "hono";

import { listPublishedKeys } from "../../store/history/webhook-keys.ts";
import type { AppEnv } from "../env.ts";
import { negotiate } from "../negotiation.ts";

// A receiver that fetches the keys once in five minutes sees a new one before it is missed: the old
// one signs as well during a rotation.
const CACHE = "public, max-age=300";
const KEYS_MAX = 5_000;

/** All public keys that webhooks are signed with, as a JSON Web Key set (RFC 7517, RFC 8037). */
export const publishedKeyRoutes = new Hono<AppEnv>().get("/.well-known/jwks.json", async (c) => {
  const known = await listPublishedKeys(c.env.DB.withSession(), Date.now(), KEYS_MAX);
  const keys = known.map(({ id, x }) => ({
    kty: "OKP",
    crv: "Ed25519",
    x,
    kid: id,
    alg: "EdDSA",
    use: "sig",
  }));
  const form = negotiate(c, ["application/jwk-set+json", "application/json"]);
  c.header("cache-control", CACHE);
  c.header("vary", "Accept");
  return c.body(JSON.stringify({ keys }), 200, { "content-type": form });
});
