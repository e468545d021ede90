import { decodeProtectedHeader, jwtVerify, SignJWT } from "jose";
import { z } from "zod";

import { TOKEN_ISSUER } from "../event/credential-form.ts";
import { Scope, type Principal } from "../event/principal.ts";
import { omitUndefined } from "../lib/given.ts";
import { deriveFor, findMasterKey, type MasterKeys } from "../lib/master-keys.ts";
import { computeKeyId } from "../lib/secrecy.ts";

/*
 * Tokens for browsers: JWTs of one channel, at most a day long, signed with a key derived from the
 * master key. Their `kid` is that key's id: those that were signed before it was changed hold as long
 * as the relay has the one before.
 */

/** How long a token is valid at most. */
export const TOKEN_MAX_SECONDS = 86_400;

const Claims = z.object({
  jti: z.string(),
  exp: z.number(),
  sub: z.string().optional(),
  name: z.string().optional(),
  channel: z.string(),
  /** The channel's number: a later channel with the same id is another. */
  number: z.number(),
  scopes: z.array(Scope),
  /** The key that it was made with, or that the token was that it was made with. */
  maker: z.string().optional(),
});

export interface TokenSpec {
  readonly channel: string;
  readonly number: number;
  readonly scopes: readonly Scope[];
  readonly subject?: string | undefined;
  readonly name?: string | undefined;
  readonly maker?: string | undefined;
  /** Seconds since 1970. */
  readonly expiresAt: number;
}

export async function signToken(keys: MasterKeys, spec: TokenSpec): Promise<string> {
  const { channel, number, scopes, subject, name, maker, expiresAt } = spec;
  const jwt = new SignJWT({ channel, number, scopes, ...omitUndefined({ name, maker }) })
    .setProtectedHeader({ alg: "HS256", typ: "JWT", kid: await computeKeyId(keys.current) })
    .setIssuer(TOKEN_ISSUER)
    .setAudience(channel)
    .setJti(crypto.randomUUID())
    .setIssuedAt()
    .setExpirationTime(expiresAt);
  if (subject !== undefined) jwt.setSubject(subject);
  return jwt.sign(await deriveFor(keys.current, "tokens"));
}

/** Whom a token speaks for, or null if it does not hold. */
export async function readToken(keys: MasterKeys, token: string): Promise<Principal | null> {
  try {
    const { kid = "" } = decodeProtectedHeader(token);
    const master = await findMasterKey(keys, kid);
    if (master === null) return null;
    const { payload } = await jwtVerify(token, await deriveFor(master, "tokens"), {
      issuer: TOKEN_ISSUER,
      algorithms: ["HS256"],
      requiredClaims: ["exp"],
    });
    const claims = Claims.parse(payload);
    return {
      kind: "token",
      credentialId: claims.jti,
      scopes: claims.scopes,
      channels: [{ id: claims.channel, number: claims.number }],
      ...(claims.maker !== undefined && { maker: claims.maker }),
      ...(claims.sub !== undefined && { subject: claims.sub }),
      ...(claims.name !== undefined && { name: claims.name }),
      expiresAt: claims.exp * 1000,
    };
  } catch {
    // The answer: it is no token of ours that holds.
    return null;
  }
}
