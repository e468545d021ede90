import { describe, it } from "vitest";

import { AT, Client, eventOf, INIT, listening, reader, start } from "../client.ts";

const live = (seq: number) => eventOf({ type: "stream.online", platform: "dlive", data: {} }, seq);
const chest = (seq: number) =>
  eventOf({ type: "chest.giveaway.ended", platform: "dlive", data: {} }, seq);

const greeted = () => {
  const client = new Client().says(INIT).isKnown();
  client.texts();
  client.asked.length = 0;
  return client;
};

const idsOf = (client: Client) => client.frames().map(({ id }) => id);

describe("an operation", () => {
  it("asks for its streamer's events, and says nothing until there are any", ({ expect }) => {
    const client = greeted().says(start("otterbrook"));
    const follow = { type: "channel-follow", requestId: "otterbrook", channel: "otterbrook" };
    expect(client.asked).toEqual([{ ...follow, principal: reader }]);
    expect(client.follows("otterbrook").texts()).toEqual([]);
    const [frame] = client.hears("otterbrook", live(1)).texts();
    expect(frame).toMatch(
      /^{"payload":{"data":{"streamMessageReceived":\[{.*}]}},"id":"1","type":"data"}$/,
    );
  });

  it("a start without an id is answered by frames without one", ({ expect }) => {
    const { payload } = start("otterbrook");
    for (const frame of [{ payload }, { id: null, payload }, { id: "", payload }]) {
      const client = greeted()
        .says({ ...frame, type: "start" })
        .follows("otterbrook");
      client.hears("otterbrook", live(1));
      expect(client.frames()).toEqual([{ payload: expect.anything(), type: "data" }]);
      expect(client.says({ type: "stop" }).texts()).toEqual(['{"type":"complete"}']);
    }
  });

  it("gets its id back as it came", ({ expect }) => {
    for (const id of ["otterbrook_chat", 7, "é", "7\n"]) {
      expect(idsOf(listening("otterbrook", id).hears("otterbrook", live(1)))).toEqual([id]);
    }
  });

  it("a start may come before the ack", ({ expect }) => {
    const client = new Client(true).says(INIT).says(start("otterbrook"));
    client
      .says(start("heron", "2"))
      .says({ type: "stop", id: "2" })
      .says(start("no streamer", "3"));
    expect(client.texts()).toEqual([]);
    client.isKnown();
    expect(client.frames()).toEqual([
      { type: "connection_ack" },
      { type: "ka" },
      { id: "2", type: "complete" },
      { payload: [{ message: "streamer not found" }], id: "3", type: "error" },
    ]);
    client.follows("otterbrook").follows("heron");
    expect(idsOf(client.hears("otterbrook", live(1)))).toEqual(["1"]);
    expect(client.asked.at(-1)).toEqual({ type: "channel-unfollow", channel: "heron" });
  });

  it("is one of several, of one streamer and of others, each with its own events", ({ expect }) => {
    const client = greeted();
    client.says(start("otterbrook", "a")).says(start("heron", "b"));
    client
      .says(start("otterbrook", "c"))
      .says(start("otterbrook", "d", "treasureChestMessageReceived"));
    expect(client.asked.map((each) => "channel" in each && each.channel)).toEqual([
      "otterbrook",
      "heron",
    ]);
    client.follows("otterbrook").follows("heron");
    expect(idsOf(client.hears("otterbrook", live(1), chest(2), live(3)))).toEqual([
      "a",
      "c",
      "d",
      "a",
      "c",
    ]);
    expect(idsOf(client.hears("heron", live(1), chest(2)))).toEqual(["b"]);
    expect(idsOf(client.hears("mallard", live(1)))).toEqual([]);
  });

  it("is there as soon as it is started where its streamer is followed already", ({ expect }) => {
    const client = listening("otterbrook").says(start("otterbrook", "2"));
    expect(idsOf(client.hears("otterbrook", live(1)))).toEqual(["1", "2"]);
  });

  it("takes the place of one with the same id", ({ expect }) => {
    const client = listening("otterbrook").says(start("heron"));
    expect(client.asked.slice(-2)).toMatchObject([
      { type: "channel-follow", channel: "heron" },
      { type: "channel-unfollow", channel: "otterbrook" },
    ]);
    client.follows("heron").hears("otterbrook", live(1)).hears("heron", live(2));
    expect(client.frames()).toHaveLength(1);
    const again = listening("otterbrook").says(start("otterbrook"));
    expect(again.asked.filter(({ type }) => type.startsWith("channel-"))).toHaveLength(1);
    expect(idsOf(again.hears("otterbrook", live(1)))).toEqual(["1"]);
  });

  it("ends by its id, and its streamer is let go with the last one", ({ expect }) => {
    const client = listening("otterbrook").says(start("otterbrook", "2"));
    expect(client.says({ id: "1", type: "stop" }).texts()).toEqual([
      '{"id":"1","type":"complete"}',
    ]);
    expect(idsOf(client.hears("otterbrook", live(1)))).toEqual(["2"]);
    const before = client.asked.length;
    client.says({ id: "2", type: "stop" });
    expect(client.asked.slice(before)).toEqual([
      { type: "channel-unfollow", channel: "otterbrook" },
    ]);
    client.texts();
    expect(client.hears("otterbrook", live(2)).texts()).toEqual([]);
    expect(client.says({ id: "2", type: "stop" }).texts()).toEqual([]);
    expect(client.says({ id: "never", type: "stop" }).texts()).toEqual([]);
  });

  it("that ends before its streamer is found lets go of them when they are", ({ expect }) => {
    const client = greeted().says(start("otterbrook")).says({ id: "1", type: "stop" });
    expect(client.asked.map(({ type }) => type)).toEqual(["channel-follow"]);
    client.follows("otterbrook");
    expect(client.asked.map(({ type }) => type)).toEqual(["channel-follow", "channel-unfollow"]);
    client.says(start("otterbrook"));
    expect(client.asked).toHaveLength(3);
  });

  it.for([
    ["unauthorized", "unauthorized"],
    ["forbidden", "permission denied"],
    ["channel_not_found", "streamer not found"],
    ["unavailable", "unavailable, try again later"],
  ] as const)(
    "whose streamer is refused (%s) gets an error, and no other",
    ([why, message], { expect }) => {
      const client = listening("heron", "h").says(start("otterbrook"));
      client
        .says(start("otterbrook", "2", "treasureChestMessageReceived"))
        .follows("otterbrook", why);
      expect(client.texts()).toEqual([
        `{"payload":[{"message":"${message}"}],"id":"1","type":"error"}`,
        `{"payload":[{"message":"${message}"}],"id":"2","type":"error"}`,
      ]);
      expect(idsOf(client.hears("heron", live(1)))).toEqual(["h"]);
      client.says(start("otterbrook"));
      expect(client.asked.at(-1)).toMatchObject({ type: "channel-follow" });
    },
  );

  it("is complete when its streamer is gone, and the others go on", ({ expect }) => {
    const client = listening("otterbrook").says(start("heron", "h")).follows("heron");
    client.says(start("otterbrook", "2", "treasureChestMessageReceived"));
    const before = client.asked.length;
    expect(client.loses("otterbrook").texts()).toEqual([
      '{"id":"1","type":"complete"}',
      '{"id":"2","type":"complete"}',
    ]);
    expect(client.loses("otterbrook").loses("nobody").texts()).toEqual([]);
    expect(idsOf(client.hears("heron", live(1)))).toEqual(["h"]);
    client.says(start("otterbrook"));
    expect(client.asked.slice(before)).toMatchObject([{ type: "channel-follow" }]);
    // What is asked for anew is about the one that is there now, and gets an answer of its own.
    expect(client.loses("otterbrook").texts()).toEqual([]);
  });

  it("whose answer was lost with its object is asked for again", ({ expect }) => {
    const client = greeted().says(start("otterbrook"));
    client.beats(AT + 10_000);
    expect(client.asked).toHaveLength(1);
    client.beats(AT + 20_000);
    expect(client.asked).toHaveLength(2);
    expect(client.asked[1]).toEqual(client.asked[0]);
    client
      .beats(AT + 25_000)
      .follows("otterbrook")
      .beats(AT + 60_000);
    expect(client.asked).toHaveLength(2);
  });

  it.for([
    ["names and ids of three or four letters", 126, (at: number) => [`s${at}`, `${at}`]],
    [
      "names of twelve letters that are the ids too",
      102,
      (at: number) => [`streamer-${at}`, `streamer-${at}`],
    ],
    [
      "names of twenty letters and uuids as ids",
      78,
      (at: number) => [`a-streamer-called-${at}`, `00000000-0000-4000-8000-000000000${at}`],
    ],
    [
      "the longest names and ids",
      39,
      (at: number) => [`${"s".repeat(60)}${at}`, `${"i".repeat(125)}${at}`],
    ],
  ] as const)(
    "is one of so many streamers' on a socket, and the next is refused by its id: %s, %i",
    ([, most, make], { expect }) => {
      const client = greeted();
      for (let at = 100; at < 400; at += 1) {
        const [streamer = "", id = ""] = make(at);
        client.says(start(streamer, id), AT + at * 1000).follows(streamer);
        const [refused] = client.frames();
        if (refused === undefined) continue;
        expect(refused).toMatchObject({ type: "error", id });
        expect(at - 100).toBe(most);
        return;
      }
    },
  );

  it("is refused where there are more than can be remembered", ({ expect }) => {
    const client = greeted();
    for (let i = 0; i < 200; i += 1) client.says(start(`streamer-${i}`, `${i}`));
    const refused = client.frames();
    expect(refused.length).toBeGreaterThan(50);
    expect(refused[0]).toMatchObject({ type: "error" });
    expect(client.asked.length + refused.length).toBe(200);
    expect(client.asked.length).toBeGreaterThan(64);
  });

  it("too much before the ack ends the socket", ({ expect }) => {
    const client = new Client().says(INIT);
    for (let i = 0; i < 200; i += 1) client.says(start(`streamer-${i}`, `${i}`));
    expect(client.frames()).toMatchObject([{ type: "connection_error" }]);
    expect(client.asked.at(-1)).toMatchObject({ type: "socket-close", code: 1002 });
  });

  it("of a streamer called like something every object has is one like any other", ({ expect }) => {
    const client = listening("constructor");
    expect(idsOf(client.hears("constructor", live(1)))).toEqual(["1"]);
  });
});

