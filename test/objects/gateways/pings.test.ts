import { evictDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { describe, it } from "vitest";

import { chat, makeChannel } from "../../support/api.ts";
import { dial, frameOf, post, tokenOf } from "../../support/gateways.ts";
import { connect, type TestSocket } from "../../support/sockets.ts";

const PING = '{"type":"ping"}';
const PONG = '{"type":"pong"}';

/** Sends a ping to a gateway, and reads up to something that comes after its answer. */
async function answersTo(
  socket: TestSocket,
  isLast: (frame: string) => boolean,
  next: () => Promise<unknown>,
): Promise<string[]> {
  socket.send(PING);
  await next();
  const frames: string[] = [];
  while (frames.length === 0 || !isLast(frames.at(-1) ?? "")) frames.push(await socket.nextText());
  return frames;
}

describe("a frame that is a ping of the native protocol", () => {
  it("is answered with a pong on the native protocol, whoever else is in the object", async ({
    expect,
  }) => {
    const channel = await makeChannel();
    const native = await connect(channel);
    await native.nextOf("hello");
    const pinged = async (): Promise<void> => {
      native.send(PING);
      expect(await native.nextText()).toBe(PONG);
    };
    await pinged();
    const other = await dial(`/ws?accessToken=${await tokenOf(channel)}`);
    await frameOf(other);
    await pinged();
    await evictDurableObject(env.CHANNEL.getByName(channel));
    await pinged();
    other.close();
    await other.closed;
    await pinged();
  });

  it.for(["restream", "multistreamer"] as const)(
    "is no ping at the gateway %s, which says nothing of it",
    async (protocol, { expect }) => {
      const channel = await makeChannel();
      const native = await connect(channel);
      await native.nextOf("hello");
      const token = await tokenOf(channel);
      const path =
        protocol === "restream" ? `/ws?accessToken=${token}` : `/ws/${channel}?token=${token}`;
      const socket = await dial(path);
      if (protocol === "restream") await frameOf(socket);
      for (let round = 0; round < 2; round += 1) {
        const words = `after the ping ${round}`;
        const told = await answersTo(
          socket,
          (frame) => frame.includes(words),
          () => post(channel, { ...chat(`m-${round}`, words), platform: "twitch" }),
        );
        expect(told).not.toContain(PONG);
        // Nor is it one while the object sleeps.
        await evictDurableObject(env.CHANNEL.getByName(channel));
      }
    },
  );

  it("is a warning at the gateway of Interactive Sync", async ({ expect }) => {
    const channel = await makeChannel();
    const token = await tokenOf(channel);
    const socket = await dial(`/gateways/interactive-sync/?client_id=g&access_token=${token}`);
    await frameOf(socket);
    socket.send(PING);
    expect(await frameOf(socket)).toMatchObject({ status: "warning", context: "message" });
  });

  it("is a bad request at Astro's", async ({ expect }) => {
    const socket = await dial("/gateways/astro/");
    expect(await frameOf(socket)).toMatchObject({ type: "welcome" });
    socket.send(PING);
    expect(await frameOf(socket)).toMatchObject({ type: "response", error: expect.anything() });
  });

  it("ends the connection at DLive's", async ({ expect }) => {
    const socket = await dial("/gateways/dlive/", ["graphql-ws"]);
    socket.send(PING);
    expect(await frameOf(socket)).toMatchObject({ type: "connection_error" });
    expect((await socket.closed).code).toBe(1002);
  });
});
