import { parseLine } from "../../../src/protocols/twitch-irc/wire/line.ts";
import type { GatewaySamples, SocketSample } from "../support/gateway-samples.ts";

const TOKEN = "t0p-secret-token";

const CAPS = "CAP REQ :twitch.tv/tags twitch.tv/commands twitch.tv/membership";

const client: SocketSample = {
  context: null,
  needs: "events:read",
  opened: [],
  greeting: [CAPS, `PASS oauth:${TOKEN}`, "NICK ada", "JOIN #demo"],
  greeted: [
    "CAP",
    "001",
    "002",
    "003",
    "004",
    "375",
    "372",
    "376",
    "GLOBALUSERSTATE",
    "JOIN",
    "USERSTATE",
    "ROOMSTATE",
    "353",
    "366",
  ],
  frames: {
    "what it wants": CAPS,
    "what it wants, in short": "CAP REQ :tags commands membership",
    "what there is": "CAP LS 302",
    "the end of that": "CAP END",
    "a password": `PASS oauth:${TOKEN}`,
    "another's": "PASS oauth:other",
    "a name": "NICK ada",
    "a reader's name": "NICK justinfan123",
    "a room": "JOIN #demo",
    "a room called otherwise": "JOIN #constructor",
    "several rooms": "JOIN #demo,#constructor,#nowhere,#No Such",
    "all at once": `${CAPS}\r\nPASS oauth:${TOKEN}\r\nNICK ada\r\nJOIN #demo\r\n`,
    "a text": "PRIVMSG #demo :Hello all",
    "an action": "PRIVMSG #demo :\u0001ACTION waves\u0001",
    "an answer": "@client-nonce=n1;reply-parent-msg-id=m-1 PRIVMSG #demo :Yes",
    "a command": "PRIVMSG #demo :/timeout grace 10",
    "a text elsewhere": "PRIVMSG #elsewhere :Hello",
    "a leave": "PART #demo",
    "a ping": "PING :x",
    "a bare ping": "PING",
    "a pong": "PONG",
    "something else": "WHO #demo",
    "the end": "QUIT",
  },
  says: {
    "chat.message": ["PRIVMSG"],
    "chat.message.deleted": ["CLEARMSG", "CLEARMSG"],
    "chat.cleared": ["CLEARCHAT"],
    "chat.notice": ["USERNOTICE announcement"],
    "chat.settings.updated": ["ROOMSTATE"],
    "channel.subscription": ["USERNOTICE resub"],
    "channel.subscription.gift": ["USERNOTICE submysterygift", "USERNOTICE subgift"],
    "channel.tip": ["USERNOTICE announcement"],
    "channel.cheer": ["USERNOTICE announcement"],
    "channel.raid": ["USERNOTICE raid"],
    "moderation.ban": ["CLEARCHAT"],
    "moderation.timeout": ["CLEARCHAT"],
  },
  writesWith: "chat:write",
  exchange: {
    request: (at) => `PING :${at}`,
    paceMs: 1000,
    keyOf: ({ command, params }) => (command === "PONG" ? ((params as string[])[1] ?? "") : null),
    key: String,
  },
  fills: [
    (_text, at) => `JOIN #channel-${at}`,
    (_text, at) => `JOIN #${"x".repeat(50)}${at}`,
    (text, at) => `PRIVMSG #demo :${text.replaceAll(" ", "")}${at}`,
    (text, at) => `@client-nonce=${text} PRIVMSG #demo :${at}`,
    (text) => `NICK ${text}`,
  ],
};

export const gatewaySamples: GatewaySamples = {
  token: TOKEN,
  addresses: {
    "tmi.js's": {
      request: { path: "/", query: {}, offered: ["irc"] },
      subprotocol: "irc",
      isOwn: true,
    },
    "one without a sub-protocol": {
      request: { path: "/", query: {}, offered: [] },
      isOwn: false,
    },
  },
  sockets: { client },
  refusals: {
    no_query: 1000,
    no_credential: 1000,
    unauthorized: 1000,
    forbidden: 1000,
    channel_not_found: 1000,
    unavailable: 503,
  },
  closes: [1000, 1009, 1013],
  readFrame(text) {
    if (!/^[^\r\n]+\r\n$/.test(text)) throw new Error(`no line: ${JSON.stringify(text)}`);
    const line = parseLine(text.slice(0, -2));
    if (line === null) throw new Error(`no line: ${text}`);
    return { ...line };
  },
  kindOf: ({ command, tags }) => {
    const kind = (tags as Record<string, string>)["msg-id"];
    return command === "USERNOTICE" ? `USERNOTICE ${kind}` : String(command);
  },
};
