import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import * as fc from "fast-check";
import { beforeAll, beforeEach, describe, it } from "vitest";

import type { ChannelCalls } from "../../../src/calls/channel.ts";
import type { HubCalls, HubPlace } from "../../../src/calls/hub.ts";
import { ChannelPeerCalls } from "../../../src/objects/channel/peer-calls.ts";
import { Hub } from "../../../src/objects/hub/object.ts";
import { ADMIN, call, chat, makeChannel, postNotes, type ShownPage } from "../../support/api.ts";
import { dial, frameOf, tokenOf } from "../../support/gateways.ts";
import { servePlain } from "../../support/hub-gateway.ts";
import { crowd, evictChannel, evictHubs, hubsOf } from "../../support/hubs.ts";
import { connect, type TestSocket } from "../../support/sockets.ts";

/*
 * Sockets in hubs, while hub and channel come and go under them: each hears every event once and in
 * order, whatever happens to which of the two, and when.
 */

beforeAll(servePlain);
beforeAll(loseCalls);
beforeAll(losePages);
beforeEach(() => crowd(0));

/** What can happen, beside events. */
const MISHAPS = {
  "the hubs sleep": evictHubs,
  "the channel sleeps": evictChannel,
  "both sleep": async (channel: string) => {
    await Promise.all([evictHubs(channel), evictChannel(channel)]);
  },
  "the channel is lost": async (channel: string) => {
    const lost = runInDurableObject(env.CHANNEL.getByName(channel), (_, state) => state.abort());
    await lost.catch(() => {});
  },
  "the channel is lost, and the hubs sleep": async (channel: string) => {
    const lost = runInDurableObject(env.CHANNEL.getByName(channel), (_, state) => state.abort());
    await Promise.all([lost.catch(() => {}), evictHubs(channel)]);
  },
  "a call to a hub is lost": async () => {
    lost = "call";
  },
  "an answer of a hub is lost": async () => {
    lost = "answer";
  },
  "a page for a hub is lost": async () => {
    isPageLost = true;
  },
} as const;
type Mishap = keyof typeof MISHAPS;

/** What is to become of the next call to a hub; null: it comes through. */
let lost: "call" | "answer" | null = null;

/** From now on calls to hubs are lost as `lost` says, once each. */
function loseCalls(): void {
  const deliver = Object.getOwnPropertyDescriptor(Hub.prototype, "deliver");
  const original = deliver?.value as HubCalls["deliver"];
  Hub.prototype.deliver = async function deliverOrLose(...told): Promise<HubPlace | null> {
    const what = lost;
    lost = null;
    const answer = what === "call" ? null : await original.apply(this, told);
    if (what !== null) throw new Error("lost on the way");
    return answer;
  };
}

/** The next page that a hub asks for does not come. */
let isPageLost = false;

/** From now on pages for hubs are lost as `isPageLost` says, once each. */
function losePages(): void {
  const readLog = Object.getOwnPropertyDescriptor(ChannelPeerCalls.prototype, "readLog");
  const original = readLog?.value as ChannelCalls["readLog"];
  ChannelPeerCalls.prototype.readLog = async function readOrLose(...asked) {
    const isLost = isPageLost;
    isPageLost = false;
    if (isLost) throw new Error("lost on the way");
    return original.apply(this, asked);
  };
}

/** A burst: how many events, whether the mishap comes in the middle, and which. */
interface Step {
  readonly events: number;
  readonly isMeanwhile: boolean;
  readonly mishap: Mishap;
}

const steps: fc.Arbitrary<Step[]> = fc.array(
  fc.record({
    events: fc.integer({ min: 1, max: 150 }),
    isMeanwhile: fc.boolean(),
    mishap: fc.constantFrom(...(Object.keys(MISHAPS) as Mishap[])),
  }),
  { minLength: 2, maxLength: 6 },
);

/** Posts, whatever comes of it: an object that is lost may lose what it has not acknowledged. */
async function tryToPost(channel: string, events: number): Promise<void> {
  const texts = Array.from({ length: events }, (_, index) => `${events} ${index}`);
  await postNotes(channel, texts).catch(() => []);
}

