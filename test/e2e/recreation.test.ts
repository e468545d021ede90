import { afterAll, beforeAll, describe, it } from "vitest";

import { startReceiver, type Receiver } from "../support/receiver.ts";
import { Client } from "./support/client.ts";
import { startDlive, type Dlive } from "./support/provider.ts";
import { call, startRelay, type StartedRelay } from "./support/relay.ts";
import { seeded } from "./support/seeded.ts";

/*
 * A channel is made, used, taken away and made anew under the same name, and the whole process group
 * is killed somewhere in between. Whatever was cut off: what is made of the name afterwards begins
 * with nothing, and is nobody's but its own.
 */

const ROUNDS = Number(process.env["RECREATION_ROUNDS"] ?? 6);
const SEED = Number(process.env["RECREATION_SEED"] ?? 20_261_128);
const NAMES = ["again-a", "again-b", "again-c"];

let relay: StartedRelay;
let dlive: Dlive;
let receiver: Receiver;

beforeAll(async () => {
  [dlive, receiver] = await Promise.all([startDlive(), startReceiver()]);
  relay = await startRelay();
});

afterAll(async () => {
  await relay.kill();
  await Promise.all([dlive.close(), receiver.close()]);
});

interface Note {
  readonly data: { readonly text?: string };
}

const textsOf = (events: readonly Note[]): unknown[] =>
  events.flatMap(({ data }) => (data.text === undefined ? [] : [data.text]));

/** Makes a channel and gives it all that a channel can have; what it says and is, says `mark`. */
async function furnish(name: string, mark: string): Promise<Client> {
  await call(relay, "POST", "/channels", { id: name });
  await call(relay, "POST", `/channels/${name}/providers`, {
    protocol: "dlive",
    target: { streamer: mark },
    url: dlive.url,
    credentials: { appToken: `token-of-${mark}` },
  });
  await call(relay, "POST", `/channels/${name}/webhooks`, { url: `${receiver.url}/hooks/${mark}` });
  const client = await Client.open(relay, name);
  await call(relay, "POST", `/channels/${name}/events`, {
    type: "custom.note",
    data: { text: mark },
  });
  return client;
}

/** What is going on while the relay is killed. Ends where the first thing fails. */
async function live(name: string, round: number, told: (step: number) => void): Promise<void> {
  try {
    for (let incarnation = 1; incarnation <= 2; incarnation++) {
      await furnish(name, `old-${name}-${round}-${incarnation}`);
      told(2 * incarnation);
      await call(relay, "DELETE", `/channels/${name}`);
      told(2 * incarnation + 1);
    }
  } catch {
    // It was killed: that is what this is about.
  }
}

/** Takes away what there is, if anything is. */
async function takeAway(name: string): Promise<void> {
  const response = await fetch(`${relay.url}/v1/channels/${name}`, {
    method: "DELETE",
    headers: { authorization: `Bearer ${relay.key}` },
  });
  if (![204, 404].includes(response.status)) throw new Error(await response.text());
  await response.body?.cancel();
}

/** Streamers that are subscribed to by whatever has this name. */
function heardBy(name: string): string[] {
  const streamers = dlive.truth().subscriptions.map(({ streamer }) => streamer);
  return [...new Set(streamers.filter((streamer) => streamer.includes(name)))];
}

/** Resolves once history has all that was written. */
async function fed(name: string): Promise<void> {
  for (;;) {
    const path = `/channels/${name}/status`;
    const status = await call<{ history: { lagEvents: number } }>(relay, "GET", path);
    if (status.history.lagEvents === 0) return;
    await new Promise((resolve) => {
      setTimeout(resolve, 50);
    });
  }
}

async function restart(): Promise<void> {
  const { data, url } = relay;
  await relay.kill();
  relay = await startRelay({ data, port: Number(new URL(url).port) });
}

/** What the channel that is made now has of those before it: nothing, where all is well. */
async function remains(name: string, mark: string): Promise<Record<string, unknown>> {
  await takeAway(name);
  await call(relay, "POST", "/channels", { id: name });
  const lists = ["providers", "webhooks", "connections"] as const;
  const found: Record<string, unknown> = {};
  for (const list of lists) {
    const { data } = await call<{ data: unknown[] }>(relay, "GET", `/channels/${name}/${list}`);
    found[list] = data.length;
  }
  const before = await call<{ events: Note[] }>(relay, "GET", `/channels/${name}/events`);
  found["events"] = textsOf(before.events);
  await takeAway(name);
  const client = await furnish(name, mark);
  await client.until(() => textsOf(client.events as readonly Note[]).includes(mark));
  await receiver.until(mark, 2);
  while (!heardBy(name).includes(mark) || heardBy(name).length > 1) {
    await new Promise((resolve) => {
      setTimeout(resolve, 20);
    });
  }
  await fed(name);
  const after = await call<{ events: Note[] }>(
    relay,
    "GET",
    `/channels/${name}/events?types=custom.note`,
  );
  found["heard"] = textsOf(client.events as readonly Note[]);
  found["history"] = textsOf(after.events);
  client.close();
  return found;
}

describe("a channel made anew, with kill -9 at any moment around it", () => {
  it("has nothing of the one before", async ({ expect }) => {
    const random = seeded(SEED);
    // How long all of it takes where nothing is killed.
    const beganAt = performance.now();
    await Promise.all(NAMES.map((name) => live(name, 0, () => {})));
    const wholeMs = performance.now() - beganAt;
    for (let round = 1; round <= ROUNDS; round++) {
      // In every other round about one step, from making the first one to taking the last one away.
      const from = round % 2 === 0 ? 0 : 2 + Math.floor(random() * 4);
      const killAfterMs = random() * (from === 0 ? wholeMs : wholeMs / 8);
      let begin = (): void => {};
      const begun = new Promise<void>((resolve) => {
        begin = resolve;
      });
      if (from === 0) begin();
      const lives = NAMES.map((name, index) =>
        live(name, round, (step) => {
          if (index === 0 && step >= from) begin();
        }),
      );
      await Promise.race([begun, Promise.all(lives)]);
      await new Promise((resolve) => {
        setTimeout(resolve, killAfterMs);
      });
      await restart();
      await Promise.all(lives);
      const found = await Promise.all(
        NAMES.map(async (name) => remains(name, `new-${name}-${round}`)),
      );
      for (const [index, name] of NAMES.entries()) {
        const mark = `new-${name}-${round}`;
        expect([round, found[index]]).toEqual([
          round,
          {
            providers: 0,
            webhooks: 0,
            connections: 0,
            events: [],
            heard: [mark],
            history: [mark],
          },
        ]);
        for (const incarnation of [1, 2]) {
          const { received } = receiver.hook(`old-${name}-${round}-${incarnation}`);
          expect(received.filter(({ body }) => body.includes(mark))).toEqual([]);
        }
        await takeAway(name);
      }
    }
  }, 3_600_000);
});
