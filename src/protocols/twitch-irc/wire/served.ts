import { formatLine, type Line } from "./line.ts";

/* The lines of a server to its client, of what is about the socket and not about a room's people. */

export const SERVER = "tmi.twitch.tv";
export const SUB_PROTOCOL = "irc";

export const CAPABILITIES = ["commands", "membership", "tags"] as const;
export type Capability = (typeof CAPABILITIES)[number];

/** A line as it is told: `command` says who asked for its kind. */
export interface Told {
  readonly command: string;
  readonly text: string;
}

export function toPrefix(login: string): string {
  return `${login}!${login}@${login}.${SERVER}`;
}

/** Writes a line of the server's own. */
export function tell(command: string, params: readonly string[], tags: Line["tags"] = {}): Told {
  return { command, text: formatLine({ tags, prefix: SERVER, command, params }) };
}

/** Writes the numbers that say that a client is in. */
export function listWelcome(nick: string): Told[] {
  return [
    tell("001", [nick, "Welcome, GLHF!"]),
    tell("002", [nick, `Your host is ${SERVER}`]),
    tell("003", [nick, "This server is rather new"]),
    tell("004", [nick, "-"]),
    tell("375", [nick, "-"]),
    tell("372", [nick, "You are in a maze of twisty passages, all alike."]),
    tell("376", [nick, ">"]),
  ];
}

/** Writes a room's names: one's own. */
export function listNames(nick: string, room: string): Told[] {
  const say = (command: string, params: string[]): Told => ({
    command,
    text: formatLine({ tags: {}, prefix: `${nick}.${SERVER}`, command, params }),
  });
  return [say("353", [nick, "=", room, nick]), say("366", [nick, room, "End of /NAMES list"])];
}

/** Writes what a client did itself: it came, or it left. */
export function tellOwn(nick: string, command: "JOIN" | "PART", room: string): Told {
  const line = { tags: {}, prefix: toPrefix(nick), command, params: [room] };
  return { command, text: formatLine(line) };
}

/** Lines of a room under another of its names: it stands behind the command, before which is no space. */
export function renameRoom(lines: readonly Told[], from: string, to: string): readonly Told[] {
  if (from === to) return lines;
  return lines.map(({ command, text }) => ({
    command,
    text: text.replace(` ${command} ${from}`, () => ` ${command} ${to}`),
  }));
}

/**
 * Writes the answer to a PING. One without words is answered without a sender: clients that send such
 * read nothing else as an answer.
 */
export function answerPing(words: string | undefined): Told {
  return words === undefined ? { command: "PONG", text: "PONG" } : tell("PONG", [SERVER, words]);
}

/** A frame of it, as far as the client has asked for its kind. Null for nothing. */
export function toFrame({ command, text }: Told, caps: readonly Capability[]): string | null {
  if (!caps.includes("commands") && FOR_COMMANDS.has(command)) return null;
  const line = caps.includes("tags") ? text : text.replace(/^@\S+ /, "");
  return `${line}\r\n`;
}

const FOR_COMMANDS: ReadonlySet<string> = new Set([
  "CLEARCHAT",
  "CLEARMSG",
  "GLOBALUSERSTATE",
  "ROOMSTATE",
  "USERNOTICE",
  "USERSTATE",
]);
