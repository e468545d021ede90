import { DliveAction } from "../emulators/dlive/actions.ts";
import { chestTypes } from "../emulators/dlive/chests.ts";
import { itemTypes } from "../emulators/dlive/items.ts";
import { followDlive, start } from "./support/follow.ts";
import { it } from "./support/it.ts";

interface DataFrame {
  readonly id?: string;
  readonly payload: { readonly data: Readonly<Record<string, unknown>> };
}

function itemsOf(frame: string): Record<string, unknown>[] {
  const { payload } = JSON.parse(frame) as DataFrame;
  return payload.data["streamMessageReceived"] as Record<string, unknown>[];
}

function chestStart(id: string) {
  const query = 'subscription{treasureChestMessageReceived(streamer:"rivermoss"){type}}';
  return { id, type: "start", payload: { query } };
}

it.for(itemTypes)("fills in a whole %s", async (type, { expect, dlive }) => {
  const client = await followDlive(dlive);

  const { keys } = await dlive.do({ action: "item", type });

  const [item] = itemsOf((await client.take(1))[0] ?? "");
  expect(item).toMatchObject({ type, id: keys?.[0] });
  expect(item?.["__typename"]).toMatch(/^Chat/);
  expect(item?.["createdAt"]).toMatch(/^\d{19}$/);
  expect(Object.values(item ?? {})).not.toContain(undefined);
});

it("keeps what it was told of an item, and fills in the rest", async ({ expect, dlive }) => {
  const client = await followDlive(dlive);
  await dlive.do({
    action: "item",
    type: "Gift",
    gift: "NINJAGHINI",
    sender: { username: "quiet-one", displayname: "Quiet One", avatar: null },
    override: { recentCount: "many" },
  });

  const [item] = itemsOf((await client.take(1))[0] ?? "");
  expect(item).toMatchObject({
    __typename: "ChatGift",
    gift: "NINJAGHINI",
    recentCount: "many",
    sender: {
      id: "streamchatuser:quiet-one",
      username: "quiet-one",
      displayname: "Quiet One",
      avatar: null,
    },
    roomRole: "Member",
  });
});

it("marks where the emoji of a message stand", async ({ expect, dlive }) => {
  const client = await followDlive(dlive);
  await dlive.do({ action: "item", type: "Message", content: "hi :wave: and :tea_cup:" });
  expect(itemsOf((await client.take(1))[0] ?? "")[0]?.["emojis"]).toEqual([3, 8, 14, 22]);
});

it("puts several items into one frame and the truth apart", async ({ expect, dlive }) => {
  const client = await followDlive(dlive);
  const { keys } = await dlive.do({
    action: "items",
    items: [{ type: "Message" }, { type: "Follow" }, { type: "Live" }],
  });

  const items = itemsOf((await client.take(1))[0] ?? "");
  expect(items.map(({ id }) => id)).toEqual(keys);
  expect(dlive.truth().said.map((entry) => entry.kind)).toEqual(["Message", "Follow", "Live"]);
});

it("reaches only who follows the streamer, or everyone where none is named", async ({
  expect,
  dlive,
}) => {
  const moss = await followDlive(dlive, "rivermoss");
  const fern = await followDlive(dlive, "pixelfern");
  await dlive.do([
    { action: "item", type: "Message", streamer: "pixelfern", content: "to the fern" },
    { action: "item", type: "Message", content: "to all" },
  ]);

  expect((await fern.take(2)).map((frame) => itemsOf(frame)[0]?.["content"])).toEqual([
    "to the fern",
    "to all",
  ]);
  expect(itemsOf((await moss.take(1))[0] ?? "")[0]?.["content"]).toBe("to all");
  expect(dlive.truth().said).toMatchObject([{ target: "pixelfern" }, { target: null }]);
});

it("tells each subscription of a socket under its own id", async ({ expect, dlive }) => {
  const client = await followDlive(dlive);
  client.send(start("rivermoss", "dbl-moss_chat"));
  client.send(start("rivermoss"));
  client.send(chestStart("chest"));
  await dlive.waitFor("subscriptions==4");

  await dlive.do({ action: "item", type: "Message" });

  const frames = (await client.take(3)).map((frame) => JSON.parse(frame) as DataFrame);
  expect(frames.map(({ id }) => id)).toEqual(["1", "dbl-moss_chat", undefined]);
  expect(dlive.truth().saidCount).toBe(1);
});

it.for([
  ["payload-id-type", ["payload", "id", "type"]],
  ["type-id-payload", ["type", "id", "payload"]],
] as const)("writes data frames in the key order %s", async ([order, keys], { expect, dlive }) => {
  await dlive.do({ action: "knobs", dataKeyOrder: order });
  const client = await followDlive(dlive);
  await dlive.do({ action: "item", type: "Live" });
  expect(Object.keys((await client.next()) as object)).toEqual(keys);
});

it.for([
  [
    "in a variable",
    {
      query: "subscription S($who:String!){streamMessageReceived(streamer:$who){id}}",
      variables: { who: "rivermoss" },
      operationName: "S",
    },
  ],
  [
    "under an operation of any name",
    { query: 'subscription Any { streamMessageReceived( streamer : "rivermoss" ) { id } }' },
  ],
  [
    "with the hash of a known query",
    {
      operationName: "StreamMessageSubscription",
      variables: { streamer: "rivermoss" },
      extensions: { persistedQuery: {} },
    },
  ],
] as const)("understands a streamer %s", async ([, payload], { expect, dlive }) => {
  const client = await followDlive(dlive, "somebody-else");
  client.send({ type: "start", id: "2", payload });
  await dlive.waitFor("subscriptions==2");
  expect(dlive.truth().subscriptions).toContainEqual({
    socket: 1,
    id: "2",
    field: "streamMessageReceived",
    streamer: "rivermoss",
  });
});

it("obeys a stop without a word, or with complete where told so", async ({ expect, dlive }) => {
  const client = await followDlive(dlive);
  client.send({ type: "stop", id: "1" });
  await dlive.waitFor("subscriptions==0");
  expect(await dlive.do({ action: "item", type: "Message" })).toMatchObject({ heard: false });

  await dlive.do({ action: "knobs", completeOnStop: true });
  client.send(start("rivermoss", "2"));
  client.send({ type: "stop", id: "2" });
  expect(await client.next()).toEqual({ id: "2", type: "complete" });
});

it.for(chestTypes)(
  "tells of the chest: %s, an object or an array of one",
  async (type, { expect, dlive }) => {
    const client = await followDlive(dlive);
    client.send(chestStart("chest"));
    await dlive.waitFor("subscriptions==2");
    await dlive.do([
      { action: "chest", type },
      { action: "chest", type, array: true },
    ]);

    const values = (await client.take(2)).map(
      (frame) => (JSON.parse(frame) as DataFrame).payload.data["treasureChestMessageReceived"],
    );
    const expected = expect.objectContaining({ type, __typename: `TreasureChest${type}` });
    expect(values).toEqual([expected, [expected]]);
  },
);

it("bursts in every type it has", async ({ expect, dlive }) => {
  const client = await followDlive(dlive);
  for (const kind of itemTypes) {
    await dlive.do({ action: "burst", count: 1, kind });
    expect(itemsOf((await client.take(1))[0] ?? "")[0]).toMatchObject({ type: kind });
  }
});

it("reads its own actions from JSON", ({ expect }) => {
  const action = { action: "chest", type: "ValueUpdated", value: 4 };
  expect(DliveAction.parse(JSON.parse(JSON.stringify(action)))).toEqual(action);
});
