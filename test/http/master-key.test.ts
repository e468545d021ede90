import { runInDurableObject } from "cloudflare:test";
import { env, exports } from "cloudflare:workers";
import { afterEach, describe, it, vi } from "vitest";

import {
  DERIVED_FOR,
  readKeyId,
  readMasterKeys,
  SEALED_FOR,
  type DerivedKind,
  type SealedKind,
} from "../../src/lib/master-keys.ts";
import { computeKeyId } from "../../src/lib/secrecy.ts";
import { ChannelObject } from "../../src/objects/channel/object.ts";
import { openHandOver, sealHandOver } from "../../src/objects/hub/reconnect-token.ts";
import { openCredentials } from "../../src/objects/providers/credentials.ts";
import { findProvider } from "../../src/store/journal/providers.ts";
import { ADMIN, call, makeChannel, ORIGIN, postNotes } from "../support/api.ts";
import { Emulated } from "../support/emulated.ts";
import { tokenOf } from "../support/gateways.ts";
import { delivered, Hook, until } from "../support/hooks.ts";
import { deployWith, forgetMasterKey, NEW, OLD, runAt } from "../support/master-keys.ts";

const HOUR_MS = 3_600_000;
const restream = new Emulated("restream");

afterEach(async () => {
  vi.restoreAllMocks();
  Object.assign(env, { TRIBUTARY_ADMIN_KEY: ADMIN, TRIBUTARY_ADMIN_KEY_PREVIOUS: "" });
  await deployWith({ current: OLD });
  await forgetMasterKey();
});

interface Health {
  readonly phase: string;
  readonly reason: string | null;
  readonly detail: string | null;
}

/** How a channel's one provider fares, once it does as it is asked for. */
async function healthOf(channel: string, isMet: (health: Health) => boolean): Promise<Health> {
  const ask = async (): Promise<Health> => {
    const path = `/channels/${channel}/status`;
    const { body } = await call<{ providers: readonly Health[] }>("GET", path);
    const [health] = body.providers;
    if (health === undefined) throw new Error("no provider");
    return health;
  };
  return until(ask, isMet);
}

const isSettled = ({ phase }: Health): boolean => phase !== "dialling" && phase !== "idle";

/** The provider's sealed credentials, as they are kept. */
async function sealedOf(channel: string): Promise<string> {
  const { body } = await call<{ data: { id: string }[] }>("GET", `/channels/${channel}/providers`);
  return runInDurableObject(
    env.CHANNEL.getByName(channel),
    (_, { storage }) => findProvider(storage.sql, body.data[0]?.id ?? "")?.credentials ?? "",
  );
}

async function isSignedWith(secret: string, { headers, body }: Signed): Promise<boolean> {
  const key = await crypto.subtle.importKey(
    "raw",
    Uint8Array.from(atob(secret.slice("whsec_".length)), (char) => char.charCodeAt(0)),
    { name: "HMAC", hash: "SHA-256" },
    false,
    ["sign"],
  );
  const text = `${headers["webhook-id"]}.${headers["webhook-timestamp"]}.${body}`;
  const made = new Uint8Array(
    await crypto.subtle.sign("HMAC", key, new TextEncoder().encode(text)),
  );
  return (headers["webhook-signature"] ?? "").includes(`v1,${btoa(String.fromCharCode(...made))}`);
}

const OLD_ID = await computeKeyId(OLD);

interface Signed {
  readonly headers: Record<string, string>;
  readonly body: string;
}

const askForKey = (request: string) =>
  call<{ key: string }>(
    "POST",
    "/keys",
    { name: "n", scopes: ["events:read"] },
    { headers: { "idempotency-key": request } },
  );

/** The door has lost the answers that it kept, and nothing else. */
async function loseAnswers(): Promise<void> {
  await env.DB.prepare(
    "UPDATE idempotency SET status = NULL, answer = NULL, created_at = created_at - 120000",
  ).run();
}

const countKeys = async (): Promise<number> =>
  (await env.DB.prepare("SELECT count(*) AS n FROM api_keys").first<{ n: number }>())?.n ?? 0;

/** Something that was made with the master key before it was changed. */
interface Made {
  /** The channel it is of, whose objects begin anew with other secrets. */
  readonly channel?: string;
  /** Is it still good for what it was made for? */
  readonly holds: () => Promise<boolean>;
}

interface Sample {
  /** Kept for good, rather than as long as a day. */
  readonly isKept: boolean;
  readonly make: () => Promise<Made>;
}

