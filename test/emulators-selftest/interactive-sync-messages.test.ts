import { beforeEach } from "vitest";

import { followInteractiveSync, userInterface } from "./support/follow.ts";
import { it } from "./support/it.ts";

const accepted =
  '{"status":"ok","context":"message","message":"Message was well received and transfered to Twitch API.","data":null}';

/** Two messages in a row are no spam, where that is not what a test is about. */
const patient = { action: "knobs", spamMs: 0, paceMs: 0 } as const;

beforeEach<{ interactiveSync: { do(action: typeof patient): Promise<unknown> } }>(
  async ({ interactiveSync }) => {
    await interactiveSync.do(patient);
  },
);

it("answers a valid interface with ok, shows it and tells the viewers", async ({
  expect,
  interactiveSync,
}) => {
  const client = await followInteractiveSync(interactiveSync);
  client.send(userInterface({ id: "one" }));

  expect(await client.take(1)).toEqual([accepted]);
  const shown = { id: "one", config: { transparent: false, ripple: true } };
  const { channels, interfaces, broadcasts } = interactiveSync.truth();
  expect(channels["620441700"]?.interface).toEqual(shown);
  expect(interfaces).toMatchObject([{ socket: 1, channelId: "620441700", interface: shown }]);
  expect(broadcasts).toMatchObject([{ message: { type: "user_interface", data: shown } }]);
});

it("takes a message as bytes just as well", async ({ expect, interactiveSync }) => {
  const client = await followInteractiveSync(interactiveSync);
  client.socket.send(Buffer.from(JSON.stringify(userInterface({ id: "bytes" }))));
  expect(await client.take(1)).toEqual([accepted]);
});

it("ends the connection for spam", async ({ expect, interactiveSync }) => {
  await interactiveSync.do({ action: "knobs", spamMs: 60_000 });
  const client = await followInteractiveSync(interactiveSync);
  client.send(userInterface({ id: "one" }));
  client.send(userInterface({ id: "two" }));

  expect(await client.take(2)).toEqual([
    accepted,
    '{"status":"error","context":"message","message":"We have detected spam ; connection will be terminated.","data":null}',
  ]);
  expect(await client.closed).toEqual({ code: 1006, reason: "" });
  const { messages, counts } = interactiveSync.truth();
  expect(messages.map(({ outcome }) => outcome)).toEqual(["accepted", "spam"]);
  expect(counts).toMatchObject({ warnings: 0, ended: 1 });
});

it("ignores what comes too soon, with a warning", async ({ expect, interactiveSync }) => {
  await interactiveSync.do({ action: "knobs", paceMs: 60_000 });
  const client = await followInteractiveSync(interactiveSync);
  client.send(userInterface({ id: "one" }));
  client.send(userInterface({ id: "two" }));

  await client.take(1);
  expect(await client.next()).toEqual({
    status: "warning",
    context: "message",
    message:
      "The time between your previous message and message received is too high ; message is ignored.",
    data: null,
  });
  expect(interactiveSync.truth().channels["620441700"]?.interface).toMatchObject({ id: "one" });
});

it("measures its pace from a message that a later rule refused, and not from one too soon", async ({
  expect,
  interactiveSync,
}) => {
  await interactiveSync.do({ action: "knobs", paceMs: 1_000 });
  const client = await followInteractiveSync(interactiveSync);
  await interactiveSync.do({ action: "silence", heartbeats: true });
  client.send("{not json");
  await interactiveSync.waitFor("warnings>=1");
  // 300 milliseconds long, and nothing of it is said.
  await interactiveSync.do({ action: "burst", count: 30, perSecond: 100 });
  client.send(userInterface({ id: "one" }));
  await interactiveSync.waitFor("warnings>=2");
  await interactiveSync.do({ action: "burst", count: 80, perSecond: 100 });
  client.send(userInterface({ id: "two" }));
  await interactiveSync.waitFor("received>=3");

  const outcomes = interactiveSync.truth().messages.map(({ outcome }) => outcome);
  expect(outcomes).toEqual(["unparsable", "tooSoon", "accepted"]);
});

/** As long as the whole message says, in UTF-16 units. */
function ofLength(length: number): string {
  const around = JSON.stringify(userInterface({ id: "" })).length;
  return JSON.stringify(userInterface({ id: "a".repeat(length - around) }));
}

const tooBig = "Size of the JSON received is too big ; message is ignored.";
const unparsable = "A parsing error occured with the JSON received ; message is ignored.";
const incomplete = "Context or data is missing ; message is ignored.";
const invalid = "JSON received is invalid ; message is ignored.";

it.for([
  ["of 2,095 characters", ofLength(2_095), tooBig],
  ["of 2,094 characters with a wrong id", ofLength(2_094), invalid],
  ["that is no JSON and too long", "x".repeat(2_095), tooBig],
  ["that is no JSON", "{not json", unparsable],
  ["that is empty", "", unparsable],
  ["that is no object", "[]", incomplete],
  ["without a context", '{"data":{"id":"1"}}', incomplete],
  ["with another context", '{"context":"input","data":{}}', incomplete],
  ["without data", '{"context":"user_interface"}', incomplete],
  ["with data that is nothing", '{"context":"user_interface","data":0}', incomplete],
  ["with data that is a text", '{"context":"user_interface","data":"all"}', invalid],
] as const)("warns of a message %s", async ([, text, message], { expect, interactiveSync }) => {
  const client = await followInteractiveSync(interactiveSync);
  client.send(text);
  expect(await client.next()).toMatchObject({ status: "warning", context: "message", message });
  expect(interactiveSync.truth().counts).toMatchObject({ warnings: 1, interfaces: 0 });
});

