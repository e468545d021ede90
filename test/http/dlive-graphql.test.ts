import { exports } from "cloudflare:workers";
import { afterEach, beforeEach, describe, it } from "vitest";

import { ADMIN, call, makeChannel, ORIGIN } from "../support/api.ts";
import { Emulated } from "../support/emulated.ts";
import { tokenOf } from "../support/gateways.ts";
import { connect } from "../support/sockets.ts";

const SEND =
  "mutation SendStreamChatMessage($input: SendStreamchatMessageInput!) { sendStreamchatMessage(input: $input) { err { code message } message { type ... on ChatText { id content __typename } } } }";

interface Answer {
  readonly data: Record<string, Record<string, unknown> | null> | null;
  readonly errors?: readonly { message: string }[];
}

async function graphql(
  body: unknown,
  authorization: string | null = null,
  address = `${ORIGIN}/`,
  headers: Record<string, string> = {},
): Promise<{ status: number; headers: Headers; body: Answer }> {
  const response = await exports.default.fetch(address, {
    method: "POST",
    headers: {
      "content-type": "application/json",
      ...(authorization !== null && { authorization }),
      ...headers,
    },
    body: typeof body === "string" ? body : JSON.stringify(body),
  });
  return {
    status: response.status,
    headers: response.headers,
    body: await response.json<Answer>(),
  };
}

const sendTo = (streamer: string, message: string) => ({
  operationName: "SendStreamChatMessage",
  query: SEND,
  variables: { input: { streamer, message, roomRole: "Member", subscribing: true } },
});

const page = (displayname: string) => ({
  operationName: "LivestreamPage",
  query:
    "query LivestreamPage($displayname:String!){userByDisplayName(displayname:$displayname){username displayname livestream{title}}}",
  variables: { displayname },
});

describe("a message sent over DLive's HTTP side", () => {
  const dlive = new Emulated("dlive");
  let channel = "";
  beforeEach(() => dlive.reset());
  afterEach(() => call("DELETE", `/channels/${channel}`));

  it("goes out through the channel's link, and comes back with the send's id", async ({
    expect,
  }) => {
    channel = await makeChannel();
    const socket = await connect(channel);
    await dlive.link(channel, { credentials: { appToken: "an-app-token" } });
    while ((await socket.nextEvent("connection.updated")).data["status"] !== "connected");
    const { status, headers, body } = await graphql(
      sendTo(channel, "hello from a bot"),
      await tokenOf(channel),
    );
    expect(status).toBe(200);
    expect(headers.get("content-type")).toBe("application/json");
    const sent = body.data?.["sendStreamchatMessage"];
    expect(sent).toMatchObject({
      err: null,
      message: { type: "Message", content: "hello from a bot", __typename: "ChatText" },
    });
    const confirmed = await socket.nextEvent("send.confirmed");
    expect(sent).toMatchObject({ message: { id: confirmed.data["sendId"] } });
    const { mutations } = await dlive.truth();
    expect(mutations.map(({ variables }) => variables.input.message)).toEqual(["hello from a bot"]);
    socket.close();
  });

  it("is refused in DLive's own shape where nothing can be written to", async ({ expect }) => {
    channel = await makeChannel();
    const { status, body } = await graphql(sendTo(channel, "hello"), await tokenOf(channel));
    expect(status).toBe(200);
    expect(body).toEqual({
      data: {
        sendStreamchatMessage: {
          err: { code: 409, message: "No connection of this channel can be written to." },
          message: null,
        },
      },
    });
  });

  it("needs a credential that may write in that channel", async ({ expect }) => {
    channel = await makeChannel({ public: true });
    const other = await makeChannel();
    const unauthorized = { status: 401, body: { errors: [{ message: "unauthorized" }] } };
    expect(await graphql(sendTo(channel, "hello"))).toMatchObject(unauthorized);
    expect(await graphql(sendTo(channel, "hello"), "nope")).toMatchObject(unauthorized);
    const errOf = async (token: string, streamer = channel) => {
      const { body } = await graphql(sendTo(streamer, "hello"), token);
      return body.data?.["sendStreamchatMessage"]?.["err"];
    };
    const forbidden = { code: 403, message: "permission denied" };
    expect(await errOf(await tokenOf(channel, ["events:read"]))).toEqual(forbidden);
    expect(await errOf(await tokenOf(other))).toEqual(forbidden);
    expect(await errOf(await tokenOf(other), "no-such-channel")).toEqual(forbidden);
    expect(await errOf(`Bearer ${ADMIN}`, "no-such-channel")).toMatchObject({ code: 404 });
  });
});

