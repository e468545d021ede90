import { once } from "node:events";

import { Client } from "./support/client.ts";
import { followInteractiveSync, interactiveSyncUrl, userInterface } from "./support/follow.ts";
import { it } from "./support/it.ts";
import { readToTheEnd, splitFrames } from "./support/raw-dial.ts";

it("says ok with whose channel it is", async ({ expect, interactiveSync }) => {
  const client = new Client(interactiveSyncUrl(interactiveSync));

  expect(await client.take(1)).toEqual([
    '{"status":"ok","context":"connection","message":"You are well connected with the channel","data":{"displayName":"RiverMoss","channelId":"620441700"}}',
  ]);
  expect(interactiveSync.truth().channels).toEqual({
    "620441700": { displayName: "RiverMoss", sockets: [1], interface: null },
  });
});

const missing = "ClientID or accessToken is missing ; connection will be terminated.";

it.for([
  ["without a query", "/", "Query parameters are missing ; connection will be terminated."],
  ["without a token", "/?client_id=a-game", missing],
  ["with an empty token", "/?client_id=a-game&access_token=", missing],
  ["without a client id", "/?access_token=good-token", missing],
  ["at another path", "/ws?client_id=a-game&access_token=good-token", missing],
  ["at another path without a query", "/ws", missing],
] as const)(
  "turns away a dial %s with one message and without a close frame",
  async ([, address, message], { expect, interactiveSync }) => {
    const client = new Client(interactiveSync.url.slice(0, -1) + address);

    expect(await client.closed).toEqual({ code: 1006, reason: "" });
    expect(client.received).toBe(1);
    expect(await client.next()).toEqual({
      status: "error",
      context: "connection",
      message,
      data: null,
    });
    expect(interactiveSync.truth()).toMatchObject({ dials: 1, refused: 1, subscribed: 0 });
  },
);

const noUser =
  "We cant find user_id with your token. It must be an user access token retrieved with implitit code flow or authorization code flow.";

it("makes its checks in their order, and tells the first that fails", async ({
  expect,
  interactiveSync,
}) => {
  await interactiveSync.do([
    {
      action: "knobs",
      okDelayMs: 0,
      blacklist: ["a-game"],
      appTokens: ["good-token"],
      userError: "no such user",
      configurationError: "403",
    },
    { action: "token", value: "another" },
  ]);
  const messages: unknown[] = [];
  const dial = async () => {
    const client = new Client(interactiveSyncUrl(interactiveSync));
    messages.push(((await client.next()) as { message: string }).message);
    expect(await client.closed).toEqual({ code: 1006, reason: "" });
  };

  await dial();
  await interactiveSync.do({ action: "knobs", blacklist: [] });
  await dial();
  await interactiveSync.do({ action: "token", value: null });
  await dial();
  await interactiveSync.do({ action: "knobs", appTokens: [] });
  await dial();
  await interactiveSync.do({ action: "knobs", userError: null });
  await dial();
  await interactiveSync.do({ action: "knobs", configurationError: null });
  await followInteractiveSync(interactiveSync);

  expect(messages).toEqual([
    "An error occurred on ClientID verification: Application is blacklisted.",
    "An error occurred on token validation: invalid access token",
    noUser,
    "An error occurred to retrieve user details: no such user",
    "An error occurred to set extension configuration: 403",
  ]);
  expect(interactiveSync.truth()).toMatchObject({ dials: 6, refused: 5, subscribed: 1 });
});

it.for([
  ["clientIdError", "An error occurred on ClientID verification: out of order"],
  ["tokenError", "An error occurred on token validation: out of order"],
] as const)("fails with %s whoever dials", async ([knob, message], { expect, interactiveSync }) => {
  await interactiveSync.do({ action: "knobs", [knob]: "out of order" });
  const client = new Client(interactiveSyncUrl(interactiveSync));
  expect(await client.next()).toMatchObject({ status: "error", message });
  expect(await client.closed).toMatchObject({ code: 1006 });
});

it("loses what is sent before its ok without a word", async ({ expect, interactiveSync }) => {
  await interactiveSync.do({ action: "knobs", okDelayMs: 150 });
  const client = new Client(interactiveSyncUrl(interactiveSync));
  await client.opened;
  client.send(userInterface({ id: "early" }));
  await interactiveSync.waitFor("lost>=1");
  expect(interactiveSync.truth().subscribed).toBe(0);

  expect(await client.next()).toMatchObject({ status: "ok", context: "connection" });
  client.send(userInterface({ id: "inTime" }));
  expect(await client.next()).toMatchObject({ status: "ok", context: "message" });

  const { messages, interfaces } = interactiveSync.truth();
  expect(messages.map(({ outcome }) => outcome)).toEqual(["beforeOk", "accepted"]);
  expect(interfaces).toMatchObject([{ interface: { id: "inTime" } }]);
});

it("pings at its interval", async ({ expect, interactiveSync }) => {
  const client = await followInteractiveSync(interactiveSync);
  await interactiveSync.do({ action: "knobs", pingIntervalMs: 20 });
  await once(client.socket, "ping");
  await once(client.socket, "ping");
  expect(client.socket.readyState).toBe(client.socket.OPEN);
});

it("ends a socket that does not answer a ping, at the next one", async ({
  expect,
  interactiveSync,
}) => {
  await interactiveSync.do({ action: "knobs", okDelayMs: 0, pingIntervalMs: 5 });
  const bytes = await readToTheEnd(interactiveSyncUrl(interactiveSync));
  const { whole } = splitFrames(bytes);
  expect(whole).toEqual([expect.stringContaining("You are well connected"), ""]);
});

it("says no ping in a whole silence", async ({ expect, interactiveSync }) => {
  const client = await followInteractiveSync(interactiveSync);
  let pings = 0;
  client.socket.on("ping", () => (pings += 1));
  await interactiveSync.do([
    { action: "silence", heartbeats: false },
    { action: "knobs", pingIntervalMs: 5 },
    // Ten intervals long, and nothing of it is said.
    { action: "burst", count: 25, perSecond: 500 },
    { action: "raw", frame: "after" },
  ]);
  expect(await client.take(1)).toEqual(["after"]);
  expect(pings).toBe(0);
});

it("ends sockets whose token expires, and turns away the token from then on", async ({
  expect,
  interactiveSync,
}) => {
  const client = await followInteractiveSync(interactiveSync, "short-lived");
  await interactiveSync.do({ action: "expireToken" });
  expect(await client.closed).toMatchObject({ code: 1006 });
  const again = new Client(interactiveSyncUrl(interactiveSync, "short-lived"));
  expect(await again.next()).toMatchObject({
    message: "An error occurred on token validation: invalid access token",
  });
});