describe("what a start asks for", () => {
  const asks = (payload: unknown, id = "1") => {
    const client = greeted().says({ type: "start", id, payload });
    const [ask] = client.asked;
    return ask !== undefined && "channel" in ask ? ask.channel : client.frames();
  };

  it("the streamer stands in the query or in a variable, under any operation name", ({
    expect,
  }) => {
    const query =
      "subscription StreamMessageSubscription($streamer: String!) {\n  streamMessageReceived(streamer: $streamer) {\n    type\n    ... on ChatGift {\n      id\n      ...VStreamChatSenderInfoFrag\n    }\n    __typename\n  }\n}\n\nfragment VStreamChatSenderInfoFrag on SenderInfo {\n  sender { id }\n}\n";
    const variables = { streamer: "otterbrook" };
    for (const operationName of ["StreamMessageSubscription", "x", "", null, undefined]) {
      expect(asks({ query, variables, operationName, extensions: {} })).toBe("otterbrook");
    }
    expect(
      asks({
        query: 'subscription($s:String="heron"){x:streamMessageReceived(streamer:$s){type}}',
        variables: null,
      }),
    ).toBe("heron");
    expect(
      asks({ query: 'subscription{streamMessageReceived(streamer:"otterbrook"){type}}' }),
    ).toBe("otterbrook");
  });

  it("a start without a text is known by its operation's name", ({ expect }) => {
    const extensions = { persistedQuery: { version: 1, sha256Hash: "feb450b2" } };
    const variables = { streamer: "otterbrook" };
    const payload = { operationName: "StreamMessageSubscription", variables, extensions };
    expect(asks(payload)).toBe("otterbrook");
    const client = greeted();
    const chestPayload = { ...payload, operationName: "TreasureChestMessageReceived" };
    client.says({ type: "start", id: "1", payload: chestPayload }).follows("otterbrook");
    expect(client.hears("otterbrook", live(1)).texts()).toEqual([]);
    expect(client.hears("otterbrook", chest(2)).texts()).toHaveLength(1);
  });

  it.for([
    ["no payload", undefined, /expected object/],
    ["no text and no streamer", {}, /streamer not found/],
    [
      "a streamer that is none",
      { query: 'subscription{streamMessageReceived(streamer:"A B"){x}}' },
      /streamer not found/,
    ],
    [
      "a streamer that nobody gave",
      { query: "subscription($s:String){streamMessageReceived(streamer:$s){x}}" },
      /streamer not found/,
    ],
    ["another subscription", { query: "subscription{userUpdated{id}}" }, /no such subscription/],
    ["a query", { query: "{me{id}}" }, /only subscriptions/],
    ["no GraphQL", { query: "subscription{" }, /Syntax Error/],
    ["a text that is none", { query: 7 }, /query/],
  ] as const)("%s is refused with an error", ([, payload, words], { expect }) => {
    expect(asks(payload)).toEqual([
      { payload: [{ message: expect.stringMatching(words) }], id: "1", type: "error" },
    ]);
  });
});
