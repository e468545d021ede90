import { describe } from "vitest";

import { Client } from "./support/client.ts";
import { followTwitch } from "./support/follow.ts";
import { it } from "./support/it.ts";

const USER = { authorization: "Bearer a-token", "client-id": "a-client" };

describe("Twitch's chat", () => {
  it("greets nobody before it is asked, then with a name, then with the room", async ({
    expect,
    twitch,
  }) => {
    const client = new Client(twitch.url, ["irc"]);
    await client.opened;
    client.send("CAP REQ :twitch.tv/tags twitch.tv/commands\r\nNICK justinfan7\r\nJOIN #rivermoss");
    const [ack, welcome, joined, state] = await client.take(4);
    expect(ack).toBe(":tmi.twitch.tv CAP * ACK :twitch.tv/tags twitch.tv/commands\r\n");
    expect(welcome?.split("\r\n")).toHaveLength(8);
    expect(joined).toBe(":justinfan7!justinfan7@justinfan7.tmi.twitch.tv JOIN #rivermoss\r\n");
    expect(state).toMatch(/^@emote-only=0;.*slow=0.* :tmi\.twitch\.tv ROOMSTATE #rivermoss\r\n$/);
    expect(client.socket.protocol).toBe("irc");
  });

  it("lets an account in by its token, and no other", async ({ expect, twitch }) => {
    await twitch.do({ action: "token", value: "good" });
    const bad = new Client(twitch.url);
    await bad.opened;
    bad.send("PASS oauth:bad\r\nNICK somebody");
    expect(await bad.take(1)).toEqual([":tmi.twitch.tv NOTICE * :Login authentication failed\r\n"]);
    await bad.closed;
    const good = new Client(twitch.url);
    await good.opened;
    good.send("PASS oauth:good\r\nNICK somebody");
    expect((await good.take(1))[0]).toContain("001 somebody :Welcome");
  });

  it("says nothing of a room that is not there, nor of one JOIN too many", async ({
    expect,
    twitch,
  }) => {
    await twitch.do([
      { action: "refuseRoom", room: "gone", how: "silent" },
      { action: "refuseRoom", room: "closed", how: "suspended" },
      { action: "knobs", mostJoins: 3 },
    ]);
    const client = new Client(twitch.url);
    await client.opened;
    client.send("NICK justinfan7\r\nJOIN #gone,#closed\r\nJOIN #here\r\nJOIN #there\r\nPING :x");
    const frames = await client.take(5);
    expect(frames[1]).toContain("msg-id=msg_channel_suspended");
    expect(frames.filter((frame) => frame.includes("ROOMSTATE"))).toHaveLength(1);
    expect(frames.at(-1)).toBe(":tmi.twitch.tv PONG tmi.twitch.tv :x\r\n");
    expect(twitch.truth().joins.map(({ room, isAnswered }) => [room, isAnswered])).toEqual([
      ["gone", false],
      ["closed", false],
      ["here", true],
      ["there", false],
    ]);
  });

  it("names each gift of a purchase as the purchase", async ({ expect, twitch }) => {
    const client = await followTwitch(twitch);
    for (const naming of ["community-gift-id", "origin-id"] as const) {
      await twitch.do({ action: "bomb", count: 3, naming });
      const frames = await client.take(4);
      const ids = frames.map((frame) => new RegExp(`${naming}=([^;]*)`).exec(frame)?.[1]);
      expect(new Set(ids).size).toBe(1);
      expect(frames.map((frame) => /msg-id=(\w+)/.exec(frame)?.[1])).toEqual([
        "submysterygift",
        "subgift",
        "subgift",
        "subgift",
      ]);
    }
  });

  it("escapes what tags hold, and cuts lines in two where it is told to", async ({
    expect,
    twitch,
  }) => {
    const client = await followTwitch(twitch);
    await twitch.do({ action: "notice", kind: "raid", system: "a; b \\ c\r\n" });
    expect((await client.take(1))[0]).toContain("system-msg=a\\:\\sb\\s\\\\\\sc\\r\\n :");
    await twitch.do({ action: "knobs", framing: "halves" });
    await twitch.do({ action: "message", text: "hello" });
    const halves = await client.take(2);
    expect(halves[0]).not.toContain("\r\n");
    expect(halves.join("")).toMatch(/PRIVMSG #rivermoss :hello\r\n$/);
  });

  it("tells sockets to go, and ends them a while later", async ({ expect, twitch }) => {
    const client = await followTwitch(twitch);
    await twitch.do({ action: "reconnect", leaveMs: 1 });
    expect(await client.take(1)).toEqual([":tmi.twitch.tv RECONNECT\r\n"]);
    expect((await client.closed).code).toBe(1001);
  });
});

describe("Twitch over HTTP", () => {
  it("takes a message with a good token, and says it in the room", async ({ expect, twitch }) => {
    const client = await followTwitch(twitch);
    const validated = await fetch(`${twitch.httpUrl}/oauth2/validate`, {
      headers: { authorization: "OAuth a-token" },
    });
    const { user_id: sender } = (await validated.json()) as { user_id: string };
    const room = /room-id=(\d+)/.exec((await say("x"))[0] ?? "")?.[1] ?? "";
    const post = (body: object, headers: Record<string, string> = USER) =>
      fetch(`${twitch.httpUrl}/helix/chat/messages`, {
        method: "POST",
        headers: { ...headers, "content-type": "application/json" },
        body: JSON.stringify({ broadcaster_id: room, sender_id: sender, message: "hi", ...body }),
      });
    const posted = await post({ message: "/me waves", reply_parent_message_id: "m-1" });
    const { data } = (await posted.json()) as { data: { message_id: string; is_sent: boolean }[] };
    expect(data[0]?.is_sent).toBe(true);
    const [line] = await client.take(1);
    expect(line).toContain(`id=${data[0]?.message_id}`);
    expect(line).toContain("reply-parent-msg-id=m-1");
    expect(line).toContain(":\u0001ACTION waves\u0001");
    expect((await post({}, { authorization: "Bearer a-token" })).status).toBe(401);
    expect((await post({ message: "x".repeat(501) })).status).toBe(400);
    await twitch.do({ action: "knobs", drop: "msg_duplicate" });
    expect(await (await post({})).text()).toContain('"is_sent":false');
    await twitch.do({
      action: "refuseRequest",
      path: "/helix/chat/messages",
      status: 429,
      times: 1,
    });
    expect((await post({})).status).toBe(429);
    await twitch.do({ action: "expireToken" });
    expect((await post({})).status).toBe(401);

    async function say(text: string): Promise<string[]> {
      await twitch.do({ action: "message", text });
      return client.take(1);
    }
  });

  it("renews by a refresh token that works once", async ({ expect, twitch }) => {
    const refresh = (refreshToken: string) =>
      fetch(`${twitch.httpUrl}/oauth2/token`, {
        method: "POST",
        body: new URLSearchParams({
          grant_type: "refresh_token",
          client_id: "a-client",
          refresh_token: refreshToken,
        }),
      });
    const renewed = await refresh("first-refresh-token");
    const { refresh_token: next } = (await renewed.json()) as { refresh_token: string };
    expect((await refresh("first-refresh-token")).status).toBe(400);
    expect((await refresh(next)).status).toBe(200);
    expect(twitch.truth().refreshes.map(({ status }) => status)).toEqual([200, 400, 200]);
  });

  it("gives a device a word to be typed, and tokens once, to the app that asked", async ({
    expect,
    twitch,
  }) => {
    const http = twitch.url.replace("ws:", "http:");
    const post = async (
      path: string,
      form: Record<string, string>,
    ): Promise<Readonly<Record<string, unknown>>> => {
      const body = new URLSearchParams(form);
      const answer = await fetch(new URL(path, http), { method: "POST", body });
      return { status: answer.status, ...((await answer.json()) as Record<string, string>) };
    };
    const begun = await post("/oauth2/device", { client_id: "app", scopes: "user:write:chat" });
    expect(begun).toMatchObject({ status: 200, interval: 5, expires_in: 1_800 });
    const ask = (client: string) =>
      post("/oauth2/token", {
        client_id: client,
        device_code: String(begun["device_code"]),
        grant_type: "urn:ietf:params:oauth:grant-type:device_code",
      });
    expect(await ask("app")).toEqual({ status: 400, message: "authorization_pending" });
    await fetch(String(begun["verification_uri"]));
    expect(await ask("another")).toEqual({ status: 400, message: "invalid device code" });
    expect(await ask("app")).toMatchObject({ status: 200, scope: ["user:write:chat"] });
    expect(await ask("app")).toEqual({ status: 400, message: "invalid device code" });
    expect(twitch.truth().deviceAsks.map(({ message }) => message)).toEqual([
      "authorization_pending",
      "invalid device code",
      "granted",
      "invalid device code",
    ]);
  });
});
