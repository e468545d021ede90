import { emulations, startEmulator } from "../emulators/index.ts";
import { Chance } from "../emulators/kit/chance.ts";
import { Client } from "./support/client.ts";
import { followInteractiveSync, interactiveSyncUrl, userInterface } from "./support/follow.ts";
import { it } from "./support/it.ts";

const view = "panel";

it("says an input to every socket of the channel, and to no other", async ({
  expect,
  interactiveSync,
}) => {
  await interactiveSync.do({ action: "user", token: "t", channelId: "8100", displayName: "Otter" });
  const games = [
    await followInteractiveSync(interactiveSync),
    await followInteractiveSync(interactiveSync),
  ];
  const stranger = await followInteractiveSync(interactiveSync, "t");
  const press = { action: "input", id: "open-door", view, username: "TealOtter" } as const;

  const { keys } = await interactiveSync.do(press);
  await interactiveSync.do({ ...press, channelId: "8100", id: "elsewhere" });

  const frame =
    '{"status":"ok","context":"emit","message":null,"data":{"type":"input","payload":{"id":"open-door","view":"panel","username":"TealOtter"}}}';
  for (const game of games) {
    expect(await game.take(1)).toEqual([frame]);
  }
  expect((await stranger.take(1))[0]).toContain('"id":"elsewhere"');
  expect(keys).toEqual(["input/open-door/TealOtter/1"]);
  expect(interactiveSync.truth().said).toMatchObject([
    { kind: "input", key: "input/open-door/TealOtter/1", target: "620441700" },
    { kind: "input", key: "input/elsewhere/TealOtter/2", target: "8100" },
  ]);
});

it("puts what was entered between the view and the name", async ({ expect, interactiveSync }) => {
  const client = await followInteractiveSync(interactiveSync);
  const values = { say: "hello", extras: ["hat", "boat"] };
  await interactiveSync.do({ action: "input", id: "ask", view, values, username: "fogbell" });

  expect((await client.take(1))[0]).toContain(
    '"payload":{"id":"ask","view":"panel","values":{"say":"hello","extras":["hat","boat"]},"username":"fogbell"}',
  );
  expect(interactiveSync.truth().said).toMatchObject([{ text: "hello" }]);
});

it.for([
  [null, "null"],
  ["Anonymous", '"Anonymous"'],
] as const)(
  "calls a viewer without a name %s where told so",
  async ([nameless, written], { expect, interactiveSync }) => {
    await interactiveSync.do({ action: "knobs", nameless });
    const client = await followInteractiveSync(interactiveSync);
    await interactiveSync.do({ action: "input", id: "ask", username: null });
    await interactiveSync.do({ action: "mouse", type: "mouseup", username: null });
    for (const frame of await client.take(2)) {
      expect(frame).toContain(`"username":${written}`);
    }
  },
);

it.for([
  ["mousedown", "mousedown"],
  ["mouseup", "mouseup"],
  ["mouse", "mousedown"],
] as const)("says a %s with where it was", async ([type, inside], { expect, interactiveSync }) => {
  const client = await followInteractiveSync(interactiveSync);
  const at = { clientWidth: 640, clientHeight: 360, clientX: 12, clientY: 34 };
  await interactiveSync.do({ action: "mouse", type, ...at, username: "fogbell" });

  expect(await client.take(1)).toEqual([
    `{"status":"ok","context":"emit","message":null,"data":{"type":"${type}","payload":{"type":"${inside}","clientWidth":640,"clientHeight":360,"clientX":12,"clientY":34,"username":"fogbell"}}}`,
  ]);
  expect(interactiveSync.truth().said).toMatchObject([
    { kind: type, key: `${type}/12,34/fogbell/1` },
  ]);
});

it("lays over a payload whatever it was told", async ({ expect, interactiveSync }) => {
  const client = await followInteractiveSync(interactiveSync);
  const override = { clientX: "abc", clientY: -1 };
  await interactiveSync.do({ action: "mouse", type: "mousedown", override });
  expect(await client.next()).toMatchObject({ data: { payload: override } });
});

