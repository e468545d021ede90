import { knownEventTypeIds } from "../emulators/restream/event-types.ts";
import type { Client } from "./support/client.ts";
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

it.for([...knownEventTypeIds, 99])(
  "tells an event of type %i, of a connection that was announced",
  async (eventTypeId, { expect, restream }) => {
    const client = await followRestream(restream);

    const { identifier = "", keys } = await restream.do({ action: "event", eventTypeId });

    const frames = await take(client, restream.truth().saidCount - 1);
    const event = frames.at(-1);
    const connection = restream.truth().connections[identifier];
    expect(event?.action).toBe("event");
    expect(event?.payload).toMatchObject({
      connectionIdentifier: identifier,
      eventIdentifier: keys?.[0],
      eventPayload: { author: expect.any(Object) as unknown },
      eventSourceId: connection?.eventSourceId,
      eventTypeId,
    });
    expect(event?.timestamp).toBeLessThanOrEqual(Date.now() / 1000);
  },
);

it("lays what it was told over the payload, one level down", async ({ expect, restream }) => {
  const client = await followRestream(restream);
  await restream.do({
    action: "event",
    eventTypeId: 7,
    text: "well done",
    author: "RiverMoss",
    payload: { donation: { amount: "4.20" }, author: { isVerified: true } },
    override: { eventIdentifier: "not-unique" },
  });

  const event = (await take(client, 2))[1];
  expect(event?.payload).toMatchObject({
    eventIdentifier: "not-unique",
    eventPayload: {
      text: "well done",
      donation: { amount: "4.20", currencyString: "EUR" },
      author: { displayName: "RiverMoss", isChatOwner: true, isVerified: true },
    },
  });
});

it("replaces emotes from the last to the first, both ends included", async ({
  expect,
  restream,
}) => {
  const client = await followRestream(restream);
  await restream.do({ action: "event", eventTypeId: 4, text: "riverTea or riverWave" });
  const [event] = await take(client, 1);
  expect(event?.payload["eventPayload"]).toMatchObject({
    replaces: [
      { from: 12, to: 20, type: "imageUrl" },
      { from: 0, to: 7, type: "imageUrl" },
    ],
  });
});

it("takes an event of a connection that nobody announced", async ({ expect, restream }) => {
  const client = await followRestream(restream);
  const identifier = "1-twitch-2";
  await restream.do({ action: "event", eventTypeId: 4, identifier });
  const [event] = await take(client, 1);
  expect(event?.payload).toMatchObject({ connectionIdentifier: identifier, eventSourceId: 2 });
});

it("leaves the fields of no document out where told so", async ({ expect, restream }) => {
  const client = await followRestream(restream);
  await restream.do([
    { action: "event", eventTypeId: 4 },
    { action: "knobs", extras: false },
    { action: "event", eventTypeId: 4 },
  ]);
  const [rich, plain] = await take(client, 2);
  expect(Object.keys(rich?.payload ?? {})).toContain("eventId");
  expect(Object.keys(plain?.payload ?? {}).toSorted()).toEqual([
    "connectionIdentifier",
    "eventIdentifier",
    "eventPayload",
    "eventSourceId",
    "eventTypeId",
    "userId",
  ]);
});

it("lives through a reply in the order it was told", async ({ expect, restream }) => {
  const client = await followRestream(restream);
  await restream.do({ action: "connect", platform: "kick" });
  await client.take(1);
  const order = ["confirmed", "created", "accepted"] as const;

  const { replyUuid } = await restream.do({
    action: "reply",
    text: "hello all",
    order: [...order],
  });

  const frames = await take(client, 5);
  expect(frames.map(({ action }) => action)).toEqual([
    "reply_confirmed",
    "reply_confirmed",
    "reply_created",
    "reply_accepted",
    "reply_accepted",
  ]);
  expect(frames[2]?.payload).toMatchObject({ text: "hello all", eventSourceId: 1, replyUuid });
  expect(new Set(frames.map(({ payload }) => payload["replyUuid"]))).toEqual(new Set([replyUuid]));
});

it("tells the steps of a reply to one connection, failures with their reason", async ({
  expect,
  restream,
}) => {
  const client = await followRestream(restream);
  const identifiers = Object.keys(restream.truth().connections);
  await restream.do([
    { action: "replyCreated", text: "hello you", identifiers, clientReplyUuid: null },
    { action: "replyAccepted" },
    { action: "replyFailed", reason: "connection_in_error_state" },
  ]);

  const [created, accepted, failed] = await take(client, 3);
  expect(created?.payload).toMatchObject({ connectionIdentifiers: identifiers, eventSourceId: 2 });
  expect(created?.payload).not.toHaveProperty("clientReplyUuid");
  const step = {
    connectionIdentifier: identifiers[0],
    replyUuid: created?.payload["replyUuid"],
  };
  expect(accepted?.payload).toEqual(step);
  expect(failed?.payload).toEqual({ ...step, reason: "connection_in_error_state" });
});

it("tells what became of a relayed event", async ({ expect, restream }) => {
  const client = await followRestream(restream);
  const { keys } = await restream.do({ action: "event", eventTypeId: 4 });
  await restream.do([
    { action: "relayAccepted" },
    { action: "relayConfirmed" },
    { action: "relayFailed", reason: "discord_rate_limit" },
  ]);

  const [, ...steps] = await take(client, 4);
  expect(steps.map(({ action }) => action)).toEqual([
    "relay_accepted",
    "relay_confirmed",
    "relay_failed",
  ]);
  expect(steps.map(({ payload }) => payload["sourceEventIdentifier"])).toEqual(
    Array(3).fill(keys?.[0]),
  );
});

it("tells of an action that no document knows", async ({ expect, restream }) => {
  const client = await followRestream(restream);
  await restream.do({ action: "unknownAction", name: "show_started", payload: { a: 1 } });
  const [frame] = await take(client, 1);
  expect(frame).toMatchObject({ action: "show_started", payload: { a: 1 } });
});
