import { describe, it } from "vitest";

import { refuse, grant } from "../../../../src/event/answer.ts";
import type { EventDraft } from "../../../../src/event/event.ts";
import { samples } from "../../../support/samples.ts";
import { enter, linesOf, makeRoom, spoken } from "./room.ts";

const send = (text: string) => {
  const room = makeRoom();
  const client = enter(room).says(`PRIVMSG #demo :${text}`);
  return { room, client, sent: room.sends, lines: linesOf(client) };
};

describe("a client's text", () => {
  it("goes out by the relay's send, and is answered with the client's own state", ({ expect }) => {
    const { sent, lines } = send("Hello  :all ");
    expect(sent).toEqual([
      {
        sendId: null,
        content: { kind: "chat", style: "text", text: "Hello  :all" },
        to: null,
        sender: "c-1",
      },
    ]);
    expect(lines.map(({ command, params }) => [command, ...params])).toEqual([
      ["USERSTATE", "#demo"],
    ]);
  });

  it("is an action in both its forms", ({ expect }) => {
    for (const text of ["\u0001ACTION waves\u0001", "/me waves"]) {
      expect(send(text).sent[0]?.content).toEqual({ kind: "chat", style: "emote", text: "waves" });
    }
  });

  it("may answer a message, and carry a mark that comes back", ({ expect }) => {
    const room = makeRoom();
    const client = enter(room);
    client.says("@reply-parent-msg-id=m-1;client-nonce=n-1 PRIVMSG #demo :Yes");
    expect(room.sends[0]?.content).toMatchObject({ text: "Yes", replyTo: "m-1" });
    expect(linesOf(client)[0]?.tags["client-nonce"]).toBe("n-1");
  });

  it.for([
    ["/timeout grace 10", "unavailable_command"],
    [".timeout grace 10", "unavailable_command"],
    ["/ban grace", "unavailable_command"],
    ["/delete m-1", "unavailable_command"],
    ["/w grace hello", "unavailable_command"],
    ["/nonsense", "unrecognized_cmd"],
  ])("that is a command goes nowhere, and is answered: %s", ([text = "", id], { expect }) => {
    const { sent, lines } = send(text);
    expect(sent).toEqual([]);
    expect(lines.map(({ command, tags }) => [command, tags["msg-id"]])).toEqual([["NOTICE", id]]);
  });

  it.for(["...", ". hello", ".net is nice", "/", "/ x", "1/2"])(
    "that only begins like a command is said: %s",
    (text, { expect }) => {
      expect(send(text).sent).toHaveLength(1);
    },
  );

  it("without the right to write, or for a room that one is not in, goes nowhere, and is answered", ({
    expect,
  }) => {
    const room = makeRoom();
    const client = enter(room, "oauth:trb_reader").says("PRIVMSG #demo :Hello");
    const writer = enter(room).says("PRIVMSG #elsewhere :Hello");
    expect(room.sends).toEqual([]);
    for (const each of [client, writer]) {
      expect(linesOf(each)[0]?.tags).toEqual({ "msg-id": "no_permission" });
    }
  });

  it("that comes too fast goes nowhere, and is answered", ({ expect }) => {
    const room = makeRoom();
    const client = enter(room);
    for (let at = 0; at < 120; at += 1) client.says(`PRIVMSG #demo :${at}`);
    expect(room.sends.length).toBeLessThanOrEqual(100);
    expect(linesOf(client).at(-1)?.tags["msg-id"]).toBe("msg_ratelimit");
  });

  it.for([
    ["not_writable", "msg_rejected_mandatory"],
    ["invalid_input", "msg_bad_characters"],
    ["send_queue_full", "msg_ratelimit"],
    ["forbidden", "no_permission"],
  ] as const)(
    "that is not taken on is answered in Twitch's names: %s",
    ([code, id], { expect }) => {
      const room = makeRoom();
      const client = enter(room);
      const requestId = JSON.stringify({ request: 1, room: "demo" });
      client.hand({ type: "send-answered", at: room.at, requestId, answer: refuse(code, "No.") });
      expect(linesOf(client).map(({ tags }) => tags["msg-id"])).toEqual([id]);
    },
  );

  it("that did not arrive is told of to the socket that said it, and to no other", ({ expect }) => {
    const room = makeRoom();
    const [client, other] = [enter(room), enter(room)];
    client.says("PRIVMSG #demo :Hello");
    linesOf(client);
    const { data } = samples["send.failed"];
    const failed: EventDraft = {
      ...samples["send.failed"],
      data: { ...data, sendId: "send-1", reason: "duplicate" },
    };
    room.happens([failed]);
    expect(linesOf(client)[0]?.tags["msg-id"]).toBe("msg_duplicate");
    expect(linesOf(other)).toEqual([]);
  });
});

