import * as fc from "fast-check";
import { describe, it } from "vitest";

import type { Principal } from "../../../../src/event/principal.ts";
import { gateway } from "../../../../src/protocols/dlive/index.ts";
import type {
  GatewayFinding,
  GatewayNeed,
  GatewayRound,
} from "../../../../src/protocols/gateway-request.ts";
import { hostile } from "../../support/hostile.ts";
import { AT, factsOf, reader } from "../client.ts";

const anonymous: Principal = {
  kind: "anonymous",
  credentialId: "anonymous",
  scopes: [],
  channels: null,
};

function roundOf(body: unknown, authorization: string | null = "t0ken"): GatewayRound {
  const text = typeof body === "string" ? body : JSON.stringify(body);
  const round = gateway.request?.({ path: "/", authorization, body: text }) ?? null;
  if (round === null) throw new Error("not taken");
  return round;
}

/** What comes of a request whose needs are all met. */
function answered(
  body: unknown,
  principal: Principal | null = reader,
  sent: GatewayFinding = {
    type: "send",
    answer: { ok: true, value: { sendId: "s-1", targets: [] } },
  },
): { status: number; body: unknown } {
  const round = roundOf(body);
  const meet = (need: GatewayNeed): GatewayFinding =>
    need.type === "send" ? sent : { type: "channel", channel: factsOf(need.channel ?? "own") };
  const { status, body: text } = round.answer(principal, round.needs.map(meet), AT);
  return { status, body: JSON.parse(text) };
}

const SEND =
  "mutation SendStreamChatMessage($input: SendStreamchatMessageInput!) { sendStreamchatMessage(input: $input) { err { code __typename } message { type ... on ChatText { id content ...VStreamChatSenderInfoFrag __typename } __typename } __typename } } fragment VStreamChatSenderInfoFrag on SenderInfo { subscribing role roomRole sender { id username displayname avatar partnerStatus __typename } __typename }";

const input = { streamer: "otterbrook", message: "hello", roomRole: "Member", subscribing: true };
const sendRequest = { operationName: "SendStreamChatMessage", query: SEND, variables: { input } };

describe("a message sent over HTTP", () => {
  it("is said in its streamer's channel", ({ expect }) => {
    expect(roundOf(sendRequest)).toMatchObject({
      credential: "t0ken",
      needs: [
        {
          type: "send",
          channel: "otterbrook",
          content: { kind: "chat", style: "text", text: "hello" },
        },
      ],
    });
  });

  it("is answered with what was asked for, and nothing else", ({ expect }) => {
    expect(answered(sendRequest)).toEqual({
      status: 200,
      body: {
        data: {
          sendStreamchatMessage: {
            err: null,
            message: {
              type: "Message",
              id: "s-1",
              content: "hello",
              subscribing: false,
              role: "None",
              roomRole: "Owner",
              sender: {
                id: "streamchatuser:otterbrook",
                username: "otterbrook",
                displayname: "otterbrook",
                avatar: null,
                partnerStatus: "NONE",
                __typename: "StreamchatUser",
              },
              __typename: "ChatText",
            },
            __typename: "SendStreamchatMessageResponse",
          },
        },
      },
    });
  });

  it.for([
    ["unauthorized without a credential", anonymous],
    ["unauthorized with one that does not hold", null],
  ] as const)("is %s", ([, principal], { expect }) => {
    const body = { errors: [{ message: "unauthorized" }], data: null };
    expect(answered(sendRequest, principal)).toEqual({ status: 401, body });
  });

  it.for([
    ["forbidden", 403, "no"],
    ["channel_not_found", 404, "no"],
    ["connection_not_found", 404, "no"],
    ["not_writable", 409, "no"],
    ["send_conflict", 409, "no"],
    ["invalid_input", 400, "no"],
    ["send_queue_full", 429, "rate limit: no"],
  ] as const)("that is refused (%s) has an err", ([code, number, message], { expect }) => {
    const sent = { type: "send" as const, answer: { ok: false as const, code, detail: "no" } };
    const query =
      "mutation($input:X){sendStreamchatMessage(input:$input){err{code message} message{type}}}";
    expect(answered({ query, variables: { input } }, reader, sent).body).toEqual({
      data: { sendStreamchatMessage: { err: { code: number, message }, message: null } },
    });
  });

  it.for([
    ["no streamer", { message: "hello" }, 404],
    ["a streamer that is none", { streamer: "A B", message: "hello" }, 404],
    ["no message", { streamer: "otterbrook" }, 400],
    ["an empty message", { streamer: "otterbrook", message: " \n" }, 400],
    ["a message that is no text", { streamer: "otterbrook", message: 7 }, 400],
    ["a message longer than any", { streamer: "otterbrook", message: "x".repeat(8193) }, 400],
    ["no input at all", null, 404],
  ] as const)("with %s is not even tried", ([, given, code], { expect }) => {
    const body = {
      query: "mutation($input:X){sendStreamchatMessage(input:$input){err{code}}}",
      variables: { input: given },
    };
    expect(roundOf(body).needs).toEqual([]);
    expect(answered(body).body).toEqual({ data: { sendStreamchatMessage: { err: { code } } } });
  });

  it("may have its fields in the text, and each field a name of its own", ({ expect }) => {
    const query =
      'mutation{a:sendStreamchatMessage(input:{streamer:"Otterbrook",message:"one"}){err{code}} b:sendStreamchatMessage(streamer:"heron",message:"two"){message{content}}}';
    expect(roundOf({ query }).needs).toMatchObject([
      { channel: "otterbrook", content: { text: "one" } },
      { channel: "heron", content: { text: "two" } },
    ]);
    expect(answered({ query }).body).toEqual({
      data: { a: { err: null }, b: { message: { content: "two" } } },
    });
  });
});