/** One of every kind of thing that a master key makes. */
const SAMPLES: Record<SealedKind | DerivedKind, Sample> = {
  "provider-credentials": {
    isKept: true,
    async make() {
      const channel = await makeChannel();
      await restream.reset();
      await restream.link(channel, { mode: "always" });
      await healthOf(channel, ({ phase }) => phase === "open");
      const holds = async () => (await healthOf(channel, isSettled)).phase === "open";
      return { channel, holds };
    },
  },
  "webhook-secrets": {
    isKept: true,
    async make() {
      const channel = await makeChannel();
      const hook = new Hook();
      const { secret } = await hook.attach(channel);
      const holds = async () => {
        const before = (await hook.until(0)).length;
        await postNotes(channel, ["signed"]);
        const last = (await hook.until(before + 1)).at(-1);
        return last !== undefined && (await isSignedWith(secret, last));
      };
      return { channel, holds };
    },
  },
  "hand-over": {
    isKept: false,
    async make() {
      const token = await sealHandOver(
        readMasterKeys(env),
        "astro",
        { where: "there" },
        Date.now(),
      );
      const holds = async () =>
        (await openHandOver(readMasterKeys(env), "astro", token, Date.now())) !== null;
      return { holds };
    },
  },
  authorization: {
    isKept: false,
    async make() {
      const channel = await makeChannel();
      const path = `/channels/${channel}/providers/authorizations`;
      const asked = { protocol: "restream", clientId: "c", clientSecret: "s" };
      // Each is good once.
      const states: string[] = [];
      while (states.length < 3) {
        const { body } = await call<{ authorizeUrl: string }>("POST", path, asked);
        states.push(new URL(body.authorizeUrl).searchParams.get("state") ?? "");
      }
      const holds = async () => {
        const state = states.pop() ?? "";
        const sent = new URLSearchParams({ state, error: "access_denied" });
        const answer = await exports.default.fetch(`${ORIGIN}/oauth/callback?${sent.toString()}`);
        return answer.status === 403;
      };
      return { channel, holds };
    },
  },
  answer: {
    isKept: false,
    async make() {
      const request = crypto.randomUUID();
      const first = await askForKey(request);
      const holds = async () => {
        const again = await askForKey(request);
        return again.body.key === first.body.key && again.headers.has("idempotency-replayed");
      };
      return { holds };
    },
  },
  requests: {
    isKept: false,
    async make() {
      const request = crypto.randomUUID();
      await askForKey(request);
      const before = await countKeys();
      const holds = async () => {
        await loseAnswers();
        await askForKey(request);
        return (await countKeys()) === before;
      };
      return { holds };
    },
  },
  key: {
    isKept: false,
    async make() {
      const request = crypto.randomUUID();
      const first = await askForKey(request);
      const holds = async () => {
        await loseAnswers();
        const { body } = await askForKey(request);
        return body.key === first.body.key;
      };
      return { holds };
    },
  },
  tokens: {
    isKept: false,
    async make() {
      const channel = await makeChannel();
      const key = await tokenOf(channel);
      const holds = async () =>
        (await call("GET", `/channels/${channel}`, undefined, { key })).status === 200;
      return { holds };
    },
  },
};

const KINDS = [...Object.keys(SEALED_FOR), ...Object.keys(DERIVED_FOR)] as (keyof typeof SAMPLES)[];

interface State {
  readonly id: string;
  readonly sealed: { old: number; unreadable: number; missing: string[]; unasked: number } | null;
  readonly previous: { id: string; mayBeRemoved: boolean; neededUntil: string | null } | null;
}

const stateOf = async (): Promise<State> => (await call<State>("GET", "/master-key")).body;