describe("one's own text", () => {
  const BY = "twitch-irc:ada";
  const answer = (room: ReturnType<typeof makeRoom>, to: string[]) => ({
    type: "send-answered" as const,
    at: room.at,
    requestId: JSON.stringify({ request: 1, room: "demo" }),
    answer: grant({ sendId: "s-1", targets: to }),
  });

  it("does not come back to the socket that said it, and every other hears it once", ({
    expect,
  }) => {
    const room = makeRoom();
    const [client, other] = [enter(room), enter(room)];
    client.says("PRIVMSG #demo :Hello");
    client.hand(answer(room, [BY]));
    linesOf(client);
    room.happens([spoken("Hello", { by: BY })]);
    expect(linesOf(client)).toEqual([]);
    expect(linesOf(other).map(({ params }) => params)).toEqual([["#demo", "Hello"]]);
  });

  it("is kept back once for each connection that it went to, and is somebody else's after that", ({
    expect,
  }) => {
    const room = makeRoom();
    const client = enter(room).says("PRIVMSG #demo :gg");
    client.hand(answer(room, [BY, "kick:ada"]));
    linesOf(client);
    const echo = spoken("gg", { by: BY });
    room.happens([echo, spoken("gg", { by: "kick:ada", platform: "kick" })]);
    expect(linesOf(client)).toEqual([]);
    room.happens([echo, spoken("gg", { by: "dlive:x", platform: "dlive" }), spoken("gg")]);
    expect(linesOf(client)).toHaveLength(3);
  });

  it("is known by whichever connection of the platform it comes back", ({ expect }) => {
    const room = makeRoom();
    const client = enter(room).says("PRIVMSG #demo :gg");
    client.hand(answer(room, ["twitch-eventsub:ada", "restream:7-discord-9"]));
    linesOf(client);
    room.happens([spoken("gg", { by: BY }), spoken("gg", { by: "astro:1", platform: "discord" })]);
    expect(linesOf(client)).toEqual([]);
    room.happens([spoken("gg", { by: "kick:ada", platform: "kick" })]);
    expect(linesOf(client)).toHaveLength(1);
  });

  it("is known without the character at its end that is not seen", ({ expect }) => {
    const room = makeRoom();
    const client = enter(room).says("PRIVMSG #demo :again \u{E0000}");
    client.hand(answer(room, [BY]));
    linesOf(client);
    room.happens([spoken("again", { by: BY })]);
    expect(linesOf(client)).toEqual([]);
  });

  it("is known where it was an answer, which comes back with a name before it", ({ expect }) => {
    const room = makeRoom();
    const client = enter(room).says("@reply-parent-msg-id=m-1 PRIVMSG #demo :Yes");
    client.hand(answer(room, [BY]));
    linesOf(client);
    const echo = spoken("@Grace Yes", { by: BY });
    const { message } = echo.data;
    room.happens([{ ...echo, data: { ...echo.data, message: { ...message, replyTo: "m-1" } } }]);
    expect(linesOf(client)).toEqual([]);
  });

  it("is not waited for longer than a minute", ({ expect }) => {
    const room = makeRoom();
    const client = enter(room).says("PRIVMSG #demo :gg");
    client.hand(answer(room, [BY]));
    linesOf(client);
    room.at += 60_000;
    room.happens([spoken("gg", { by: BY })]);
    expect(linesOf(client)).toHaveLength(1);
  });
});