/** Ids and texts of everything that the log has after a place. */
async function logged(channel: string): Promise<string[]> {
  const ids: string[] = [];
  for (let after = ""; ;) {
    const query = `order=asc&limit=500${after === "" ? "" : `&after=${after}`}`;
    const { body } = await call<ShownPage>("GET", `/channels/${channel}/events?${query}`);
    ids.push(...body.events.map(({ id }) => id));
    if (!body.hasMore || body.next === null) return ids;
    after = body.next;
  }
}

async function nativeIds(socket: TestSocket, count: number): Promise<string[]> {
  return (await socket.events(count)).map(({ id }) => id);
}

async function restreamIds(socket: TestSocket, count: number): Promise<unknown[]> {
  const ids: unknown[] = [];
  while (ids.length < count) {
    const { action, payload } = await frameOf<{ action: string; payload: object }>(socket);
    if (action === "event") ids.push((payload as Record<string, unknown>)["eventId"]);
  }
  return ids;
}

async function plainIds(socket: TestSocket, count: number): Promise<unknown[]> {
  const ids: unknown[] = [];
  while (ids.length < count) {
    const told = await frameOf<Record<string, unknown>>(socket);
    if ("id" in told) ids.push(told["id"]);
  }
  return ids;
}

/** A socket of the plain protocol that follows a channel. */
async function plainSocket(channel: string): Promise<TestSocket> {
  const socket = await dial("/gateways/dlive/");
  socket.send({ as: ADMIN });
  await frameOf(socket);
  socket.send({ follow: channel });
  await frameOf(socket);
  return socket;
}

describe("sockets in hubs", () => {
  it("lose nothing, hear nothing twice and nothing out of order, whatever sleeps or is lost", async ({
    expect,
  }) => {
    await fc.assert(
      fc.asyncProperty(steps, async (plan) => {
        const channel = await makeChannel();
        const [first = ""] = await postNotes(channel, ["first"]);
        const natives = [await connect(channel), await connect(channel), await connect(channel)];
        const plain = await plainSocket(channel);
        for (const { events, isMeanwhile, mishap } of plan) {
          const posting = tryToPost(channel, events);
          if (!isMeanwhile) await posting;
          await MISHAPS[mishap](channel);
          await posting;
          natives.push(await connect(channel, `?after=${first}`));
        }
        // The last of them comes after everything that went wrong.
        const [last] = await postNotes(channel, ["last"]);
        const log = (await logged(channel)).slice(1);
        expect(log.at(-1)).toBe(last);
        for (const socket of natives) expect(await nativeIds(socket, log.length)).toEqual(log);
        expect(await plainIds(plain, log.length)).toEqual(log);
        // And nothing after it.
        for (const socket of [...natives, plain]) {
          expect(socket.unread.filter((frame) => frame.includes('"events"'))).toEqual([]);
          socket.close();
        }
      }),
      { numRuns: 12 },
    );
  }, 120_000);
});

describe("a Restream socket in a hub", () => {
  it("hears every message once and in order, while hub and channel sleep and are lost", async ({
    expect,
  }) => {
    const channel = await makeChannel();
    const socket = await dial(`/ws?accessToken=${await tokenOf(channel)}`);
    const chats = (count: number, from: number): object[] =>
      Array.from({ length: count }, (_, index) => chat(`m-${from + index}`, "hello"));
    const ids: string[] = [];
    for (const [index, mishap] of Object.values(MISHAPS).entries()) {
      const { body } = await call<{ ids: string[] }>(
        "POST",
        `/channels/${channel}/events`,
        chats(40, index * 40),
      );
      ids.push(...body.ids);
      await mishap(channel);
    }
    const { body } = await call<{ ids: string[] }>(
      "POST",
      `/channels/${channel}/events`,
      chats(1, 1000),
    );
    ids.push(...body.ids);
    expect(await restreamIds(socket, ids.length)).toEqual(ids);
    expect(await hubsOf(channel)).toHaveLength(1);
    socket.close();
  });
});
