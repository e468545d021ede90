import { describe, it } from "vitest";

import { refuse } from "../../../../src/event/answer.ts";
import { gateway } from "../../../../src/protocols/twitch-irc/index.ts";
import { CAPS, enter, linesOf, makeRoom, spoken } from "./room.ts";

const knock = (path: string, offered: readonly string[] = []) =>
  gateway.admit({ path, query: {}, offered });

describe("the door", () => {
  it("echoes the sub-protocol irc where it is offered, and none where it is not", ({ expect }) => {
    expect(knock("/", ["irc"])?.subprotocol).toBe("irc");
    expect(knock("/", ["x", "irc"])?.subprotocol).toBe("irc");
    expect(knock("/", ["x"])?.subprotocol).toBeNull();
    expect(knock("/")?.subprotocol).toBeNull();
    expect(knock("/ws")).toBeNull();
  });

  it("is meant on any host by an upgrade of / that offers irc, and by nothing else", ({
    expect,
  }) => {
    const asked = { path: "/", query: {}, offered: ["irc"], method: "GET", isUpgrade: true };
    expect(gateway.ownsPath(asked)).toBe(true);
    expect(gateway.ownsPath({ ...asked, offered: [] })).toBe(false);
    expect(gateway.ownsPath({ ...asked, path: "/x" })).toBe(false);
    expect(gateway.ownsPath({ ...asked, isUpgrade: false })).toBe(false);
  });
});

describe("the greeting", () => {
  it("acknowledges capabilities with their prefix and without, and refuses a request with one that is unknown", ({
    expect,
  }) => {
    const client = makeRoom().join(null, null);
    client.says("CAP REQ :tags commands membership").says(CAPS).says("CAP REQ :twitch.tv/tags x");
    expect(client.hears()).toEqual([
      ":tmi.twitch.tv CAP * ACK :tags commands membership",
      ":tmi.twitch.tv CAP * ACK :twitch.tv/tags twitch.tv/commands",
      ":tmi.twitch.tv CAP * NAK :twitch.tv/tags x",
    ]);
  });

  it("waits for CAP END after CAP LS, and for nothing without", ({ expect }) => {
    const client = makeRoom().join(null, null);
    client.says("CAP LS 302").says("PASS oauth:trb_key").says("NICK ada");
    expect(client.hears()).toEqual([
      ":tmi.twitch.tv CAP * LS :twitch.tv/commands twitch.tv/membership twitch.tv/tags",
    ]);
    client.says("CAP END");
    expect(linesOf(client)[0]?.command).toBe("001");
  });

  it("welcomes with the numbers that clients wait for, and says who one is", ({ expect }) => {
    const client = makeRoom().join(null, null);
    client.says(CAPS).says("PASS oauth:trb_key").says("NICK Ada");
    const [, ...lines] = linesOf(client);
    const commands = ["001", "002", "003", "004", "375", "372", "376", "GLOBALUSERSTATE"];
    expect(lines.map(({ command }) => command)).toEqual(commands);
    expect(lines[0]?.params[0]).toBe("ada");
    expect(lines.at(-1)?.tags).toMatchObject({ "display-name": "john", "emote-sets": "0" });
  });

  it("takes all of it in one frame, with ends of lines and without", ({ expect }) => {
    for (const end of ["\r\n", ""]) {
      const client = makeRoom().join(null, null);
      client.says(`${CAPS}\r\nPASS oauth:trb_key\r\nNICK ada\r\nJOIN #demo${end}`);
      expect(linesOf(client).at(-1)?.command).toBe("366");
    }
  });

  it.for([
    [
      "a password that does not hold",
      ["PASS oauth:wrong", "NICK ada"],
      "Login authentication failed",
    ],
    ["no password under a name", ["NICK ada"], "Login authentication failed"],
    ["an empty password", ["PASS oauth:", "NICK ada"], "Login authentication failed"],
    ["a name that is none", ["PASS oauth:trb_key", "NICK a!b"], "Invalid NICK"],
  ] as const)(
    "refuses in words that every client knows, and closes: %s",
    ([, said, words], { expect }) => {
      const client = makeRoom().join(null, null);
      for (const line of said) client.says(line);
      expect(client.hears()).toEqual([`:tmi.twitch.tv NOTICE * :${words}`]);
      expect(client.closed?.code).toBe(1000);
    },
  );

  it("lets a reader in by justinfan, whatever the password, and tells him of no state of his own", ({
    expect,
  }) => {
    for (const before of [[], ["PASS SCHMOOPIIE"]]) {
      const client = makeRoom().join(null, null).says(CAPS);
      for (const line of before) client.says(line);
      client.says("NICK justinfan123").says("JOIN #demo");
      const commands = linesOf(client).map(({ command }) => command);
      expect(commands).toContain("376");
      expect(commands.slice(-4)).toEqual(["JOIN", "ROOMSTATE", "353", "366"]);
      expect(commands.filter((each) => each.includes("USERSTATE"))).toEqual([]);
    }
  });
});