it("draws what it was not told from the interface that is shown", async ({
  expect,
  interactiveSync,
}) => {
  const client = await followInteractiveSync(interactiveSync);
  const components = [{ type: "button", name: "only-one" }];
  client.send(userInterface({ id: "1", video_overlay: { top: { components } } }));
  await client.take(1);

  await interactiveSync.do({ action: "input" });

  expect(await client.next()).toMatchObject({
    data: { payload: { id: "only-one", view: "video_overlay" } },
  });
});

it("says nothing to a socket that waits for its ok", async ({ expect, interactiveSync }) => {
  await interactiveSync.do({ action: "knobs", okDelayMs: 600_000 });
  const client = new Client(interactiveSyncUrl(interactiveSync));
  await client.opened;
  await interactiveSync.waitFor("sockets>=1");

  expect(await interactiveSync.do({ action: "input" })).toMatchObject({ heard: false });
  await interactiveSync.do({ action: "raw", frame: "only this" });
  expect(await client.take(1)).toEqual(["only this"]);
  expect(interactiveSync.truth()).toMatchObject({ subscribed: 0, saidCount: 0, unheard: 1 });
});

it("says recorded frames in order, of a transcript the server's only", async ({
  expect,
  interactiveSync,
}) => {
  const client = await followInteractiveSync(interactiveSync);
  const emit = {
    status: "ok",
    context: "emit",
    message: null,
    data: { type: "mouseup", payload: { type: "mouseup", clientX: "abc", username: null } },
  };
  const answer = { status: "warning", context: "message", message: "anything", data: null };

  const outcome = await interactiveSync.do({
    action: "frames",
    everyMs: 1,
    frames: [
      { at_ms: 2, event: "open" },
      { at_ms: 25, dir: "server->client", json: emit },
      { at_ms: 26, dir: "client->server", json: answer },
      { at_ms: 27, dir: "server->client", raw: "{raw" },
      { at_ms: 28, dir: "server->client", json: answer },
      emit,
      "as it is",
      { at_ms: 30, event: "close", code: 1005, reason: "" },
    ],
  });

  expect(await client.take(5)).toEqual([
    JSON.stringify(emit),
    "{raw",
    JSON.stringify(answer),
    JSON.stringify(emit),
    "as it is",
  ]);
  expect(outcome).toMatchObject({ heard: true, count: 5 });
  expect(interactiveSync.truth().said.map((entry) => entry.kind)).toEqual(["mouseup", "mouseup"]);
});

it.for([
  ["slow-ok", { okDelayMs: 3_000 }],
  ["five-warnings", { warnAlways: "incomplete" }],
  ["transfer-error", { transferError: "getaddrinfo ENOTFOUND api.twitch.tv" }],
] as const)("begins %s before anybody dials", ([script, knobs], { expect }) => {
  const steps = emulations["interactive-sync"].scripts[script]?.steps(new Chance(1)) ?? [];
  const [first] = steps;
  expect(first).toEqual({ atOnce: true, do: { action: "knobs", ...knobs } });
});

it("answers five messages with warnings in five-warnings, and goes", async ({
  expect,
  onTestFinished,
}) => {
  const emulator = await startEmulator("interactive-sync", { script: "five-warnings" });
  onTestFinished(() => emulator.close());
  const client = await followInteractiveSync(emulator);
  for (const id of ["1", "2", "3", "4", "5"]) {
    client.send(userInterface({ id }));
  }
  expect(await client.closed).toMatchObject({ code: 1006 });
  expect(emulator.truth().counts).toMatchObject({ interfaces: 0, warnings: 5, ended: 1 });
});

it("says recorded emits to the channel they were told to", async ({ expect, interactiveSync }) => {
  await interactiveSync.do({ action: "user", token: "t", channelId: "8100", displayName: "Otter" });
  const game = await followInteractiveSync(interactiveSync, "t");
  const emit = { context: "emit", data: { type: "input", payload: { id: "ask" } } };
  const frames = [emit];

  await interactiveSync.do({ action: "frames", frames });
  await interactiveSync.do({ action: "frames", frames, channelId: "8100" });

  expect(await game.next()).toMatchObject(emit);
  expect(interactiveSync.truth()).toMatchObject({ saidCount: 1, unheard: 1 });
});