describe("a request", () => {
  it("has each of its fields answered with what was found for it", ({ expect }) => {
    const query =
      'mutation{one:chatDelete(streamer:"a",id:"b"){err{code}} two:sendStreamchatMessage(streamer:"heron",message:"hi"){err{code} message{id}}}';
    expect(answered({ query }).body).toEqual({
      data: { one: { err: { code: 501 } }, two: { err: null, message: { id: "s-1" } } },
    });
  });

  it("over HTTP a body is read as JSON whatever its type says", ({ expect }) => {
    // The type is not even handed over.
    expect(roundOf(JSON.stringify(sendRequest)).needs).toHaveLength(1);
    const form = new URLSearchParams({
      query: SEND,
      operationName: "x",
      variables: JSON.stringify({ input }),
    });
    expect(roundOf(form.toString()).needs).toEqual(roundOf(sendRequest).needs);
  });

  it("has its token bare, or as a Bearer", ({ expect }) => {
    expect(roundOf(sendRequest, "Bearer abc").credential).toBe("abc");
    expect(roundOf(sendRequest, "abc").credential).toBe("abc");
    expect(roundOf(sendRequest, "").credential).toBeNull();
    expect(roundOf(sendRequest, null).credential).toBeNull();
  });

  it("a request that holds only the hash of its text is known by its operation's name", ({
    expect,
  }) => {
    const extensions = { persistedQuery: { version: 1, sha256Hash: "e755f4" } };
    const send = { operationName: "SendStreamChatMessage", variables: { input }, extensions };
    expect(answered(send).body).toMatchObject({
      data: { sendStreamchatMessage: { err: null, message: { id: "s-1", content: "hello" } } },
    });
    const page = {
      operationName: "LivestreamPage",
      variables: { displayname: "Heron" },
      extensions,
    };
    expect(answered(page).body).toMatchObject({
      data: { userByDisplayName: { username: "heron" } },
    });
    expect(answered({ operationName: "GlobalInformation", extensions }).body).toEqual({
      errors: [{ message: "PersistedQueryNotFound" }],
      data: null,
    });
  });

  it("is at the root, and nowhere else", ({ expect }) => {
    const body = JSON.stringify(sendRequest);
    expect(gateway.request?.({ path: "/graphql", authorization: null, body })).toBeNull();
  });

  it.for([
    ["no JSON", "hello", 400, /./],
    ["nothing", "", 400, /./],
    ["an array", [sendRequest], 400, /./],
    ["a query that is no text", { query: 7 }, 400, /query/],
    ["no GraphQL", { query: "mutation{" }, 200, /Syntax Error/],
    [
      "another query",
      { query: "{serverTime}" },
      200,
      /Cannot query field "serverTime" on type "Query"/,
    ],
    ["another mutation", { query: "mutation{donate{id}}" }, 200, /on type "Mutation"/],
    [
      "a query as a mutation",
      { query: "{sendStreamchatMessage{err{code}}}" },
      200,
      /on type "Query"/,
    ],
    [
      "a subscription",
      { query: "subscription{streamMessageReceived{type}}" },
      200,
      /on type "Subscription"/,
    ],
    ["too much at once", { query: `{${"a:me{id} ".repeat(11)}}` }, 200, /too many/],
  ] as const)("%s is refused in words", ([, body, status, words], { expect }) => {
    expect(roundOf(body).needs).toEqual([]);
    expect(answered(body)).toEqual({
      status,
      body: { errors: [{ message: expect.stringMatching(words) }], data: null },
    });
  });

  it("whatever it holds, it is answered", ({ expect }) => {
    const body = fc.oneof(
      fc.json(),
      fc.string(),
      fc.constantFrom(...Object.values(hostile)),
      fc
        .record({
          query: fc.constantFrom(SEND, "{me{id}}"),
          variables: fc.jsonValue(),
          operationName: fc.jsonValue(),
        })
        .map((each) => JSON.stringify(each)),
    );
    fc.assert(
      fc.property(body, fc.constantFrom(reader, anonymous, null), (text, principal) => {
        const { status, body } = answered(text, principal);
        expect([200, 400, 401]).toContain(status);
        expect(body).toHaveProperty("data");
      }),
      { numRuns: 2000 },
    );
  });
});