describe("DLive's HTTP side", () => {
  it("knows a public channel's streamer for everybody, and others for their readers", async ({
    expect,
  }) => {
    const open = await makeChannel({ public: true, name: "Otter Brook" });
    const closed = await makeChannel();
    const userOf = async (name: string, token: string | null = null) =>
      (await graphql(page(name), token)).body.data?.["userByDisplayName"];
    expect(await userOf(open)).toEqual({ username: open, displayname: open, livestream: null });
    expect(await userOf(open.toUpperCase())).toMatchObject({ username: open });
    expect(await userOf(closed)).toBeNull();
    expect(await userOf("no-such-channel")).toBeNull();
    expect(await userOf(closed, await tokenOf(closed))).toMatchObject({ username: closed });
    expect(await userOf(closed, await tokenOf(open))).toBeNull();
    const { body } = await graphql({ query: "{me{username}}" }, await tokenOf(closed));
    expect(body.data).toEqual({ me: { username: closed } });
  });

  it("tells whether the streamer is live", async ({ expect }) => {
    const channel = await makeChannel({ public: true, name: "Otter Brook" });
    await call("POST", `/channels/${channel}/events`, { type: "stream.online", data: {} });
    const { body } = await graphql(page(channel));
    expect(body.data?.["userByDisplayName"]).toMatchObject({
      livestream: { title: "Otter Brook" },
    });
  });

  it("is reached at its own path, under its prefix and by its host", async ({ expect }) => {
    const channel = await makeChannel({ public: true });
    for (const address of [
      `${ORIGIN}/`,
      `${ORIGIN}/gateways/dlive`,
      `${ORIGIN}/gateways/dlive/`,
      "https://dlive.example.com/",
    ]) {
      const { status, body } = await graphql(page(channel), null, address);
      expect([address, status]).toEqual([address, 200]);
      expect(body.data?.["userByDisplayName"]).toMatchObject({ username: channel });
    }
    const nowhere = await exports.default.fetch(`${ORIGIN}/gateways/dlive/graphql`, {
      method: "POST",
      body: "{}",
    });
    expect(nowhere.status).toBe(404);
  });

  it.for([
    "application/x-www-form-urlencoded",
    "text/plain",
    "application/json; charset=utf-8",
    "",
  ])("reads JSON that is said to be %j", async (type, { expect }) => {
    const channel = await makeChannel({ public: true });
    const { body } = await graphql(page(channel), null, `${ORIGIN}/`, { "content-type": type });
    expect(body.data?.["userByDisplayName"]).toMatchObject({ username: channel });
  });

  it("answers what it cannot read in the shape of GraphQL", async ({ expect }) => {
    expect(await graphql("hello")).toMatchObject({ status: 400, body: { data: null } });
    expect(await graphql({ query: "{" })).toMatchObject({
      status: 200,
      body: { data: null, errors: [{ message: "Syntax Error: expected }" }] },
    });
    const large = await exports.default.fetch(`${ORIGIN}/`, {
      method: "POST",
      body: "x".repeat(65_537),
    });
    expect(large.status).toBe(413);
  });

  it("lets any page ask with a credential of its own", async ({ expect }) => {
    const response = await exports.default.fetch(`${ORIGIN}/`, {
      method: "OPTIONS",
      headers: { origin: "https://elsewhere.example", "access-control-request-method": "POST" },
    });
    expect(response.status).toBe(204);
    expect(response.headers.get("access-control-allow-origin")).toBe("*");
    expect(response.headers.get("access-control-allow-headers")).toContain("authorization");
    const { headers } = await graphql({ query: '{user(username:"x"){id}}' });
    expect(headers.get("access-control-allow-origin")).toBe("*");
  });

  it("leaves other methods to others", async ({ expect }) => {
    const get = await exports.default.fetch(`${ORIGIN}/`, { redirect: "manual" });
    expect(get.status).toBe(302);
    const put = await exports.default.fetch("https://dlive.example.com/", { method: "PUT" });
    expect(put.status).toBe(405);
  });
});
