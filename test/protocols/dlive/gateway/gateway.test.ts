import { describe, it } from "vitest";

import { gateway } from "../../../../src/protocols/dlive/index.ts";
import { AT, Client, INIT, reader, start } from "../client.ts";

const knock = (path: string, offered: readonly string[] = []) =>
  gateway.admit({ path, query: {}, offered });

describe("the door to DLive's socket", () => {
  it("the sub-protocol is echoed where it is offered, and none where it is not", ({ expect }) => {
    const entry = { channel: null, credential: null, about: null };
    expect(knock("/", ["graphql-ws"])).toEqual({ ...entry, subprotocol: "graphql-ws" });
    expect(knock("/", ["graphql-transport-ws", "graphql-ws"])?.subprotocol).toBe("graphql-ws");
    expect(knock("/", ["graphql-transport-ws"])?.subprotocol).toBeNull();
    expect(knock("/")?.subprotocol).toBeNull();
  });

  it("has no other path", ({ expect }) => {
    for (const path of ["/ws", "/socket", "//", ""]) expect(knock(path)).toBeNull();
  });

  it("says no as gqlgen does, and by HTTP where nothing can be said on a socket", ({ expect }) => {
    expect(gateway.refuse("unauthorized")).toEqual({
      kind: "socket",
      frames: ['{"payload":{"message":"unauthorized"},"type":"connection_error"}'],
      code: 1000,
      reason: "terminated",
    });
    expect(gateway.refuse("unavailable")).toMatchObject({ kind: "answer", status: 503 });
  });
});

describe("the greeting", () => {
  it("neither connection_ack nor ka has a payload", ({ expect }) => {
    const client = new Client().says(INIT).isKnown();
    expect(client.texts()).toEqual(['{"type":"connection_ack"}', '{"type":"ka"}']);
    expect(client.beats().texts()).toEqual(['{"type":"ka"}']);
  });

  it("a ka follows the ack at once", ({ expect }) => {
    const client = new Client();
    expect(client.beats().texts()).toEqual([]);
    client.says(INIT);
    expect(client.beats(AT + 1).texts()).toEqual([]);
    client.isKnown();
    expect(client.frames().map(({ type }) => type)).toEqual(["connection_ack", "ka"]);
    expect(gateway.heartbeatMs).toBe(20_000);
  });

  it.for([
    ["no payload", { type: "connection_init" }, null],
    ["a payload of null", { type: "connection_init", payload: null }, null],
    ["an empty payload", { type: "connection_init", payload: {} }, null],
    ["an empty token", { type: "connection_init", payload: { authorization: "" } }, null],
    ["a token of null", { type: "connection_init", payload: { authorization: null } }, null],
    ["a token", INIT, "YOUR_APP_ACCESS_TOKEN"],
  ] as const)("begins with %s", ([, frame, credential], { expect }) => {
    const client = new Client().says(frame);
    expect(client.asked).toEqual([{ type: "credential-check", requestId: "init", credential }]);
    expect(client.isKnown().frames()).toHaveLength(2);
  });

  it("the token comes bare, or as a Bearer", ({ expect }) => {
    for (const authorization of ["t0ken", "Bearer t0ken", "bearer  t0ken "]) {
      const client = new Client().says({ type: "connection_init", payload: { authorization } });
      expect(client.asked).toMatchObject([{ credential: "t0ken" }]);
    }
  });

  it("goes by whoever the credential is of, once it is known", ({ expect }) => {
    const client = new Client().says(INIT);
    expect(client.principals).toEqual([]);
    expect(client.isKnown().principals).toEqual([reader]);
  });

  it.for([
    ["a credential that does not hold", () => new Client().says(INIT).isKnown(null)],
    [
      "a token that is no text",
      () => new Client().says({ type: "connection_init", payload: { authorization: 7 } }),
    ],
  ] as const)("%s is refused in words, and ends the socket", ([, play], { expect }) => {
    const client = play();
    expect(client.texts()).toEqual([
      '{"payload":{"message":"unauthorized"},"type":"connection_error"}',
    ]);
    expect(client.asked.at(-1)).toEqual({
      type: "socket-close",
      code: 1000,
      reason: "terminated",
    });
    expect(client.says(start("otterbrook")).texts()).toEqual([]);
  });

  it("an answer that was lost with its object ends the socket for another try", ({ expect }) => {
    const client = new Client(true).says(INIT);
    expect(client.beats(AT + 14_999).texts()).toEqual([]);
    expect(client.beats(AT + 15_000).frames()).toMatchObject([{ type: "connection_error" }]);
    expect(client.asked.at(-1)).toMatchObject({ type: "socket-close", code: 1013 });
  });
});

describe("what is no frame of a client", () => {
  const decoding = { message: "invalid json", code: 1002, reason: "decoding error" };
  const unexpected = (type: string) => ({
    message: `unexpected message ${type}`,
    code: 1002,
    reason: "unexpected message",
  });

  it.for([
    ["no JSON", "hello", decoding],
    ["nothing", "", decoding],
    ["an array", "[]", decoding],
    ["no type", { id: "1" }, decoding],
    ["an id that is neither text nor number", { type: "stop", id: {} }, decoding],
    ["an id longer than any", { type: "stop", id: "x".repeat(129) }, decoding],
    ["an init whose payload is no object", { type: "connection_init", payload: "x" }, decoding],
    ["a start before the init", start("otterbrook"), unexpected("start")],
    ["a stop before the init", { type: "stop", id: "1" }, unexpected("stop")],
    ["a type that nobody knows", { type: "ka" }, unexpected("ka")],
    ["a frame of the newer protocol", { type: "subscribe" }, unexpected("subscribe")],
    ["a type without an end", { type: "x".repeat(9999) }, unexpected("x".repeat(40))],
  ] as const)("%s", ([, frame, { message, code, reason }], { expect }) => {
    const client = new Client().says(frame);
    expect(client.frames()).toEqual([{ payload: { message }, type: "connection_error" }]);
    expect(client.asked).toEqual([{ type: "socket-close", code, reason }]);
  });

  it("a binary frame", ({ expect }) => {
    const client = new Client();
    client.handle({ type: "frame-received", at: AT, frame: null });
    expect(client.frames()).toMatchObject([{ payload: { message: "invalid json" } }]);
  });

  it("a second init", ({ expect }) => {
    const client = new Client().says(INIT).isKnown();
    client.texts();
    expect(client.says(INIT).frames()).toMatchObject([{ type: "connection_error" }]);
    expect(client.asked.at(-1)).toMatchObject({ code: 1002 });
  });

  it("one that is larger than any, without a word", ({ expect }) => {
    const client = new Client().says(JSON.stringify({ type: "x".repeat(1_048_576) }));
    expect(client.texts()).toEqual([]);
    expect(client.asked).toEqual([{ type: "socket-close", code: 1009, reason: "message too big" }]);
  });

  it("connection_terminate asks for the end, with any payload and at any time", ({ expect }) => {
    const end = { type: "socket-close", code: 1000, reason: "terminated" };
    for (const client of [
      new Client(),
      new Client().says(INIT),
      new Client().says(INIT).isKnown(),
    ]) {
      client.texts();
      client.says({ type: "connection_terminate", payload: null });
      expect(client.asked.at(-1)).toEqual(end);
      expect(client.beats().texts()).toEqual([]);
    }
  });
});
