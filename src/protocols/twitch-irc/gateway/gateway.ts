import { closeSocket } from "../../effects.ts";
import type { GatewayInput } from "../../gateway-session.ts";
import { defineGateway } from "../../gateway.ts";
import { parseLine, splitLines, type Line } from "../wire/line.ts";
import { answerPing, SERVER, SUB_PROTOCOL, tell } from "../wire/served.ts";
import { hear } from "./hearing.ts";
import { negotiate, onCredential, REFUSAL, showNick, showPassword } from "./login.ts";
import { askAgain, dropRoom, join, onFollow, part } from "./rooms.ts";
import { onSent, speak } from "./speech.ts";
import { keepState, NEW, say, State, type Reaction } from "./state.ts";

// Twitch's own come every few minutes.
const HEARTBEAT_MS = 120_000;

// A line has 512 bytes beside its tags, and a frame holds several.
const FRAME_MAX = 32_768;
const LINES_MAX = 200;

/** Speaks as Twitch's chat does: a socket asks for rooms, and hears what all platforms say there. */
export const gateway = defineGateway<State>({
  protocol: "twitch-irc",
  seat: "hub",
  overflows: false,
  heartbeatMs: HEARTBEAT_MS,
  needs: "events:read",
  State,
  ownsPath: ({ isUpgrade, path, offered }) =>
    isUpgrade && path === "/" && offered.includes(SUB_PROTOCOL),
  admit({ path, offered }) {
    if (path !== "/") return null;
    const subprotocol = offered.includes(SUB_PROTOCOL) ? SUB_PROTOCOL : null;
    return { channel: null, credential: null, subprotocol, about: null };
  },
  refuse: (reason) =>
    reason === "unavailable"
      ? { kind: "answer", status: 503, type: "text/plain", body: "try again later" }
      : { kind: "socket", frames: [REFUSAL], code: 1000, reason: "refused" },
  begin: () => ({ state: NEW, effects: [] }),
  step,
  principalsOf: ({ principal }) => (principal === null ? [] : [principal]),
  closes: { slow: 1013, credential: 1008 },
});

function step(state: State, input: GatewayInput): Reaction {
  if (state.isOver) return keepState(state);
  switch (input.type) {
    case "frame-received":
      return input.frame === null ? keepState(state) : onFrame(state, input.frame, input.at);
    case "credential-checked":
      return onCredential(state, input);
    case "follow-answered":
      return onFollow(state, input);
    case "send-answered":
      return onSent(state, input);
    case "events-observed":
      return hear(state, input.channel, input.events, input.at);
    case "channel-gone":
      return dropRoom(state, input.channel);
    case "heartbeat": {
      const asked = askAgain(state, input.at);
      const ping = { command: "PING", text: `PING :${SERVER}` };
      return { ...asked, effects: [...(state.isIn ? say(state, [ping]) : []), ...asked.effects] };
    }
    default:
      return keepState(state);
  }
}

/** The lines of a frame. Its end ends a line, too: many clients write none. */
function onFrame(before: State, text: string, at: number): Reaction {
  if (text.length > FRAME_MAX) return end(before, 1009, "frame too long");
  let state = before;
  const effects = [];
  for (const each of splitLines(`${text}\n`).lines.slice(0, LINES_MAX)) {
    const line = parseLine(each.replace(/^((?:@\S+ +)?(?::\S+ +)?)(\w+)/, upperCommand));
    if (line === null || state.isOver) continue;
    const reaction = onLine(state, line, at);
    state = reaction.state;
    effects.push(...reaction.effects);
  }
  return { state, effects };
}

/** A command is one in small letters, too. */
function upperCommand(_all: string, before: string, command: string): string {
  return before + command.toUpperCase();
}

function onLine(state: State, line: Line, at: number): Reaction {
  const { command, params } = line;
  const [first = ""] = params;
  switch (command) {
    case "CAP":
      return negotiate(state, params);
    case "PASS":
      return showPassword(state, params.join(" "));
    case "NICK":
      return showNick(state, first);
    case "PING":
      return { state, effects: say(state, [answerPing(params[0])]) };
    case "JOIN":
      return join(state, first, at);
    case "QUIT":
      return end(state, 1000, "bye");
    case "PONG":
    case "USER":
      return keepState(state);
  }
  if (!state.isIn) return keepState(state);
  switch (command) {
    case "PART":
      return part(state, first);
    case "PRIVMSG":
      return speak(state, line, at);
    default: {
      const unknown = tell("421", [state.nick ?? "", command.slice(0, 40), "Unknown command"]);
      return { state, effects: say(state, [unknown]) };
    }
  }
}

function end(state: State, code: number, reason: string): Reaction {
  return { state: { ...state, isOver: true }, effects: [closeSocket(code, reason)] };
}