it("warns of the id that is shown already", async ({ expect, interactiveSync }) => {
  const client = await followInteractiveSync(interactiveSync);
  client.send(userInterface({ id: "same" }));
  client.send(userInterface({ id: "same", panel: {} }));

  await client.take(1);
  expect(await client.next()).toEqual({
    status: "warning",
    context: "message",
    message: "JSON received has an identical ID than the previous ; message is ignored.",
    data: { previousID: "same", newID: "same" },
  });
});

it("ends the connection at the fifth warning, whatever came between", async ({
  expect,
  interactiveSync,
}) => {
  const client = await followInteractiveSync(interactiveSync);
  for (const message of ["1", "2", "3", "4", userInterface({ id: "good" }), "5"]) {
    client.send(message);
  }

  const frames = await client.take(7);
  expect(frames[4]).toBe(accepted);
  expect(frames[5]).toContain('"status":"warning"');
  expect(frames[6]).toBe(
    '{"status":"error","context":"message","message":"You have exceeded the warning limit ; connection will be terminated.","data":{"limit":5}}',
  );
  expect(await client.closed).toEqual({ code: 1006, reason: "" });
  const warnings = interactiveSync.truth().messages.map((message) => message.warnings);
  expect(warnings).toEqual([1, 2, 3, 4, 4, 5]);
});

it("counts the warnings of each socket by itself", async ({ expect, interactiveSync }) => {
  const clients = [
    await followInteractiveSync(interactiveSync),
    await followInteractiveSync(interactiveSync),
  ];
  for (const client of clients) {
    for (const message of ["1", "2", "3", "4"]) {
      client.send(message);
    }
    await client.take(4);
  }
  expect(interactiveSync.truth()).toMatchObject({ sockets: 2, counts: { warnings: 8, ended: 0 } });
});

it("says the bare reason when Twitch cannot be reached, and counts no warning", async ({
  expect,
  interactiveSync,
}) => {
  await interactiveSync.do({ action: "knobs", transferError: "socket hang up" });
  const client = await followInteractiveSync(interactiveSync);
  for (const id of ["1", "2", "3", "4", "5", "6"]) {
    client.send(userInterface({ id }));
  }

  const error = { status: "error", context: "message", message: "socket hang up", data: null };
  expect(await client.take(6)).toEqual(Array(6).fill(JSON.stringify(error)));
  await interactiveSync.do({ action: "knobs", transferError: null });
  client.send(userInterface({ id: "7" }));
  expect(await client.take(1)).toEqual([accepted]);
  expect(interactiveSync.truth().counts).toMatchObject({ failures: 6, warnings: 0, interfaces: 1 });
});

it("ends the connection when it has lost the channel", async ({ expect, interactiveSync }) => {
  await interactiveSync.do({ action: "knobs", channelLost: true });
  const client = await followInteractiveSync(interactiveSync);
  client.send(userInterface({ id: "1" }));
  expect(await client.next()).toMatchObject({
    status: "error",
    message: "For unknown reasons, channelID is undefined ; connection will be terminated.",
  });
  expect(await client.closed).toMatchObject({ code: 1006 });
});

it("clears what is shown for an empty interface, and again", async ({
  expect,
  interactiveSync,
}) => {
  const client = await followInteractiveSync(interactiveSync);
  for (const data of [{ id: "one" }, {}, {}]) {
    client.send(userInterface(data));
  }

  expect(await client.take(3)).toEqual([accepted, accepted, accepted]);
  const { channels, broadcasts, interfaces } = interactiveSync.truth();
  expect(channels["620441700"]?.interface).toBeNull();
  expect(interfaces.map((entry) => entry.interface)).toMatchObject([{ id: "one" }, null, null]);
  expect(broadcasts.at(-1)?.message).toEqual({ type: "user_interface" });
});

it("empties what is shown when any socket of the channel closes, and then refuses to clear it", async ({
  expect,
  interactiveSync,
}) => {
  const leaving = await followInteractiveSync(interactiveSync);
  const staying = await followInteractiveSync(interactiveSync);
  staying.send(userInterface({ id: "one" }));
  await staying.take(1);

  leaving.socket.close();
  await interactiveSync.waitFor("broadcasts>=2");

  const { channels, broadcasts } = interactiveSync.truth();
  expect(channels["620441700"]).toMatchObject({ sockets: [2], interface: {} });
  expect(broadcasts.at(-1)?.message).toEqual({ type: "user_interface", data: {} });
  staying.send(userInterface({}));
  expect(await staying.next()).toMatchObject({ status: "warning", data: {} });
  staying.send(userInterface({ id: "one" }));
  expect(await staying.take(1)).toEqual([accepted]);
});

it("keeps one interface a channel: the last writer's", async ({ expect, interactiveSync }) => {
  const channelId = "8100";
  await interactiveSync.do({ action: "user", token: "other", channelId, displayName: "Otter" });
  const games = [
    await followInteractiveSync(interactiveSync),
    await followInteractiveSync(interactiveSync),
    await followInteractiveSync(interactiveSync, "other"),
  ];
  for (const [at, game] of games.entries()) {
    game.send(userInterface({ id: `from${at + 1}` }));
    expect(await game.take(1)).toEqual([accepted]);
  }
  expect(interactiveSync.truth().channels).toMatchObject({
    "620441700": { sockets: [1, 2], interface: { id: "from2" } },
    [channelId]: { displayName: "Otter", sockets: [3], interface: { id: "from3" } },
  });
});

it("answers everything with a warning where told so", async ({ expect, interactiveSync }) => {
  await interactiveSync.do({ action: "knobs", warnAlways: "tooBig" });
  const client = await followInteractiveSync(interactiveSync);
  client.send(userInterface({ id: "small" }));
  expect(await client.next()).toMatchObject({ status: "warning", message: tooBig });
});
