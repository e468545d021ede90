/*
 * The events that a program with the client misses or hears twice, against a relay that was started as its
 * users start it. `node bench/faces/client.ts [reload] [kill] [hand-over] [tokens] [stall] [size]`
 * runs some; left alone it runs all, some ten minutes.
 */
import { setTimeout as pause } from "node:timers/promises";

import { ENTRIES, weighEntry } from "../../scripts/client/build.ts";
import { memoryPositions, Tributary, type Channel, type Clock } from "../../src/client/index.ts";
import { call, startRelay, type StartedRelay } from "../../test/e2e/support/relay.ts";
import { Burst, Notes, StallingSocket } from "../../test/e2e/support/sdk.ts";

process.env["VITEST_POOL_ID"] ??= "98";
const PER_SECOND = 1_000;

/** The events that were heard, beside those that the relay has. */
async function judge(what: string, notes: Notes, channel: Channel): Promise<void> {
  const kept: string[] = [];
  for await (const { id, type } of channel.history({ order: "asc" })) {
    if (type.startsWith("custom.") || type === "chat.message") kept.push(id);
  }
  const heard = new Set(notes.ids);
  const missing = kept.filter((id) => !heard.has(id)).length;
  const twice = notes.ids.length - heard.size;
  const isInOrder = notes.ids.every((id, index) => twice > 0 || missing > 0 || id === kept[index]);
  console.log(
    `${what}: of ${kept.length} missing ${missing}, twice ${twice}, in order ${isInOrder}`,
  );
}

/** Posts at a rate until it is told to stop, whatever becomes of the relay meanwhile. */
function post(connect: () => Tributary, id: string): { stop: () => Promise<void> } {
  const aborter = new AbortController();
  const posting = (async () => {
    const burst = new Burst(connect().channel(id));
    while (!aborter.signal.aborted) {
      const next = pause(100);
      // A relay that is away takes nothing: what it has is asked of it at the end.
      await burst.post(PER_SECOND / 10).catch(() => "");
      await next;
    }
  })();
  return {
    async stop() {
      aborter.abort();
      await posting;
    },
  };
}

let relay: StartedRelay;
const connect = (options = {}): Tributary =>
  new Tributary({ url: relay.url, auth: relay.key, ...options });

async function make(id: string): Promise<string> {
  await call(relay, "POST", "/channels", { id });
  const { epoch } = await call<{ epoch: string }>(relay, "GET", `/channels/${id}`);
  return `${epoch}-0`;
}

async function finish(what: string, id: string, notes: Notes): Promise<void> {
  const channel = connect().channel(id);
  await notes.untilHeard(await new Burst(channel).post(1));
  await judge(what, notes, channel);
}

const measurements: Record<string, () => Promise<void>> = {
  async size() {
    for (const entry of ENTRIES) {
      console.log(`size of ${entry}, compressed: ${(await weighEntry(entry)) / 1_000} KB`);
    }
  },
  async reload() {
    const after = await make("reload");
    const posting = post(connect, "reload");
    const notes = new Notes();
    const options = { consumer: "page", positions: memoryPositions(), from: { after } };
    for (let reloads = 0; reloads < 100; reloads++) {
      const page = connect();
      notes.listen(page.channel("reload", options));
      const heard = notes.ids.length;
      await notes.until(() => notes.ids.length > heard + 50);
      page.close();
    }
    await posting.stop();
    notes.listen(connect().channel("reload", options));
    await finish("reload × 100, 1,000 events/s", "reload", notes);
  },
  async kill() {
    const after = await make("kill");
    const notes = new Notes();
    notes.listen(connect().channel("kill", { from: { after } }));
    const posting = post(connect, "kill");
    for (let kills = 0; kills < 20; kills++) {
      const heard = notes.ids.length;
      await notes.until(() => notes.ids.length > heard + 1_000);
      const { data, url } = relay;
      await relay.kill();
      relay = await startRelay({ data, port: Number(new URL(url).port) });
    }
    await posting.stop();
    await finish("kill -9 × 20, 1,000 events/s", "kill", notes);
  },
  async "hand-over"() {
    const after = await make("hand-over");
    const notes = new Notes();
    notes.listen(connect().channel("hand-over", { from: { after } }));
    const posting = post(connect, "hand-over");
    for (let times = 0; times < 20; times++) {
      const heard = notes.ids.length;
      await notes.until(() => notes.ids.length > heard + 500);
      await call(relay, "POST", "/hand-over", { spreadMs: 500 });
    }
    await posting.stop();
    await finish("hand-over × 20, 1,000 events/s", "hand-over", notes);
    console.log(`  states: ${[...new Set(notes.states)].join(", ")}`);
  },
  async tokens() {
    const after = await make("tokens");
    let tokens = 0;
    const auth = async (): Promise<{ value: string; expiresAt: string }> => {
      tokens += 1;
      const asked = { scopes: ["events:read"], ttlSeconds: 2 };
      const path = "/channels/tokens/tokens";
      type Token = { token: string; expiresAt: string };
      const { token, expiresAt } = await call<Token>(relay, "POST", path, asked);
      return { value: token, expiresAt };
    };
    const notes = new Notes();
    notes.listen(connect({ auth }).channel("tokens", { from: { after } }));
    const posting = post(connect, "tokens");
    await pause(30_000);
    await posting.stop();
    await finish(
      `tokens of two seconds for 30 s (${tokens} of them), 1,000 events/s`,
      "tokens",
      notes,
    );
    console.log(`  states: ${[...new Set(notes.states)].join(", ")}`);
  },
  async stall() {
    const after = await make("stall");
    const notes = new Notes();
    // A page that hangs runs no timers, as it reads nothing.
    const held = new Set<() => void>();
    let hangs = false;
    const clock: Clock = {
      now: () => Date.now(),
      random: () => Math.random(),
      setTimer(ms, run) {
        const timer = setTimeout(() => (hangs ? held.add(run) : run()), ms);
        return () => {
          clearTimeout(timer);
          held.delete(run);
        };
      },
    };
    const page = connect({ WebSocket: StallingSocket.asConstructor(), clock });
    const channel = page.channel("stall", { from: { after }, gaps: "fill" });
    notes.listen(channel);
    await channel.live();
    hangs = true;
    StallingSocket.stallAll();
    const burst = new Burst(connect().channel("stall"));
    const end = Date.now() + 60_000;
    while (Date.now() < end) {
      // More than the buffers on the way take, however slow the machine is.
      await burst.chat(20, { size: 4_000, atOnce: 20 });
      await pause(50);
    }
    hangs = false;
    for (const run of held) run();
    StallingSocket.resumeAll();
    await finish("a stall of 60 s, filled", "stall", notes);
    const filled = notes.gaps.filter(({ filled: is }) => is).length;
    console.log(`  gaps told: ${notes.gaps.length}, filled ${filled}`);
  },
};

const asked = process.argv.slice(2);
relay = await startRelay();
try {
  for (const name of asked.length === 0 ? Object.keys(measurements) : asked) {
    const measure = measurements[name];
    if (measure === undefined) throw new Error(`no such measurement: ${name}`);
    await measure();
  }
} finally {
  await relay.kill();
}
process.exit(0);
