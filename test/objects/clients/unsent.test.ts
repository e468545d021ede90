import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { describe, it } from "vitest";

import { UNSENT_MAX } from "../../../src/channel/pressure.ts";
import { findUnsent, UnsentBytes } from "../../../src/objects/clients/unsent.ts";
import { makeChannel, postNotes } from "../../support/api.ts";
import { dial, tokenOf } from "../../support/gateways.ts";
import { connect, type TestSocket } from "../../support/sockets.ts";

const KIB = 1024;

/** Sockets that have so much unread, as their object sees it. */
function stall(sockets: readonly WebSocket[], bytes: number): void {
  for (const socket of sockets) {
    Object.defineProperty(socket, "bufferedAmount", { get: () => bytes, configurable: true });
  }
}

describe("the unread bytes of an object's sockets", () => {
  it("are bounded together: of many that do not read some go, and who reads stays", async ({
    expect,
  }) => {
    const channel = await makeChannel();
    const bare = await tokenOf(channel);
    const slow: TestSocket[] = [];
    for (let index = 0; index < 55; index++) slow.push(await connect(channel));
    for (let index = 0; index < 5; index++) {
      slow.push(await dial(`/gateways/restream/ws?accessToken=${bare}`));
    }
    const reading = await connect(channel);
    const object = env.CHANNEL.getByName(channel);
    await runInDurableObject(object, (_, state) => {
      // The last that came reads; of the others each has less than closes one by itself.
      const [newest] = state.getWebSockets().slice(-1);
      for (const socket of state.getWebSockets()) {
        if (socket !== newest) stall([socket], 240 * KIB);
      }
    });
    await postNotes(channel, ["all stay"]);
    await runInDurableObject(object, (_, state) => {
      expect(state.getWebSockets()).toHaveLength(61);
      expect(findUnsent(state).bytes).toBe(60 * 240 * KIB);
      const [newest] = state.getWebSockets().slice(-1);
      for (const socket of state.getWebSockets()) {
        if (socket !== newest) stall([socket], 1_000 * KIB);
      }
    });
    await postNotes(channel, ["some go"]);
    await reading.events(2);
    await runInDurableObject(object, (_, state) => {
      const { bytes, sockets } = findUnsent(state);
      expect(bytes).toBeLessThanOrEqual(UNSENT_MAX);
      expect(sockets).toBeLessThan(60);
    });
    reading.close();
  });

  it("are looked at again before others are held to account for them", ({ expect }) => {
    const unsent = new UnsentBytes();
    const others = Array.from({ length: 100 }, () => ({ bufferedAmount: 500 * KIB }));
    for (const other of others) unsent.pressureOn(other, 1_000);
    const socket = { bufferedAmount: 500 * KIB };
    for (const other of others) other.bufferedAmount = 0;
    // They have read all of it since, and nothing was sent to them.
    expect(unsent.pressureOn(socket, 1_060)).toBe("shed");
    expect([unsent.bytes, unsent.sockets]).toEqual([500 * KIB, 1]);
    unsent.forget(socket);
    expect([unsent.bytes, unsent.sockets]).toEqual([0, 0]);
  });
});