describe("a room", () => {
  it("is entered with one's own JOIN and state, the room's whole state, and its names", ({
    expect,
  }) => {
    const client = enter(makeRoom());
    client.says("PART #demo").says("JOIN #demo");
    expect(client.hears()).toEqual([
      ":ada!ada@ada.tmi.twitch.tv PART #demo",
      ":ada!ada@ada.tmi.twitch.tv JOIN #demo",
      "@badge-info=;badges=;color=;display-name=john;emote-sets=0;user-type=;mod=0;subscriber=0 :tmi.twitch.tv USERSTATE #demo",
      "@emote-only=0;followers-only=-1;r9k=0;slow=0;subs-only=0;room-id=900000001 :tmi.twitch.tv ROOMSTATE #demo",
      ":ada.tmi.twitch.tv 353 ada = #demo :ada",
      ":ada.tmi.twitch.tv 366 ada #demo :End of /NAMES list",
    ]);
  });

  it("whose name has a hyphen is also entered by one with an underscore, and called so from then on", ({
    expect,
  }) => {
    const room = makeRoom("late-night");
    const client = room.join(null, null);
    client.says(CAPS).says("PASS oauth:trb_key").says("NICK ada").says("JOIN #Late_Night");
    room.happens([spoken("about #late-night")], { channel: "late-night" });
    client.says("PRIVMSG #late_night :/ban grace").says("PRIVMSG #late_night :Hello");
    client.says("JOIN #late-night").says("PART #late-night");
    const lines = linesOf(client).slice(-9);
    const expected = ["JOIN", "USERSTATE", "ROOMSTATE", "353", "366", "PRIVMSG", "NOTICE"];
    expect(lines.map(({ command }) => command)).toEqual([...expected, "USERSTATE", "PART"]);
    expect(lines.filter(({ params }) => !params.includes("#late_night"))).toEqual([]);
    expect(lines[5]?.params).toEqual(["#late_night", "about #late-night"]);
    expect(room.sends).toMatchObject([{ content: { text: "Hello" } }]);
  });

  it("that is not there is answered with silence, and the socket lives", ({ expect }) => {
    const client = enter(makeRoom());
    client.says("JOIN #nowhere").says("JOIN #No Such").says("JOIN").says("PING :x");
    expect(client.hears()).toEqual([":tmi.twitch.tv PONG tmi.twitch.tv :x"]);
  });

  it("that one may not read is answered with silence", ({ expect }) => {
    const room = makeRoom();
    const client = enter(room);
    client.hand({
      type: "follow-answered",
      at: room.at,
      requestId: "demo",
      answer: refuse("forbidden", "No."),
    });
    expect([client.hears(), client.closed]).toEqual([[], null]);
  });

  it("that is gone is left", ({ expect }) => {
    const room = makeRoom();
    const client = enter(room);
    client.hand({ type: "channel-gone", at: room.at, channel: "demo" });
    expect(client.hears()).toEqual([":ada!ada@ada.tmi.twitch.tv PART #demo"]);
  });
});

describe("a frame", () => {
  it("of more than 32 KiB ends the socket, and one that is no line does not", ({ expect }) => {
    const client = makeRoom()
      .join(null, null)
      .says("{}")
      .says("")
      .says(null)
      .says("x".repeat(32_768));
    expect(client.closed).toBeNull();
    expect(client.says("x".repeat(32_769)).closed?.code).toBe(1009);
  });
});

describe("a ping", () => {
  it("without words is answered without a sender, and one with words with it", ({ expect }) => {
    const client = makeRoom().join(null, null).says("PING").says("PING :a b");
    expect(client.hears()).toEqual(["PONG", ":tmi.twitch.tv PONG tmi.twitch.tv :a b"]);
  });

  it("is sent at each beat to whoever is in, and needs no answer", ({ expect }) => {
    const room = makeRoom();
    const [client, stranger] = [enter(room), room.join(null, null)];
    for (const each of [client, stranger]) each.hand({ type: "heartbeat", at: room.at });
    expect([client.hears(), stranger.hears()]).toEqual([["PING :tmi.twitch.tv"], []]);
  });
});

describe("capabilities", () => {
  it("are what is told: without tags no line has any, and without commands there is chat only", ({
    expect,
  }) => {
    const client = makeRoom().join(null, null);
    client.says("PASS oauth:trb_key").says("NICK ada").says("JOIN #demo");
    const lines = linesOf(client);
    expect(lines.every(({ tags }) => Object.keys(tags).length === 0)).toBe(true);
    expect(lines.slice(-3).map(({ command }) => command)).toEqual(["JOIN", "353", "366"]);
  });
});
