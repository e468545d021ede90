import type { EmulatorOf } from "../emulators/index.ts";
import { Client } from "./support/client.ts";
import { followRestream } from "./support/follow.ts";
import { it } from "./support/it.ts";

interface Frame {
  readonly action: string;
  readonly payload: Readonly<Record<string, unknown>>;
  readonly timestamp: number;
}

async function take(client: Client, count: number): Promise<Frame[]> {
  return (await client.take(count)).map((frame) => JSON.parse(frame) as Frame);
}

function onlyConnection(restream: EmulatorOf<"restream">) {
  const [[identifier, before] = ["", undefined]] = Object.entries(restream.truth().connections);
  return { identifier, before };
}

it("greets with one connection_info for each connection", async ({ expect, restream }) => {
  await restream.do([
    { action: "connect", platform: "youtube", channel: "abcdefghijk" },
    { action: "connect", platform: "kick", status: "error", reason: "internal" },
  ]);
  const client = new Client(`${restream.url}?accessToken=t`);

  const frames = await take(client, 3);

  const { connections } = restream.truth();
  expect(frames.map(({ action }) => action)).toEqual(Array(3).fill("connection_info"));
  expect(frames.map(({ payload }) => payload["connectionIdentifier"])).toEqual(
    Object.keys(connections),
  );
  expect(Object.keys(connections)[1]).toMatch(/^\d+-youtube-abcdefghijk$/);
  expect(frames.map(({ payload }) => payload["connectionUuid"])).toEqual(
    Object.values(connections).map(({ uuid }) => uuid),
  );
  expect(frames[2]?.payload).toMatchObject({ status: "error", reason: "internal" });
});

it("counts what a second socket is told of the same connections as repeats", async ({
  expect,
  restream,
}) => {
  await followRestream(restream);
  await followRestream(restream);
  expect(restream.truth()).toMatchObject({ saidCount: 1, repeats: 1, subscribed: 2 });
});

it("announces again with exactly the same bytes", async ({ expect, restream }) => {
  const client = new Client(`${restream.url}?accessToken=t`);
  const [first] = await client.take(1);
  const [identifier = ""] = Object.keys(restream.truth().connections);

  await restream.do({ action: "announce", identifier, repeats: 2 });

  expect(await client.take(2)).toEqual([first, first]);
});

it("repeats itself when a connection is told to be what it is", async ({ expect, restream }) => {
  const client = new Client(`${restream.url}?accessToken=t`);
  const [first] = await client.take(1);

  await restream.do({ action: "connect", platform: "twitch", status: "connected" });

  expect(await client.take(1)).toEqual([first]);
  expect(restream.truth()).toMatchObject({ saidCount: 1, repeats: 1 });
});

it.for([
  ["new-first", ["info new", "closed old"]],
  ["old-first", ["closed old", "info new"]],
  ["never-closes", ["info new"]],
  ["no-successor", ["closed old"]],
] as const)("replaces a connection %s", async ([order, expected], { expect, restream }) => {
  const client = await followRestream(restream);
  const { identifier, before } = onlyConnection(restream);

  const { uuid } = await restream.do({ action: "replace", identifier, order });

  const frames = await take(client, expected.length);
  const told = frames.map(({ action, payload }) => {
    const age = payload["connectionUuid"] === before?.uuid ? "old" : "new";
    return `${action.replace("connection_", "")} ${age}`;
  });
  expect(told).toEqual(expected);
  const after = restream.truth().connections[identifier];
  expect(after?.uuid).toBe(order === "no-successor" ? undefined : uuid);
});

it("tells a changed status under the same uuid", async ({ expect, restream }) => {
  const client = await followRestream(restream);
  const { identifier, before } = onlyConnection(restream);
  const reason = "restream_channel_connection_expired";

  await restream.do({ action: "status", identifier, status: "error", reason });

  const [frame] = await take(client, 1);
  expect(frame?.payload).toMatchObject({ connectionUuid: before?.uuid, status: "error", reason });
});

it("closes a connection by name, and one that nobody ever had", async ({ expect, restream }) => {
  const client = await followRestream(restream);
  const { identifier, before } = onlyConnection(restream);

  const unknown = await restream.do({
    action: "closeConnection",
    uuid: "unknown",
    reason: "expired",
  });
  expect(Object.keys(restream.truth().connections)).toEqual([identifier]);
  await restream.do({ action: "closeConnection", identifier, reason: "removed" });

  expect((await take(client, 2)).map(({ payload }) => payload)).toEqual([
    { connectionUuid: unknown.uuid, reason: "expired" },
    { connectionUuid: before?.uuid, reason: "removed" },
  ]);
  expect(restream.truth().connections).toEqual({});
});

it("goes deaf with heartbeats when all is replaced silently, until a new dial", async ({
  expect,
  restream,
}) => {
  const client = await followRestream(restream);
  const [before] = Object.values(restream.truth().connections);
  await restream.do([
    { action: "replaceAllSilently" },
    { action: "event", eventTypeId: 4, text: "lost" },
    { action: "knobs", heartbeatMs: 5 },
  ]);

  const [closed, beat] = await take(client, 2);
  expect(closed?.payload).toEqual({ connectionUuid: before?.uuid, reason: "replaced" });
  expect(beat).toMatchObject({ action: "heartbeat", payload: {} });
  const again = new Client(`${restream.url}?accessToken=t`);
  const [fresh] = await take(again, 1);
  const [after] = Object.values(restream.truth().connections);
  expect(fresh?.payload["connectionUuid"]).toBe(after?.uuid);
  expect(after?.uuid).not.toBe(before?.uuid);
  await restream.do({ action: "event", eventTypeId: 4, text: "found" });
  expect(restream.truth().unheard).toBe(1);
});

it("names what there is when a connection is not", async ({ expect, restream }) => {
  const [identifier = ""] = Object.keys(restream.truth().connections);
  const act = restream.do({ action: "announce", identifier: "1-nowhere-2" });
  await expect(act).rejects.toThrow(identifier);
});

it("swallows whatever a client sends", async ({ expect, restream }) => {
  const client = await followRestream(restream);
  for (const frame of ['{"action":"ping"}', "nonsense", '{"action":"send_message"}']) {
    client.send(frame);
  }
  await restream.waitFor("received>=3");
  await restream.do({ action: "event", eventTypeId: 4, text: "unmoved" });
  expect((await client.take(1))[0]).toContain("unmoved");
});
