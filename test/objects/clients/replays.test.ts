import { afterEach, beforeEach, describe, it, vi } from "vitest";

import type { Seq } from "../../../src/event/ids.ts";
import type { Client } from "../../../src/objects/clients/client.ts";
import { Replays } from "../../../src/objects/clients/replays.ts";
import { UnsentBytes } from "../../../src/objects/clients/unsent.ts";
import { dialects } from "../../../src/protocols/tributary/dialects.ts";
import type { Page } from "../../../src/store/history/pages.ts";

const HEAD = 1_000;
const PAGE = 100;

/** A client as its replays see it. `isReading`: it takes whatever is sent. */
function fakeClient(at: Seq, { party = "address 192.0.2.1", isReading = true } = {}) {
  const client = {
    at: at as Seq | null,
    party,
    raw: false,
    // So that the reader knows whose page it is.
    filter: { types: [], providers: [party], platforms: [] },
    dialect: dialects["tributary.v1"],
    socket: { readyState: WebSocket.OPEN, bufferedAmount: isReading ? 0 : 1_000_000 },
    closed: null as number | null,
    get isLive(): boolean {
      return client.at === null;
    },
    reach(seq: Seq): void {
      client.at = seq;
    },
    goLive(): void {
      client.at = null;
    },
    send: () => true,
    close(code: number): void {
      client.closed = code;
      client.socket.readyState = WebSocket.CLOSED;
    },
  };
  return client;
}

type Fake = ReturnType<typeof fakeClient>;
const as = (fake: Fake): Client => fake as unknown as Client;

/** Replays over a log of a thousand events; a page is there when `read` says so for its party. */
function replaysOver(read: (party?: string) => Promise<void> = () => Promise.resolve()) {
  const live: Fake[] = [];
  const replays = new Replays({
    channel: { epoch: "epoch00000" },
    unsent: new UnsentBytes(),
    head: () => HEAD,
    mayGoOn: () => true,
    live: (client) => void live.push(client as unknown as Fake),
    reader: {
      resume: () => Promise.reject(new Error("not asked")),
      rewind: () => Promise.reject(new Error("not asked")),
      async next(after, { providers }): Promise<Page> {
        await read(providers[0]);
        const seenTo = Math.min(HEAD, after + PAGE);
        return { events: [], from: after, seenTo, hasMore: seenTo < HEAD };
      },
    },
  });
  return { replays, live };
}

describe("a client that comes", () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it("is brought to now while any number of others do not read", async ({ expect }) => {
    const { replays, live } = replaysOver();
    const strangers = Array.from({ length: 1_000 }, () => fakeClient(0, { isReading: false }));
    const waits = strangers.map((stranger) => replays.run(as(stranger)));
    const client = fakeClient(0);
    // No timer has gone off: nobody was waited for.
    await replays.run(as(client));
    expect(client.isLive).toBe(true);
    expect(live).toEqual([client]);
    await vi.advanceTimersByTimeAsync(40_000);
    await Promise.all(waits);
    expect(new Set(strangers.map(({ closed }) => closed))).toEqual(new Set([4108]));
  });

  it("is live at once where it has everything, whatever others wait for", async ({ expect }) => {
    const never = new Promise<void>(() => {});
    const { replays, live } = replaysOver(() => never);
    for (let index = 0; index < 100; index++) {
      void replays.run(as(fakeClient(0, { party: `address 192.0.2.${index}` })));
    }
    const client = fakeClient(HEAD);
    const run = replays.run(as(client));
    expect(live).toEqual([client]);
    await run;
  });

  it("has its turn while another party waits for pages by the hundred", async ({ expect }) => {
    const never = new Promise<void>(() => {});
    const { replays } = replaysOver((party) => (party === "key:one" ? Promise.resolve() : never));
    for (let index = 0; index < 100; index++) void replays.run(as(fakeClient(0)));
    const client = fakeClient(0, { party: "key:one" });
    await replays.run(as(client));
    expect(client.isLive).toBe(true);
  });
});
