import { SENT_FRAME_MAX_BYTES } from "../dialect.ts";
import {
  CloseCode,
  COMMANDS_MAX,
  COMMANDS_WITHIN_MS,
  FAULTS_MAX,
  FAULTS_WITHIN_MS,
  MAX_FRAME_BYTES,
  PING_INTERVAL_MS,
  RECONNECT_WITHIN_MS,
} from "./wire.ts";

/** The ways in which a client says who it is. */
export const SECURITY = {
  ticket: {
    type: "httpApiKey",
    in: "header",
    name: "sec-websocket-protocol",
    description:
      "For pages: `ticket.<ticket>` beside the sub-protocol, once, within a minute. `POST /v1/channels/{channel}/tickets` makes one.",
  },
  bearer: { type: "http", scheme: "bearer", description: "An API key, an overlay key or a token." },
  token: {
    type: "httpApiKey",
    in: "query",
    name: "token",
    description: "The same in the address, where no header can be set.",
  },
};

const seconds = (ms: number): string => `${ms / 1_000} s`;

const LIMITS: readonly (readonly string[])[] = [
  ["a frame of the relay", `${SENT_FRAME_MAX_BYTES / 1024} KiB, unless one event has more`],
  ["a frame of a client", `${MAX_FRAME_BYTES / 1024} KiB`],
  ["frames of a client", `${COMMANDS_MAX} in ${seconds(COMMANDS_WITHIN_MS)}`],
  ["frames that cannot be read", `${FAULTS_MAX} in ${seconds(FAULTS_WITHIN_MS)}`],
  ["between two pings", seconds(PING_INTERVAL_MS)],
  ["until one that was cut is back", `${seconds(RECONNECT_WITHIN_MS)}, by chance`],
];

/** The close codes in words, with what follows from each. */
export function describeCloses(): string {
  const rows = Object.entries(CloseCode).map(([name, code]) => {
    const words = name.replaceAll(/[A-Z]/g, (up) => ` ${up.toLowerCase()}`);
    const next = code < 4100 ? "no" : code < 4200 ? "later" : "at once";
    return [String(code), words, next];
  });
  return describeTable(["close code", "why", "come back"], rows);
}

/** The limits of the socket. */
export function describeLimits(): string {
  return describeTable(["limit", "at most"], LIMITS);
}

function describeTable(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const lines = [head, head.map(() => "---"), ...rows].map((cells) => `| ${cells.join(" | ")} |`);
  return lines.join("\n");
}
