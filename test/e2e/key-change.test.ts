import { setTimeout as pause } from "node:timers/promises";

import { Webhook } from "standardwebhooks";
import { afterAll, beforeAll, describe, it } from "vitest";

import { startEmulator } from "../emulators/index.ts";
import { startReceiver, type Received, type Receiver } from "../support/receiver.ts";
import { call, freePort, newDirectory, startRelay, type StartedRelay } from "./support/relay.ts";

const CHANNEL = "key-change";
const OLD = "the-master-key-before";
const NEW = "the-master-key-after";
const HOOKS = ["loose", "ordered"] as const;

const startAll = async () => ({
  dlive: await startEmulator("dlive"),
  restream: await startEmulator("restream"),
  astro: await startEmulator("astro"),
  multistreamer: await startEmulator("multistreamer"),
  sync: await startEmulator("interactive-sync"),
});

const data = newDirectory();
let port = 0;
let relay: StartedRelay;
let all: Awaited<ReturnType<typeof startAll>>;
let receiver: Receiver;
/** Everything that relays have said. */
let said = "";

beforeAll(async () => {
  [all, receiver, port] = await Promise.all([startAll(), startReceiver(), freePort()]);
  relay = await startRelay({ data, port, env: { TRIBUTARY_MASTER_KEY: OLD } });
});

afterAll(async () => {
  await relay.kill();
  await Promise.all([receiver, ...Object.values(all)].map((each) => each.close()));
});

/** The relay is killed where it is, and begins again with other secrets. */
async function restartWith(env: Record<string, string>): Promise<void> {
  await relay.kill();
  said += relay.output();
  relay = await startRelay({ data, port, env });
}

async function link(protocol: string, url: string, more: object): Promise<void> {
  const path = `/channels/${CHANNEL}/providers`;
  await call(relay, "POST", path, { protocol, url, mode: "always", ...more });
}

async function linkAll(): Promise<void> {
  const { dlive, restream, astro, multistreamer, sync } = all;
  await restream.do({ action: "grantRefresh", value: "first-refresh" });
  await link("dlive", dlive.url, {
    target: { streamer: "streamer" },
    credentials: { appToken: "dlive-token" },
  });
  await link("restream", restream.url, {
    target: {},
    credentials: { clientId: "c", clientSecret: "s", refreshToken: "first-refresh" },
  });
  await link("astro", astro.url, {
    target: { topics: ["channel.chat.message"] },
    credentials: { token: "astro-token", tokenType: "jwt" },
  });
  await link("multistreamer", new URL("/", multistreamer.url).href, {
    target: { streamId: "31" },
    credentials: { token: "multistreamer-token" },
  });
  await link("interactive-sync", sync.url, {
    target: {},
    credentials: { clientId: "a-game", accessToken: "sync-token" },
  });
}

interface Health {
  readonly providers: readonly { protocol: string; phase: string; reason: string | null }[];
}

/** Resolves once all providers are there again. */
async function allOpen(): Promise<void> {
  for (;;) {
    const { providers } = await call<Health>(relay, "GET", `/channels/${CHANNEL}/status`);
    if (providers.length === 5 && providers.every(({ phase }) => phase === "open")) return;
    await pause(50);
  }
}

/** Posts one after the other, each until it is acknowledged, whatever becomes of the relay. */
class Load {
  readonly ids: string[] = [];
  #isOver = false;
  readonly #done: Promise<void>;

  constructor() {
    this.#done = this.#run();
  }

  async end(): Promise<void> {
    this.#isOver = true;
    await this.#done;
  }

  /** Resolves once so many more have been acknowledged. */
  async more(count: number): Promise<void> {
    const enough = this.ids.length + count;
    while (this.ids.length < enough) await pause(10);
  }

  async #run(): Promise<void> {
    for (let number = 1; !this.#isOver; number++) this.ids.push(await this.#post(number));
  }

  async #post(number: number): Promise<string> {
    for (;;) {
      try {
        const response = await fetch(`${relay.url}/v1/channels/${CHANNEL}/events`, {
          method: "POST",
          headers: {
            authorization: `Bearer ${relay.key}`,
            "content-type": "application/json",
            "idempotency-key": `note-${number}`,
          },
          body: JSON.stringify({ type: "custom.note", data: { text: String(number) } }),
        });
        const { ids = [] } = (await response.json()) as { ids?: string[] };
        if (response.ok && ids[0] !== undefined) return ids[0];
      } catch {
        // The relay is away: the same request is asked again.
      }
      await pause(20);
    }
  }
}

interface MasterKey {
  readonly sealed: { old: number; unreadable: number; unasked: number } | null;
  readonly previous: { mayBeRemoved: boolean; neededUntil: string | null } | null;
}

