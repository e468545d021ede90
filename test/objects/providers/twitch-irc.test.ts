import { afterEach, describe, it } from "vitest";

import { call } from "../../support/api.ts";
import { Emulated } from "../../support/emulated.ts";
import { lifeOf, Listener, wordsIn } from "../../support/listener.ts";

const twitch = new Emulated("twitch-irc");
const IDENTIFIER = "twitch-irc:streamer";
const ACCOUNT = {
  clientId: "a-client",
  accessToken: "an-access-token",
  refreshToken: "first-refresh-token",
};

let listener: Listener | null = null;
afterEach(async () => {
  await listener?.end();
  listener = null;
});

async function listen(credentials: object = ACCOUNT): Promise<Listener> {
  await twitch.reset();
  return (listener = await Listener.to(twitch, { credentials }));
}

/** Resolves once the connection map says of the room that it is so, as an event. */
function untilConnection(heard: Listener, state: Record<string, unknown>): Promise<void> {
  return heard.until((events) => {
    const told = events.filter(({ type }) => type === "connection.updated").at(-1)?.data ?? {};
    return Object.entries(state).every(([name, value]) => told[name] === value);
  });
}

async function say(heard: Listener, body: object): Promise<void> {
  const { status } = await call("POST", `/channels/${heard.channel}/messages`, body);
  if (status !== 202) throw new Error(`not taken on: ${status}`);
}

describe("a Twitch channel with a user's token", () => {
  it("is written to by the API, and what was written is heard once, with the id it has there", async ({
    expect,
  }) => {
    const heard = await listen();
    await untilConnection(heard, { writable: true });
    await say(heard, { text: "hello", replyTo: "m-1" });
    await say(heard, { text: "waves", kind: "emote" });
    const isEnd = (type: string): boolean => type === "send.confirmed";
    await heard.until((events) => events.filter(({ type }) => isEnd(type)).length === 2);
    await heard.until((events) => wordsIn(events).length === 2);
    const { posted } = (await twitch.truth()) as unknown as { posted: { text: string }[] };
    expect(posted).toMatchObject([
      { text: "hello", replyTo: "m-1", token: "an-access-token" },
      { text: "/me waves", replyTo: null },
    ]);
    const said = heard.events.filter(({ type }) => type === "chat.message");
    expect(said.map(({ data }) => (data["message"] as { action: boolean }).action)).toEqual([
      false,
      true,
    ]);
  });

  it("goes on reading while the token is renewed, and can be written to again", async ({
    expect,
  }) => {
    const heard = await listen();
    await untilConnection(heard, { writable: true });
    await twitch.do({ action: "expireToken", keepSockets: true });
    await say(heard, { text: "too late" });
    await heard.until((events) => events.some(({ type }) => type === "send.failed"));
    expect(heard.events.find(({ type }) => type === "send.failed")?.data).toMatchObject({
      reason: "token_invalid",
      retryable: true,
    });
    await untilConnection(heard, { writable: false, reason: "token_invalid" });
    await untilConnection(heard, { writable: true, reason: null });
    await say(heard, { text: "in time" });
    await heard.until((events) => wordsIn(events).includes("in time"));
    const truth = await twitch.until("sockets==1");
    const { refreshes, dials } = truth as unknown as { refreshes: object[]; dials: number };
    expect([refreshes.length, dials]).toEqual([1, 2]);
    expect(lifeOf(IDENTIFIER, heard.events)).toMatch(/^L*C+$/);
  });

  it("is read all the same where the token is worth nothing, and that is told", async ({
    expect,
  }) => {
    await twitch.reset();
    await twitch.do({ action: "token", value: "another" });
    listener = await Listener.to(twitch, {
      credentials: { ...ACCOUNT, refreshToken: "used-up" },
    });
    await untilConnection(listener, { status: "connected", reason: "token_invalid" });
    await twitch.until("refreshes==1");
    await twitch.do({ action: "message", text: "still here" });
    await listener.until((events) => wordsIn(events).includes("still here"));
    const [connection] = await listener.connections();
    expect(connection).toMatchObject({ writable: false, status: "connected" });
  });
});
