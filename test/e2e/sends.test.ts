import { afterAll, beforeAll, describe, it } from "vitest";

import { startEmulator, type EmulatorOf } from "../emulators/index.ts";
import { Client, type HeardEvent } from "./support/client.ts";
import { call, startRelay, type StartedRelay } from "./support/relay.ts";
import { seeded } from "./support/seeded.ts";

const SEED = 20_261_121;
const ROUNDS = 6;
const CHANNELS = ["sends-a", "sends-b", "sends-c", "sends-d"];

// When the relay is killed after the first send of a round. The first sends go out at once, and the
// next ones have to wait a second or more for their turn.
const KILLED_WITHIN_MS = [40, 100, 250, 1_000, 1_800];

let relay: StartedRelay;
let dlive: EmulatorOf<"dlive">;
let multistreamer: EmulatorOf<"multistreamer">;
let sync: EmulatorOf<"interactive-sync">;

beforeAll(async () => {
  [dlive, multistreamer, sync] = await Promise.all([
    startEmulator("dlive", { seed: SEED }),
    startEmulator("multistreamer", { seed: SEED }),
    startEmulator("interactive-sync", { seed: SEED }),
  ]);
  await multistreamer.do({ action: "knobs", echoDelayMs: 60 });
  relay = await startRelay();
  for (const channel of CHANNELS) await link(channel);
  await dlive.waitFor(`subscriptions>=${2 * CHANNELS.length}`);
});

afterAll(async () => {
  await relay.kill();
  await Promise.all([dlive, multistreamer, sync].map((each) => each.close()));
});

async function link(channel: string): Promise<void> {
  await sync.do({ action: "user", token: channel, channelId: channel, displayName: channel });
  await call(relay, "POST", "/channels", { id: channel });
  const links = [
    {
      protocol: "dlive",
      target: { streamer: channel },
      url: dlive.url,
      credentials: { appToken: channel },
    },
    {
      protocol: "multistreamer",
      target: { streamId: "31" },
      url: new URL("/", multistreamer.url).href,
      credentials: { token: channel },
    },
    {
      protocol: "interactive-sync",
      target: {},
      url: sync.url,
      credentials: { clientId: "a-game", accessToken: channel },
    },
  ];
  for (const each of links) await call(relay, "POST", `/channels/${channel}/providers`, each);
}

/** The connections that are written to, and how each provider knows what it was given. */
const targetsOf = (channel: string) => ({
  dlive: `dlive:${channel}`,
  multistreamer: "multistreamer:12",
  "interactive-sync": `interactive-sync:${channel}`,
});
type Written = keyof ReturnType<typeof targetsOf>;

interface Send {
  readonly protocol: Written;
  readonly channel: string;
  readonly target: string;
  readonly sendId: string;
  readonly frame: object;
}

/** One message to each, and an interface: `sendId` is what is said, and the interface's id. */
function sendsOf(channel: string, name: string): Send[] {
  return Object.entries(targetsOf(channel)).map(([protocol, target]) => {
    const sendId = `${name}${channel.at(-1)}${protocol.slice(0, 1)}`;
    const ui = { panel: { components: [{ type: "button", name: "jump", label: "Jump" }] } };
    const what =
      protocol === "interactive-sync"
        ? { type: "interface", interface: { id: sendId, ...ui } }
        : { type: "send", text: sendId, to: [target] };
    const frame = { ...what, id: sendId, sendId };
    return { protocol: protocol as Written, channel, target, sendId, frame };
  });
}

async function openAll(): Promise<Client[]> {
  return Promise.all(CHANNELS.map((channel) => Client.open(relay, channel, "?rewind=500")));
}

const isUp = (events: readonly HeardEvent[], target: string): boolean =>
  events.some(
    ({ type, data }) =>
      type === "connection.updated" && data["identifier"] === target && data["writable"] === true,
  );

const outcomesOf = (events: readonly HeardEvent[], { sendId, target }: Send): HeardEvent[] =>
  events.filter(
    ({ type, data }) =>
      (type === "send.confirmed" || type === "send.failed") &&
      data["sendId"] === sendId &&
      (data["targets"] as string[]).includes(target),
  );

/** How often a provider was given it: an interface is shown anew on a new socket, once on each. */
function givenOf({ protocol, sendId }: Send): number {
  switch (protocol) {
    case "dlive":
      return dlive
        .truth()
        .mutations.filter(({ variables }) => JSON.stringify(variables).includes(`"${sendId}"`))
        .length;
    case "multistreamer":
      return multistreamer.truth().posted.filter(({ text }) => text === sendId).length;
    case "interactive-sync": {
      const shown = sync.truth().interfaces.filter((each) => each.interface?.["id"] === sendId);
      const sockets = new Set(shown.map(({ socket }) => socket));
      return shown.length > sockets.size ? shown.length : Math.min(shown.length, 1);
    }
  }
}

async function restart(): Promise<void> {
  const { data, url } = relay;
  await relay.kill();
  relay = await startRelay({ data, port: Number(new URL(url).port) });
}

describe("kill -9 of the whole process group, at any moment of a send", () => {
  it("ends each in one outcome, and gives each to its provider at most once", async ({
    expect,
  }) => {
    const chance = seeded(SEED);
    let clients = await openAll();
    for (const [index, client] of clients.entries()) {
      const targets = Object.values(targetsOf(CHANNELS[index] ?? ""));
      await client.until(() => targets.every((each) => isUp(client.events, each)));
    }
    const all: Send[] = [];
    for (let round = 0; round < ROUNDS; round++) {
      const sends = CHANNELS.flatMap((channel) => [
        ...sendsOf(channel, `r${round}x`),
        ...sendsOf(channel, `r${round}y`),
      ]);
      all.push(...sends);
      for (const { channel, frame } of sends) {
        clients[CHANNELS.indexOf(channel)]?.socket.send(JSON.stringify(frame));
      }
      const within = KILLED_WITHIN_MS[round % KILLED_WITHIN_MS.length] ?? 0;
      await killAfter(chance() * within);
      for (const client of clients) client.close();
      clients = await openAll();
      // Whoever had no answer asks again: it is the same send.
      for (const { channel, frame } of sends) {
        clients[CHANNELS.indexOf(channel)]?.socket.send(JSON.stringify(frame));
      }
      for (const send of sends) {
        const client = clients[CHANNELS.indexOf(send.channel)];
        await client?.until(() => outcomesOf(client.events, send).length > 0);
      }
    }
    const confirmed = new Set<Written>();
    for (const send of all) {
      const client = clients[CHANNELS.indexOf(send.channel)];
      const outcomes = outcomesOf(client?.events ?? [], send);
      expect(
        outcomes.map(({ type }) => type),
        send.sendId,
      ).toHaveLength(1);
      const [outcome] = outcomes;
      const given = givenOf(send);
      const told = `${send.sendId}: ${JSON.stringify(outcome?.data)}`;
      if (outcome?.type === "send.confirmed") confirmed.add(send.protocol);
      if (outcome?.type === "send.confirmed") expect(given, told).toBe(1);
      else if (outcome?.data["retryable"] === true) expect(given, told).toBe(0);
      else expect(given, told).toBeLessThanOrEqual(1);
    }
    expect(confirmed.size).toBe(3);
    for (const client of clients) client.close();
  });
});

/** The moment is the test's own, and nothing is waited for. */
async function killAfter(ms: number): Promise<void> {
  await new Promise((resolve) => {
    setTimeout(resolve, ms);
  });
  await restart();
}