describe("a change of the master key", () => {
  it.for(KINDS)("leaves %s good that was made before it", async (kind, { expect }) => {
    const made = await SAMPLES[kind].make();
    const channels = made.channel === undefined ? [] : [made.channel];
    expect(await made.holds()).toBe(true);
    await deployWith({ current: NEW, previous: OLD }, channels);
    expect(await made.holds()).toBe(true);
    expect(await made.holds()).toBe(true);
  });

  it.for(KINDS.filter((kind) => SAMPLES[kind].isKept))(
    "seals %s anew by the minute, so that it is good without the key before",
    async (kind, { expect }) => {
      const made = await SAMPLES[kind].make();
      const channels = made.channel === undefined ? [] : [made.channel];
      await deployWith({ current: NEW, previous: OLD }, channels);
      await runAt(Date.now());
      await runAt(Date.now() + 60_000);
      expect((await stateOf()).sealed).toMatchObject({ old: 0, unreadable: 0, unasked: 0 });
      await deployWith({ current: NEW }, channels);
      expect(await made.holds()).toBe(true);
    },
  );

  it("seals anew what is opened, without waiting for the minute", async ({ expect }) => {
    const { channel = "" } = await SAMPLES["provider-credentials"].make();
    expect(readKeyId(await sealedOf(channel))).toBe(await computeKeyId(OLD));
    await deployWith({ current: NEW, previous: OLD }, [channel]);
    await healthOf(channel, ({ phase }) => phase === "open");
    expect(readKeyId(await sealedOf(channel))).toBe(await computeKeyId(NEW));
  });

  it("says when the key before may be removed, and not before", async ({ expect }) => {
    const { channel = "" } = await SAMPLES["webhook-secrets"].make();
    await deployWith({ current: NEW, previous: OLD }, [channel]);
    const now = Date.now();
    const previous = await computeKeyId(OLD);
    expect((await stateOf()).previous).toMatchObject({ id: previous, mayBeRemoved: false });
    // A channel that cannot be asked may have something sealed with the key before.
    const lost = vi.spyOn(ChannelObject.prototype, "reseal").mockRejectedValue(new Error("away"));
    await runAt(now);
    expect((await stateOf()).sealed?.unasked).toBeGreaterThan(0);
    vi.spyOn(Date, "now").mockReturnValue(now + 26 * HOUR_MS);
    expect((await stateOf()).previous).toMatchObject({ mayBeRemoved: false });
    lost.mockRestore();
    await runAt(now + 60_000);
    expect((await stateOf()).sealed).toMatchObject({ old: 0, unasked: 0 });
    expect((await stateOf()).previous).toMatchObject({ mayBeRemoved: true });
    // Tokens of a day ago are still about.
    vi.spyOn(Date, "now").mockReturnValue(now + 24 * HOUR_MS);
    expect((await stateOf()).previous).toMatchObject({ mayBeRemoved: false });
  });

  it("takes no object's word that has not been restarted with the new key", async ({ expect }) => {
    await makeChannel();
    await deployWith({ current: NEW, previous: OLD });
    const none = { old: 0, unreadable: 0, missing: [], unasked: 0 };
    const before = { ...none, keyId: await computeKeyId(OLD) };
    vi.spyOn(ChannelObject.prototype, "reseal").mockResolvedValue(before);
    await runAt(Date.now());
    expect((await stateOf()).sealed?.unasked).toBeGreaterThan(0);
  });

  it("asks everybody anew where the key before came back in the middle of a round", async ({
    expect,
  }) => {
    const { channel = "" } = await SAMPLES["webhook-secrets"].make();
    const log = vi.spyOn(console, "error").mockImplementation(() => {});
    await deployWith({ current: NEW }, [channel]);
    await runAt(Date.now());
    expect((await stateOf()).sealed).toMatchObject({ unreadable: 1, missing: [OLD_ID] });
    // The next round has got past the channel, and has found as much.
    await env.DB.prepare("UPDATE master_key SET place = '~', found = remains").run();
    log.mockRestore();
    await deployWith({ current: NEW, previous: OLD }, [channel]);
    await runAt(Date.now());
    expect((await stateOf()).sealed).toMatchObject({ old: 0, unreadable: 0, missing: [] });
  });

  it("takes no object's word that does not have the key before yet", async ({ expect }) => {
    await makeChannel();
    await deployWith({ current: NEW, previous: OLD });
    const keyId = await computeKeyId(NEW);
    const lacking = { keyId, old: 0, unreadable: 1, missing: [OLD_ID], unasked: 0 };
    vi.spyOn(ChannelObject.prototype, "reseal").mockResolvedValue(lacking);
    await runAt(Date.now());
    expect((await stateOf()).sealed?.unasked).toBeGreaterThan(0);
    vi.spyOn(Date, "now").mockReturnValue(Date.now() + 26 * HOUR_MS);
    expect((await stateOf()).previous).toMatchObject({ mayBeRemoved: false });
  });

  it("loses no renewed credentials, though the old ones were sealed anew while that went on", async ({
    expect,
  }) => {
    const channel = await makeChannel();
    await restream.reset();
    await restream.do({ action: "grantRefresh", value: "first-refresh" });
    const credentials = { clientId: "c", clientSecret: "secret", refreshToken: "first-refresh" };
    const id = await restream.link(channel, { credentials, enabled: false });
    await deployWith({ current: NEW, previous: OLD }, [channel]);
    await call("PATCH", `/channels/${channel}/providers/${id}`, { enabled: true, mode: "always" });
    await healthOf(channel, ({ phase }) => phase === "open");
    const opened = await openCredentials(readMasterKeys(env), id, await sealedOf(channel));
    expect(opened).toMatchObject({ ok: true, isOld: false });
    expect(opened.ok && opened.text).not.toContain("first-refresh");
    expect(opened.ok && opened.text).toContain("refreshToken");
  });
});

