import { describe, it } from "vitest";

import { provider } from "../../../../src/protocols/dlive/index.ts";
import type { LinkFailure } from "../../../../src/protocols/session.ts";
import { drive, draftsOf, greeted, only, typesOf } from "../../support/drive.ts";
import { linkTo } from "../../support/samples.ts";
import beyond from "../frames/beyond.json";
import chat from "../frames/chat.json";
import chest from "../frames/chest.json";
import handshake from "../frames/handshake.json";
import { dataFrame, item, samples } from "../samples.ts";

const TOKEN = "dl-4pp-t0ken";
const open = (credentials: { appToken?: string } = { appToken: TOKEN }) =>
  drive(provider.open(linkTo(samples, { credentials })));

const start = () => greeted(provider.open(linkTo(samples)), [handshake.ack]);
const sent = (effects: Parameters<typeof only>[0]) =>
  only(effects, "frame-send").map(({ frame }) => JSON.parse(frame) as unknown);

function failureOf(effects: Parameters<typeof only>[0]): LinkFailure {
  const [failed] = only(effects, "session-fail");
  if (failed === undefined) throw new Error("it did not fail");
  return failed.failure;
}

describe("the handshake", () => {
  it("offers graphql-ws, and says who we are first of all", ({ expect }) => {
    expect(provider.dial(linkTo(samples))).toEqual({
      url: "wss://api-ws.dlive.tv",
      protocols: ["graphql-ws"],
    });
    const init = { type: "connection_init", payload: { authorization: TOKEN } };
    expect(sent(open().opened())).toEqual([init]);
    expect(sent(open({}).opened())).toEqual([{ type: "connection_init", payload: {} }]);
  });

  it("is over with the ack: both subscriptions, ready, connected, settled", ({ expect }) => {
    const session = open();
    session.opened();
    const effects = session.receives(handshake.ack);
    expect(effects[0]).toEqual({ type: "timer-clear", timer: "ack" });
    const query = (field: string) => `subscription{${field}(streamer:"otterbrook"){__typename}}`;
    expect(sent(effects)).toEqual([
      { id: "1", type: "start", payload: { query: query("streamMessageReceived") } },
      { id: "2", type: "start", payload: { query: query("treasureChestMessageReceived") } },
    ]);
    const rest = ["timer-set", "session-ready", "connection-observe", "session-settled"];
    expect(typesOf(effects).slice(3)).toEqual(rest);
  });

  it("names the connection by its streamer and its dial", ({ expect }) => {
    const session = drive(provider.open(linkTo(samples, { dialId: "dial-7" })));
    session.opened();
    const [observed] = only(session.receives(handshake.ack), "connection-observe");
    expect(observed?.connection).toMatchObject({
      identifier: "dlive:otterbrook",
      uuid: "dial-7",
      status: "connected",
      reason: null,
      target: { platform: "dlive", id: "otterbrook", url: "https://dlive.tv/otterbrook" },
    });
  });

  it("leads to a page whatever the streamer's name is", ({ expect }) => {
    const link = linkTo(samples, { target: { streamer: "a/b?c \ud83d" } });
    const [observed] = only(
      greeted(provider.open(link), []).receives(handshake.ack),
      "connection-observe",
    );
    const url = "https://dlive.tv/a%2Fb%3Fc%20%EF%BF%BD";
    expect(observed?.connection.target).toMatchObject({ url });
  });

  it("cannot be led astray by a streamer's name", ({ expect }) => {
    const streamer = 'o"){__typename} other(streamer:"x';
    const session = greeted(provider.open(linkTo(samples, { target: { streamer } })), []);
    const [first] = sent(session.receives(handshake.ack)) as [{ payload: { query: string } }];
    const literal = /^subscription\{streamMessageReceived\(streamer:(.+)\)\{__typename\}\}$/;
    expect(JSON.parse(literal.exec(first.payload.query)?.[1] ?? "")).toBe(streamer);
  });

  it("is given up after 15 s without an answer", ({ expect }) => {
    const session = open();
    expect(only(session.opened(), "timer-set")).toEqual([
      { type: "timer-set", timer: "ack", afterMs: 15_000 },
    ]);
    const failure = { remedy: "retry", reason: "handshake_timeout" };
    expect(failureOf(session.fires("ack"))).toMatchObject(failure);
  });

  it("is done once: a second ack asks for nothing again", ({ expect }) => {
    expect(start().receives(handshake.ack)).toEqual([]);
  });
});

