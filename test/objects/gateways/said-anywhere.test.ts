import { abortAllDurableObjects } from "cloudflare:test";
import { afterEach, describe, it } from "vitest";

import { call, makeChannel } from "../../support/api.ts";
import type { Emulable } from "../../support/emulable.ts";
import { Emulated } from "../../support/emulated.ts";
import { dial, frameOf, tokenOf } from "../../support/gateways.ts";
import { connect, type TestSocket } from "../../support/sockets.ts";

/*
 * From each provider with a chat to the clients of a gateway: real sockets at both ends. Interactive
 * Sync has no chat: what it has, inputs and the mouse, cannot be said in either protocol.
 */

const SAID = "said over there";

/** What each provider is made to do so that somebody says something. */
const PROVIDERS: Partial<Record<Emulable, readonly Record<string, unknown>[]>> = {
  dlive: [{ action: "item", type: "Message", streamer: "streamer", content: SAID }],
  restream: [{ action: "event", eventTypeId: 4, text: SAID }],
  astro: [{ action: "chat", platform: "youtube", text: SAID }],
  multistreamer: [{ action: "chat", accountId: 12, text: SAID }],
};

interface Frame {
  readonly type: string;
  readonly text?: string;
  readonly network?: string;
  readonly data?: { readonly snippet?: { displayMessage: string }; readonly message?: unknown };
}

interface Gateway {
  readonly name: string;
  readonly enter: (channel: string) => Promise<TestSocket>;
  /** The words of a frame that tells what somebody said; null for any other. */
  readonly words: (frame: Frame) => string | null;
}

const GATEWAYS: readonly Gateway[] = [
  {
    name: "multistreamer",
    enter: async (channel) => dial(`/ws/${channel}?token=${await tokenOf(channel)}`),
    words: ({ type, text }) => (type === "text" ? (text ?? null) : null),
  },
  {
    name: "Astro",
    async enter(channel) {
      const socket = await dial("/gateways/astro");
      const data = { topic: "channel.chat.message", token: await tokenOf(channel) };
      socket.send({ type: "subscribe", data });
      for (;;) if ((await frameOf<Frame>(socket)).type === "response") return socket;
    },
    words({ type, data }) {
      if (type !== "message") return null;
      const { text } = (data?.message ?? {}) as { text?: string };
      return data?.snippet?.displayMessage ?? text ?? null;
    },
  },
];

let channel = "";

afterEach(async () => {
  await call("DELETE", `/channels/${channel}`);
});

describe.for(GATEWAYS)("a client of $name", ({ enter, words }) => {
  it.for(Object.entries(PROVIDERS))(
    "hears what is said on %s",
    async ([id, actions], { expect }) => {
      const provider = new Emulated(id as Emulable);
      await provider.reset();
      channel = await makeChannel();
      const [socket, native] = [await enter(channel), await connect(channel)];
      await native.nextOf("hello");
      await provider.link(channel);
      for (;;) {
        const { data } = await native.nextEvent("connection.updated");
        if (data["status"] === "connected") break;
      }
      await provider.do(...actions);
      for (;;) {
        const said = words(await frameOf<Frame>(socket));
        if (said === null) continue;
        expect(said).toBe(SAID);
        break;
      }
      for (const each of [socket, native]) each.close();
      await abortAllDurableObjects();
    },
  );
});