describe("a sealed text whose master key the relay does not have", () => {
  it("stops no provider for good: it says which secret is missing, and goes on with it", async ({
    expect,
  }) => {
    const { channel = "" } = await SAMPLES["provider-credentials"].make();
    const log = vi.spyOn(console, "error").mockImplementation(() => {});
    await deployWith({ current: NEW }, [channel]);
    const { phase, reason, detail } = await healthOf(channel, isSettled);
    expect([phase, reason]).toEqual(["waiting", "credentials_unreadable"]);
    const id = await computeKeyId(OLD);
    expect(detail).toContain(id);
    expect(detail).toContain("TRIBUTARY_MASTER_KEY_PREVIOUS");
    expect(JSON.stringify(log.mock.calls)).toContain("credentials not opened");
    await runAt(Date.now());
    expect((await stateOf()).sealed).toMatchObject({ unreadable: 1, missing: [id] });
    expect(JSON.stringify(log.mock.calls)).toContain(`master keys of the ids ${id}`);
    log.mockRestore();
    await deployWith({ current: NEW, previous: OLD }, [channel]);
    expect((await healthOf(channel, ({ phase: now }) => now === "open")).reason).toBeNull();
  });

  it("sends no webhook unsigned, and sends it once the key is there", async ({ expect }) => {
    const channel = await makeChannel();
    const hook = new Hook();
    const { id, secret } = await hook.attach(channel);
    const log = vi.spyOn(console, "error").mockImplementation(() => {});
    await deployWith({ current: NEW }, [channel]);
    await postNotes(channel, ["waits"]);
    const [waiting] = await delivered(channel, id, ([each]) => (each?.attempts.length ?? 0) > 0);
    expect(waiting).toMatchObject({ status: "pending" });
    const said = JSON.stringify(log.mock.calls);
    expect(said).toContain("webhook cannot sign");
    expect(said).toContain("TRIBUTARY_MASTER_KEY_PREVIOUS");
    expect(await hook.until(0)).toHaveLength(1);
    log.mockRestore();
    await deployWith({ current: NEW, previous: OLD }, [channel]);
    await call("POST", `/channels/${channel}/webhooks/${id}/deliveries/${waiting?.id}/retry`);
    const got = (await hook.until(2)).at(-1);
    expect(got !== undefined && (await isSignedWith(secret, got))).toBe(true);
  });

  it("answers a repeated request with a problem that is reported, not with a crash", async ({
    expect,
  }) => {
    const request = crypto.randomUUID();
    await askForKey(request);
    const name = (
      await env.DB.prepare("SELECT id FROM idempotency ORDER BY created_at DESC").first<{
        id: string;
      }>()
    )?.id;
    await deployWith({ current: NEW, previous: OLD });
    const foreign = "v1.0badc0de.AAAAAAAAAAAAAAAA.AAAA";
    await env.DB.prepare("UPDATE idempotency SET answer = ? WHERE id = ?")
      .bind(foreign, name)
      .run();
    const log = vi.spyOn(console, "error").mockImplementation(() => {});
    const { status, body } = await call<{ code: string }>(
      "POST",
      "/keys",
      { name: "n", scopes: ["events:read"] },
      { headers: { "idempotency-key": request } },
    );
    expect([status, body.code]).toEqual([503, "unavailable"]);
    expect(JSON.stringify(log.mock.calls)).toContain("0badc0de");
  });
});

describe("a change of the admin key", () => {
  it("takes the one before until it is taken away, and an empty one never", async ({ expect }) => {
    const may = async (key: string) => (await call("GET", "/keys", undefined, { key })).status;
    Object.assign(env, { TRIBUTARY_ADMIN_KEY: "the-next", TRIBUTARY_ADMIN_KEY_PREVIOUS: ADMIN });
    expect([await may("the-next"), await may(ADMIN)]).toEqual([200, 200]);
    Object.assign(env, { TRIBUTARY_ADMIN_KEY_PREVIOUS: "" });
    expect([await may("the-next"), await may(ADMIN)]).toEqual([200, 401]);
    const nothing = await call("GET", "/keys?token=");
    expect(nothing.status).toBe(401);
  });
});
