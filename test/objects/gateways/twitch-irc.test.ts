import { describe, it } from "vitest";

import { call, chat, makeChannel } from "../../support/api.ts";
import { dial, post, tokenOf } from "../../support/gateways.ts";
import type { TestSocket } from "../../support/sockets.ts";

const CAPS = "CAP REQ :twitch.tv/tags twitch.tv/commands";

const makeKey = async (scopes: string[]): Promise<{ id: string; key: string }> =>
  (await call<{ id: string; key: string }>("POST", "/keys", { name: "a bot", scopes })).body;

/** A client that has said who it is, with what it was told up to a line with this command. */
async function enter(lines: readonly string[], path = "/"): Promise<TestSocket> {
  const socket = await dial(path, ["irc"]);
  for (const line of [CAPS, ...lines]) socket.send(line);
  return socket;
}

/** The next line with this command; what came before it is passed over. */
async function lineOf(socket: TestSocket, command: string): Promise<string> {
  for (;;) {
    const line = (await socket.nextText()).replace(/\r\n$/, "");
    if (new RegExp(`^(?:@\\S+ )?(?::\\S+ )?${command}(?: |$)`).test(line)) return line;
  }
}

describe("a served client of Twitch's chat", () => {
  it("hears what is said on every platform, and what is taken away", async ({ expect }) => {
    const channel = await makeChannel();
    const socket = await enter([
      `PASS oauth:${await tokenOf(channel)}`,
      "NICK bot",
      `JOIN #${channel}`,
    ]);
    expect(socket.protocol).toBe("irc");
    expect(await lineOf(socket, "ROOMSTATE")).toContain("slow=0;subs-only=0");
    await lineOf(socket, "366");
    await post(channel, chat("m-1", "Hello"), {
      type: "chat.message.deleted",
      platform: "twitch",
      data: { messageIds: ["m-9"], eventIds: [] },
    });
    expect(await lineOf(socket, "PRIVMSG")).toMatch(/ PRIVMSG #\S+ :Hello$/);
    expect(await lineOf(socket, "CLEARMSG")).toContain("target-msg-id=m-9");
  });

  it("is known by an API key in small letters, which is taken nowhere else", async ({ expect }) => {
    const channel = await makeChannel();
    const { id, key } = await makeKey(["events:read"]);
    const folded = key.toLowerCase();
    const lines = [`PASS oauth:${folded}`, "NICK bot", `JOIN #${channel}`];
    const socket = await enter(lines);
    await lineOf(socket, "366");
    const read = await call("GET", `/channels/${channel}`, undefined, { key: folded });
    expect(read.status).toBe(401);
    expect((await call("DELETE", `/keys/${id}`)).status).toBe(204);
    expect((await socket.closed).code).toBe(1008);
    const late = await enter(lines);
    expect(await lineOf(late, "NOTICE")).toBe(
      ":tmi.twitch.tv NOTICE * :Login authentication failed",
    );
    expect((await late.closed).code).toBe(1000);
  });

  it("reads without a credential where the channel is public, and hears nothing where it is not", async ({
    expect,
  }) => {
    const open = await makeChannel();
    await call("PATCH", `/channels/${open}`, { public: true });
    const shut = await makeChannel();
    const socket = await enter(
      ["NICK justinfan123", `JOIN #${shut}`, `JOIN #${open}`],
      "/gateways/twitch-irc/",
    );
    expect(await lineOf(socket, "ROOMSTATE")).toContain(`#${open}`);
    await lineOf(socket, "366");
    socket.send(`PRIVMSG #${open} :Hello`);
    expect(await lineOf(socket, "NOTICE")).toContain("msg-id=no_permission");
  });
});