describe("data", () => {
  it("a data frame without an id is still a data frame", ({ expect }) => {
    const { id: _gone, ...bare } = chat.Message;
    const withNone = draftsOf(start().receives(bare));
    expect(withNone.map(({ type }) => type)).toEqual(["chat.message"]);
    expect(draftsOf(start().receives({ ...bare, id: "" }))).toEqual(withNone);
    expect(draftsOf(start().receives({ ...bare, id: 1 }))).toEqual(withNone);
    expect(draftsOf(start().receives({ ...bare, id: "dbl-otterbrook_chat" }))).toEqual(withNone);
  });

  it("streamMessageReceived is an array, an object or null", ({ expect }) => {
    const receive = (streamMessageReceived: unknown) =>
      start().receives({ ...dataFrame(), payload: { data: { streamMessageReceived } } });
    expect(draftsOf(receive([item(chat.Message)]))).toHaveLength(1);
    expect(draftsOf(receive(item(chat.Message)))).toEqual(draftsOf(receive([item(chat.Message)])));
    expect(typesOf(receive(null))).toEqual(["timer-set"]);
    expect(typesOf(receive([]))).toEqual(["timer-set"]);
  });

  it("may answer both subscriptions in one frame", ({ expect }) => {
    const data = { ...chat.Message.payload.data, ...chest.ValueUpdated.payload.data };
    const drafts = draftsOf(start().receives({ ...chat.Message, payload: { data } }));
    expect(drafts.map(({ type }) => type)).toEqual(["chat.message", "chest.value.updated"]);
  });

  it("a field that was not asked for is kept as provider.event", ({ expect }) => {
    const [draft, ...more] = draftsOf(start().receives(beyond["a field nobody asked for"]));
    const data = { nativeType: "backpackUpdated", payload: { items: 3 } };
    expect(draft).toMatchObject({ type: "provider.event", data, raw: { items: 3 } });
    expect(more).toEqual([]);
    const named = { type: "data", payload: { data: { __typename: "Subscription" } } };
    expect(draftsOf(start().receives(named))).toEqual([]);
  });

  it("a frame of a type we do not know is kept as provider.event", ({ expect }) => {
    const frame = beyond["a frame of a type nobody knows"];
    const data = { nativeType: "maintenance", payload: { inMinutes: 10 } };
    const told = { type: "provider.event", platform: "dlive", data, raw: frame };
    expect(draftsOf(start().receives(frame))).toMatchObject([told]);
  });

  it.for([
    [{}, "data without data"],
    [{ data: null }, "data without data"],
    [{ data: null, errors: [{ message: "no" }] }, "errors instead of data"],
    [{ data: [] }, "data: Invalid input: expected object, received array"],
    [null, "Invalid input: expected object, received null"],
  ] as const)("is rejected where there is none: %j", ([payload, problem], { expect }) => {
    const effects = start().receives({ type: "data", id: "1", payload });
    expect(only(effects, "frame-reject")).toEqual([{ type: "frame-reject", problem }]);
  });

  it("is told of, and its errors counted, where it has both", ({ expect }) => {
    const payload = { ...chat.Message.payload, errors: [{ message: "partly" }] };
    const effects = start().receives({ ...chat.Message, payload });
    expect(draftsOf(effects)).toHaveLength(1);
    expect(typesOf(effects)).toContain("frame-reject");
    const none = start().receives({ ...chat.Message, payload: { ...payload, errors: [] } });
    expect(typesOf(none)).not.toContain("frame-reject");
  });
});

describe("signs of life", () => {
  const silence = { type: "timer-set", timer: "silence", afterMs: 55_000 };

  it.for([handshake.ka, handshake.keepAlive])(
    "the watchdog is put off by %j",
    (frame, { expect }) => {
      expect(start().receives(frame)).toEqual([silence]);
    },
  );

  it("once a ka has come only those count as life", ({ expect }) => {
    const session = start();
    expect(session.receives(chat.Message)).toContainEqual(silence);
    session.receives(handshake.ka);
    expect(typesOf(session.receives(chat.Message))).toEqual(["events-observe"]);
    expect(session.receives(handshake.ka)).toEqual([silence]);
  });

  it("begin to matter with the ack, also where a ka came before", ({ expect }) => {
    const session = open();
    session.opened();
    expect(session.receives(handshake.ka)).toEqual([]);
    expect(session.receives(handshake.ack)).toContainEqual(silence);
    expect(typesOf(session.receives(chat.Message))).toEqual(["events-observe"]);
  });

  it("that stay away for 55 s end the session for now", ({ expect }) => {
    expect(failureOf(start().fires("silence"))).toMatchObject({
      remedy: "retry",
      reason: "silent",
      detail: "DLive sent no keep-alive for 55 s.",
    });
  });
});