describe("a streamer that is looked up", () => {
  const live = { live: true, since: "2026-11-21T01:00:00.000Z", viewers: 12 };
  const lookUp = (query: string, stream = factsOf("").stream as object) => {
    const round = roundOf({ query });
    const channel = {
      ...factsOf("otterbrook"),
      name: "Otter Brook",
      stream: stream as typeof live,
    };
    const { body } = round.answer(anonymous, [{ type: "channel", channel }], AT);
    return (JSON.parse(body) as { data: unknown }).data;
  };

  it("is known by its channel's id, whichever name is asked for", ({ expect }) => {
    const query =
      '{userByDisplayName(displayname:"Otterbrook"){id username displayname about livestream{title} followers{totalCount}}}';
    expect(roundOf({ query }).needs).toEqual([{ type: "channel", channel: "otterbrook" }]);
    expect(lookUp(query)).toEqual({
      userByDisplayName: {
        id: "user:otterbrook",
        username: "otterbrook",
        displayname: "otterbrook",
        about: "Otter Brook",
        livestream: null,
        followers: { totalCount: 0 },
      },
    });
    const other = '{user(username:"otterbrook"){username}}';
    expect(lookUp(other)).toEqual({ user: { username: "otterbrook" } });
  });

  it("is live or not", ({ expect }) => {
    const query =
      '{userByDisplayName(displayname:"otterbrook"){livestream{title watchingCount createdAt creator{username}}}}';
    expect(lookUp(query, live)).toEqual({
      userByDisplayName: {
        livestream: {
          title: "Otter Brook",
          watchingCount: 12,
          createdAt: "1795222800000",
          creator: { username: "otterbrook" },
        },
      },
    });
  });

  it("is nobody where there is no such channel", ({ expect }) => {
    const round = roundOf({ query: '{userByDisplayName(displayname:"otterbrook"){id}}' });
    const { status, body } = round.answer(anonymous, [{ type: "channel", channel: null }], AT);
    expect([status, JSON.parse(body)]).toEqual([200, { data: { userByDisplayName: null } }]);
    const odd = roundOf({ query: '{userByDisplayName(displayname:"no such name"){id}}' });
    expect(odd.needs).toEqual([]);
    expect(odd.answer(anonymous, [], AT).body).toBe('{"data":{"userByDisplayName":null}}');
  });

  it("is whoever asks, for a credential of one channel", ({ expect }) => {
    expect(roundOf({ query: "{me{displayname}}" }).needs).toEqual([
      { type: "channel", channel: null },
    ]);
    expect(answered({ query: "{me{displayname}}" }).body).toEqual({
      data: { me: { displayname: "own" } },
    });
    expect(answered({ query: "{me{displayname}}" }, anonymous).status).toBe(401);
  });
});

describe("what the relay cannot do", () => {
  it.for([
    'chatDelete(streamer:"otterbrook",id:"m-1")',
    'streamchatUserBan(streamer:"otterbrook",username:"ada")',
    'streamchatUserUnban(streamer:"otterbrook",username:"ada")',
    "chatIntervalSet(seconds:3)",
    "emoteModeSet(emoteMode:{NoAllEmote:true})",
    'moderatorAdd(username:"ada")',
    'moderatorRemove(username:"ada")',
    'giveawayClaim(streamer:"otterbrook")',
  ])("%s has an err that says so", (field, { expect }) => {
    const name = field.replace(/\(.*/, "");
    const query = `mutation{${field}{err{code message}}}`;
    const err = { code: 501, message: `this relay only sends messages: it has no ${name}` };
    expect(answered({ query }).body).toEqual({ data: { [name]: { err } } });
    expect(answered({ query }, anonymous).status).toBe(401);
  });
});
