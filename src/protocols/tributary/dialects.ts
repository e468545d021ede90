import type { Connection } from "../../event/shapes.ts";
import { keepOnLine } from "../../lib/json.ts";
import { formatTime } from "../../lib/time.ts";
import { cutRange, takeFitting, type Dialect } from "../dialect.ts";
import {
  CLOUDEVENTS,
  COMMANDS_MAX,
  COMMANDS_WITHIN_MS,
  MAX_FRAME_BYTES,
  PING_INTERVAL_MS,
  PONG,
  RECONNECT_WITHIN_MS,
  SUB_PROTOCOL,
} from "./wire.ts";

/** The native protocol in full. */
const native: Dialect = {
  tellsGaps: true,
  takesCommands: true,
  welcome: ({ session, channel, position, connections, now }) => [
    JSON.stringify({
      type: "hello",
      session,
      channel,
      position,
      time: formatTime(now),
      ...listConnections(connections),
      pingIntervalMs: PING_INTERVAL_MS,
      limits: {
        frameBytes: MAX_FRAME_BYTES,
        commands: COMMANDS_MAX,
        commandsWithinMs: COMMANDS_WITHIN_MS,
        reconnectWithinMs: RECONNECT_WITHIN_MS,
      },
    }),
  ],
  begin: () => [],
  events: (whole, all) =>
    cutRange(whole, all).map(({ range: { from, to }, events }) => {
      const texts = events.map((each) => each.text).join(",");
      return `{"type":"events","from":"${from}","to":"${to}","events":[${texts}]}`;
    }),
  gap: (gap) => [JSON.stringify({ type: "gap", ...gap })],
  handOver: (afterMs) => [JSON.stringify({ type: "reconnect", afterMs })],
  closing: (code, reason) => [JSON.stringify({ type: "closing", code, reason })],
};

/** The connections of a `hello`: as many as its frame holds, and how many more there are. */
function listConnections(all: readonly Connection[]): object {
  const fitting = takeFitting(all.map((each) => JSON.stringify(each))).length;
  const more = all.length - fitting;
  return { connections: all.slice(0, fitting), ...(more > 0 && { moreConnections: more }) };
}

/** One bare event a frame, and nothing else: for programs that know CloudEvents and not us. */
const bare: Dialect = {
  tellsGaps: false,
  takesCommands: false,
  welcome: () => [],
  begin: () => [],
  events: (_range, events) => events.map((each) => each.text),
  gap: () => [],
  handOver: () => [],
  closing: () => [],
};

/**
 * Server-Sent Events, ready to be written to the response: the object makes the text once for all
 * its readers, and the bridge passes it on. A block with an id and no data moves the reader's
 * `Last-Event-ID` on without an event, so that a filtered reader resumes where it was.
 */
const sse: Dialect = {
  tellsGaps: true,
  takesCommands: false,
  welcome: () => ["retry: 1000\n\n"],
  // A reader that loses the stream before its first event must come back to where it began.
  begin: (position) => [`id: ${position}\n\n`],
  events(whole, all) {
    const lines = all.map((each) => ({ ...each, text: keepOnLine(each.text) }));
    return cutRange(whole, lines).map(({ range: { to }, events }) => {
      const blocks = events.map(
        ({ id, type, text }) => `id: ${id}\nevent: ${type}\ndata: ${text}\n\n`,
      );
      const moved = events.at(-1)?.id === to ? "" : `id: ${to}\n\n`;
      return blocks.join("") + moved;
    });
  },
  gap: (gap) => [`id: ${gap.to}\nevent: gap\ndata: ${JSON.stringify(gap)}\n\n`],
  handOver: (afterMs) => [`retry: ${afterMs}\n\n`],
  closing: () => [],
};

/** The dialects a client of the relay itself may speak, by the name its socket carries. */
export const dialects = { [SUB_PROTOCOL]: native, [CLOUDEVENTS]: bare, sse } as const;
export type DialectId = keyof typeof dialects;

export function isDialectId(value: unknown): value is DialectId {
  return typeof value === "string" && Object.hasOwn(dialects, value);
}

/** The answer to a socket's ping. */
export const pong = PONG;
