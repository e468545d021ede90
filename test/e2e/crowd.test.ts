import { afterAll, beforeAll, describe, it } from "vitest";

import { Client } from "./support/client.ts";
import { linkDlive, startDlive, type Dlive } from "./support/provider.ts";
import { startRelay, type StartedRelay } from "./support/relay.ts";

let relay: StartedRelay;
let dlive: Dlive;

beforeAll(async () => {
  dlive = await startDlive();
  relay = await startRelay();
  await linkDlive(relay, dlive, "crowd");
});

afterAll(async () => {
  await relay.kill();
  await dlive.close();
});

async function gather(count: number): Promise<Client[]> {
  const clients: Client[] = [];
  for (let opened = 0; opened < count; opened += 50) {
    const some = Array.from({ length: Math.min(50, count - opened) }, () =>
      Client.open(relay, "crowd", "", false),
    );
    clients.push(...(await Promise.all(some)));
  }
  return clients;
}

/** Resolves when every client has so many messages, or when one is told that it will not get them. */
const heardAll = (clients: readonly Client[], count: number) =>
  Promise.all(
    clients.map((client) =>
      client.until(
        () => client.messages >= count || client.gaps.length > 0 || client.closed !== null,
      ),
    ),
  );

/** What is wrong with what a client has heard: nothing, of so many messages numbered from 1. */
const account = ({ messages, misplaced, breaks, gaps }: Client) => ({
  messages,
  misplaced,
  breaks,
  gaps: gaps.length,
});

describe("a crowd", () => {
  it("of 1,000 gets everything a provider says at 100 a second, once and in order", async ({
    expect,
  }) => {
    const clients = await gather(1_000);
    await dlive.do({ action: "burst", count: 400, perSecond: 100, prefix: "x" });
    await heardAll(clients, 400);
    for (const client of clients) {
      expect(account(client)).toEqual({ messages: 400, misplaced: 0, breaks: 0, gaps: 0 });
      client.close();
    }
  });

  it("does not notice one that stops reading, which is told what it missed and resumes whole", async ({
    expect,
  }) => {
    // Few enough to be read at this pace by a process that has a fraction of a processor: what is slow
    // itself is told of gaps, as it should be.
    const clients = await gather(20);
    const stalled = await Client.open(relay, "crowd", "", false);
    const start = stalled.position;
    stalled.socket.pause();
    // More than the sockets on the way can hold, which on one machine is some 12 MB.
    const count = 6_000;
    const prefix = `${"long ".repeat(200)}#`;
    await dlive.do({ action: "burst", count, perSecond: 500, prefix });
    await heardAll(clients, count);
    for (const client of clients) {
      expect(account(client)).toEqual({ messages: count, misplaced: 0, breaks: 0, gaps: 0 });
      client.close();
    }
    const newest = clients[0]?.position;
    stalled.socket.resume();
    await stalled.until(() => stalled.closed !== null || stalled.position === newest);
    const missed = stalled.gaps.reduce((sum, { shed }) => sum + (shed ?? 0), 0);
    if (stalled.closed === null) expect(stalled.messages + missed).toBe(count);
    else expect(stalled.closed.code).toBe(4108);
    expect(stalled.messages).toBeLessThan(count);

    const resumed = await Client.open(relay, "crowd", `?after=${start}`, false);
    await resumed.until(() => resumed.messages >= count);
    expect(account(resumed)).toEqual({ messages: count, misplaced: 0, breaks: 0, gaps: 0 });
    resumed.close();
    stalled.close();
  });
});