/** The state of the change, once a whole round of the minutes has ended. */
async function roundEnded(): Promise<MasterKey> {
  for (;;) {
    const state = await call<MasterKey>(relay, "GET", "/master-key");
    if (state.sealed !== null && state.sealed.old === 0 && state.sealed.unasked === 0) return state;
    await pause(200);
  }
}

interface LoggedNote {
  readonly id: string;
  readonly type: string;
  readonly data: { readonly text?: string };
}

async function notes(): Promise<LoggedNote[]> {
  const response = await fetch(`${relay.url}/v1/channels/${CHANNEL}/events?order=asc`, {
    headers: { accept: "application/jsonl", authorization: `Bearer ${relay.key}` },
  });
  return (await response.text())
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line) as LoggedNote)
    .filter(({ type }) => type === "custom.note");
}

/** Everything that the logs must not say: what was linked, what was renewed, what was made here. */
function listSecrets(made: readonly string[]): string[] {
  const renewed = all.restream
    .truth()
    .tokens.issued.flatMap(({ accessToken, refreshToken }) => [accessToken, refreshToken]);
  const linked = ["dlive-token", "astro-token", "multistreamer-token", "sync-token"];
  return [OLD, NEW, "first-refresh", ...linked, ...renewed, ...made].flatMap((secret) => [
    secret,
    Buffer.from(secret).toString("base64").replaceAll("=", ""),
  ]);
}

const idOf = ({ headers }: Received): string => headers["webhook-id"] ?? "";

/** What a hook has got, once it has got all of these. */
async function arrived(name: string, ids: readonly string[]): Promise<readonly Received[]> {
  let received = await receiver.until(name, ids.length);
  for (;;) {
    const got = new Set(received.map(idOf));
    if (ids.every((id) => got.has(id))) return received;
    received = await receiver.until(name, received.length + 1);
  }
}

describe("a change of the master key under load", () => {
  it("loses nothing, leaves nothing unreadable and logs no secret, with providers, webhooks and clients at work", async ({
    expect,
  }) => {
    await call(relay, "POST", "/channels", { id: CHANNEL });
    await linkAll();
    const secrets = new Map<string, string>();
    for (const name of HOOKS) {
      const url = `${receiver.url}/hooks/${name}`;
      const ordering = name === "ordered" ? "channel" : "none";
      const asked = { url, types: ["custom.*"], ordering };
      const path = `/channels/${CHANNEL}/webhooks`;
      const { secret } = await call<{ secret: string }>(relay, "POST", path, asked);
      secrets.set(name, secret);
    }
    const made = await call<{ token: string }>(relay, "POST", `/channels/${CHANNEL}/tokens`, {
      scopes: ["events:read"],
      ttlSeconds: 3_600,
    });
    const askWithToken = async (): Promise<number> => {
      const headers = { authorization: `Bearer ${made.token}` };
      return (await fetch(`${relay.url}/v1/channels/${CHANNEL}`, { headers })).status;
    };
    await allOpen();

    const load = new Load();
    await load.more(50);
    await restartWith({ TRIBUTARY_MASTER_KEY: NEW, TRIBUTARY_MASTER_KEY_PREVIOUS: OLD });
    await load.more(50);
    await allOpen();
    expect(await askWithToken()).toBe(200);
    // Tokens that were renewed meanwhile are sealed with the new key, and the used ones are gone.
    await all.restream.do({ action: "close", code: 4001, reason: "expired" });
    const state = await roundEnded();
    expect(state.sealed).toMatchObject({ old: 0, unreadable: 0, unasked: 0 });
    // Everything that is kept has come over; the token above is what the day is for.
    expect(state.previous).toMatchObject({ mayBeRemoved: false });
    await load.more(50);

    await restartWith({ TRIBUTARY_MASTER_KEY: NEW });
    await load.more(50);
    await allOpen();
    expect(await askWithToken()).toBe(401);
    await load.end();

    const logged = await notes();
    expect(logged.map(({ id }) => id)).toEqual(load.ids);
    expect(logged.map(({ data: { text } }) => text)).toEqual(load.ids.map((_, i) => `${i + 1}`));
    for (const name of HOOKS) {
      for (const { headers, body } of await arrived(name, load.ids)) {
        new Webhook(secrets.get(name) ?? "").verify(body, headers);
      }
    }
    said += relay.output();
    expect(said).not.toMatch(/credentials not opened|cannot sign|not readable|could not seal/);
    const leaked = listSecrets([made.token, ...secrets.values()]).filter((each) =>
      said.includes(each),
    );
    expect(leaked).toEqual([]);
  });
});
