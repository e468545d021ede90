import { env } from "cloudflare:workers";
import { SignJWT } from "jose";

import { Scope } from "../../src/event/principal.ts";
import { signToken } from "../../src/http/tokens.ts";
import { readMasterKeys } from "../../src/lib/master-keys.ts";
import { ADMIN, call, makeChannel } from "./api.ts";

/*
 * Every kind of credential in every state, and what each allows by the contract's words alone: this
 * is what the relay's own answer is held against, and knows nothing of how that comes about.
 */

export const KINDS = {
  admin: Scope.options,
  "unbound key": Scope.options,
  "bound key": Scope.options,
  token: Scope.options,
  "overlay key": ["events:read"],
  "extension token": ["interact:write"],
  nobody: [],
} as const satisfies Record<string, readonly Scope[]>;
export type Kind = keyof typeof KINDS;

export const STATES = [
  "bound here",
  "bound elsewhere",
  "of an earlier channel of that name",
  "expired",
  "revoked a moment ago",
] as const;
export type State = (typeof STATES)[number];

/** Whether the channel is open to everybody, or was until a moment ago. */
export const DOORS = ["public", "made private a moment ago"] as const;
export type Door = (typeof DOORS)[number];

/** A credential in its state, and the channel that it is tried on. */
export interface Cell {
  readonly kind: Kind;
  readonly state: State;
  readonly door: Door;
  readonly channel: string;
  readonly number: number;
  readonly credential: string | null;
}

/** A credential, and how it is taken back; null for one that cannot be. */
export interface Made {
  readonly credential: string | null;
  readonly revoke: (() => Promise<unknown>) | null;
  readonly expire: (() => Promise<unknown>) | null;
}

interface ShownKey {
  readonly id: string;
  readonly key: string;
}

const TTL = 600;

async function numberOf(channel: string): Promise<number> {
  return (await call<{ number: number }>("GET", `/channels/${channel}`)).body.number;
}

/** Makes a key as the admin. */
export async function keyFor(
  channels: readonly string[] | null,
  scopes: readonly string[] = Scope.options,
): Promise<ShownKey> {
  const { status, body } = await call<ShownKey>("POST", "/keys", { name: "k", scopes, channels });
  if (status !== 201) throw new Error(`no key: ${JSON.stringify(body)}`);
  return body;
}

/** Makes a credential of a kind that is good for a channel. */
export async function makeCredential(kind: Kind, channel: string): Promise<Made> {
  switch (kind) {
    case "admin":
      return { credential: ADMIN, revoke: null, expire: null };
    case "nobody":
      return { credential: null, revoke: null, expire: null };
    case "unbound key":
    case "bound key": {
      const { id, key } = await keyFor(kind === "bound key" ? [channel] : null);
      return {
        credential: key,
        revoke: () => call("DELETE", `/keys/${id}`),
        expire: () =>
          env.DB.prepare("UPDATE api_keys SET expires_at = 1 WHERE id = ?").bind(id).run(),
      };
    }
    case "token": {
      const { id, key } = await keyFor([channel]);
      const { body } = await call<{ token: string }>(
        "POST",
        `/channels/${channel}/tokens`,
        { scopes: Scope.options, ttlSeconds: TTL, subject: "v-1" },
        { key },
      );
      return { credential: body.token, revoke: () => call("DELETE", `/keys/${id}`), expire: null };
    }
    case "overlay key": {
      const path = `/channels/${channel}/overlay-keys`;
      const { id, key } = (await call<ShownKey>("POST", path, { name: "o" })).body;
      return {
        credential: key,
        revoke: () => call("DELETE", `${path}/${id}`),
        expire: () =>
          env.DB.prepare("UPDATE overlay_keys SET expires_at = 1 WHERE id = ?").bind(id).run(),
      };
    }
    case "extension token":
      return { credential: await extensionToken(channel, TTL), revoke: null, expire: null };
  }
}

function extensionToken(channel: string, ttlSeconds: number): Promise<string> {
  return new SignJWT({ role: "viewer", channel_id: channel, opaque_user_id: "U1" })
    .setProtectedHeader({ alg: "HS256", typ: "JWT" })
    .setExpirationTime(Math.floor(Date.now() / 1000) + ttlSeconds)
    .sign(new TextEncoder().encode("extension-secret-of-the-tests"));
}

/** A token that has run out: none is given. */
async function staleToken(kind: Kind, channel: string): Promise<string> {
  if (kind === "extension token") return extensionToken(channel, -1);
  return signToken(readMasterKeys(env), {
    channel,
    number: await numberOf(channel),
    scopes: Scope.options,
    expiresAt: Math.floor(Date.now() / 1000) - 1,
  });
}

/** A provider that is not dialled: its health is told in detail to those who may manage the channel. */
export async function linkIdle(channel: string): Promise<void> {
  const link = { protocol: "dlive", target: { streamer: "streamer" }, enabled: false };
  const { status } = await call("POST", `/channels/${channel}/providers`, link);
  if (status !== 201) throw new Error("not linked");
}

/** A credential in a state, with a channel of its own to be tried on; null where there is no such. */
export async function makeCell(kind: Kind, state: State, door: Door): Promise<Cell | null> {
  const channel = await makeChannel({ public: true });
  const isAnywhere = kind === "admin" || kind === "unbound key" || kind === "nobody";
  let credential: string | null;
  switch (state) {
    case "bound here":
      ({ credential } = await makeCredential(kind, channel));
      break;
    case "bound elsewhere":
      if (isAnywhere) return null;
      ({ credential } = await makeCredential(kind, await makeChannel()));
      break;
    case "of an earlier channel of that name":
      if (isAnywhere || kind === "extension token") return null;
      ({ credential } = await makeCredential(kind, channel));
      await call("DELETE", `/channels/${channel}`);
      await call("POST", "/channels", { id: channel, public: true });
      break;
    case "expired": {
      if (kind === "admin" || kind === "nobody") return null;
      const made = await makeCredential(kind, channel);
      await made.expire?.();
      credential = made.expire === null ? await staleToken(kind, channel) : made.credential;
      break;
    }
    case "revoked a moment ago": {
      const made = await makeCredential(kind, channel);
      if (made.revoke === null) return null;
      await made.revoke();
      ({ credential } = made);
    }
  }
  await linkIdle(channel);
  if (door !== "public") await call("PATCH", `/channels/${channel}`, { public: false });
  return { kind, state, door, channel, number: await numberOf(channel), credential };
}

/** May it, by the contract? */
export function mayIn({ kind, state, door }: Cell, needs: Scope): boolean {
  if (state === "expired" || state === "revoked a moment ago") return false;
  // It went with its channel: it is the credential of nobody.
  if (kind === "overlay key" && state === "of an earlier channel of that name") return false;
  const scopes: readonly Scope[] = KINDS[kind];
  const own = state === "bound here" && scopes.includes(needs);
  return own || (door === "public" && needs === "events:read");
}

/** All of them: made once, and tried by all that does no harm to them. */
export async function everyCell(): Promise<readonly Cell[]> {
  const cells: Cell[] = [];
  for (const kind of Object.keys(KINDS) as Kind[]) {
    for (const state of STATES) {
      for (const door of DOORS) {
        const cell = await makeCell(kind, state, door);
        if (cell !== null) cells.push(cell);
      }
    }
  }
  return cells;
}

export function nameOf({ kind, state, door }: Cell): string {
  return `${kind}, ${state}, ${door}`;
}
