import { z } from "zod";

import type { Line } from "../kit/line.ts";
import type { Stage } from "../kit/stage.ts";
import { milliseconds } from "./knobs.ts";
import type { Reconnect } from "./report.ts";
import { reconnectFrame } from "./wire.ts";

/** RFC 6455 7.4.1: the server goes down. No document of the service names a code. */
const goingAway = 1001;
const usualDrainMs = 10_000;
const usualTokenLifeMs = 60_000;
const usualMessage = "The server is shutting down.";

/** How a server goes down. */
export const reconnectShape = {
  message: z.string().optional(),
  /** Whether the old socket says anything more. Default "talks". */
  oldSocket: z.enum(["talks", "silent"]).optional(),
  /** Whether what is said while both are open is said on both (the default), or half on each. */
  overlap: z.enum(["both", "split"]).optional(),
  /** How long the old socket stays: 0 is not at all, null until `endOldSockets`. Default 10,000. */
  drainMs: milliseconds.nullable().optional(),
  /** Default 60,000. */
  tokenLifeMs: milliseconds.optional(),
} as const;

const Spec = z.strictObject(reconnectShape);
export type ReconnectSpec = z.infer<typeof Spec>;

interface Handover {
  readonly token: string;
  readonly from: Line;
  to: Line | null;
  readonly oldSocket: "talks" | "silent";
  readonly overlap: "both" | "split";
  expiresAt: number;
  readonly at: number;
}

/** Old sockets that were told to go, and the new ones that came in their place. */
export class Handovers {
  readonly #stage: Stage;
  readonly #byToken = new Map<string, Handover>();
  readonly #leaving = new Map<Line, Handover>();
  readonly #arrived = new WeakMap<Line, Handover>();
  #restored = 0;

  constructor(stage: Stage) {
    this.#stage = stage;
  }

  get counts() {
    return { reconnects: this.#byToken.size, restored: this.#restored };
  }

  /** Tells every socket that has not been told to go elsewhere. */
  begin(spec: ReconnectSpec): number {
    const lines = this.#stage.openLines.filter((line) => !this.#leaving.has(line));
    for (const line of lines) {
      this.#send(line, spec);
    }
    this.#stage.changed();
    return lines.length;
  }

  /** The socket whose place a new one takes; null if the token is bad, or its time is up. */
  redeem(token: string, line: Line): Line | null {
    const handover = this.#byToken.get(token);
    if (handover === undefined || Date.now() >= handover.expiresAt) {
      return null;
    }
    handover.to = line;
    this.#arrived.set(line, handover);
    this.#restored += 1;
    return handover.from;
  }

  expireTokens(): number {
    for (const handover of this.#byToken.values()) {
      handover.expiresAt = 0;
    }
    return this.#byToken.size;
  }

  /** Closes those that were told to go and have not. */
  endOldSockets(): number {
    const lines = [...this.#leaving.keys()].filter((line) => line.isOpen);
    for (const line of lines) {
      this.#end(line);
    }
    this.#stage.changed();
    return lines.length;
  }

  isSilent(line: Line): boolean {
    return this.#leaving.get(line)?.oldSocket === "silent";
  }

  /** Whether the socket is among those that an item goes to; items are numbered to split them. */
  isMeant(line: Line, number: number): boolean {
    const leaving = this.#leaving.get(line);
    if (leaving !== undefined) {
      const { oldSocket, overlap, to } = leaving;
      return oldSocket === "talks" && (overlap === "both" || to?.isOpen !== true || isEven(number));
    }
    const arrived = this.#arrived.get(line);
    if (arrived === undefined) {
      return true;
    }
    const { oldSocket, overlap, from } = arrived;
    return oldSocket === "silent" || overlap === "both" || !from.isOpen || !isEven(number);
  }

  report(): Reconnect[] {
    return [...this.#byToken.values()].map(({ from, token, to, at }) => ({
      socket: from.number,
      token,
      successor: to?.number ?? null,
      at,
    }));
  }

  #send(line: Line, spec: ReconnectSpec): void {
    const { message = usualMessage, drainMs = usualDrainMs } = spec;
    const { oldSocket = "talks", overlap = "both", tokenLifeMs = usualTokenLifeMs } = spec;
    const { chance } = this.#stage;
    const token = `eyJhbGciOiJIUzI1NiJ9.${chance.hex(40)}.${chance.hex(43)}`;
    const at = Date.now();
    const expiresAt = at + tokenLifeMs;
    const handover = { token, from: line, to: null, oldSocket, overlap, expiresAt, at };
    this.#byToken.set(token, handover);
    this.#leaving.set(line, handover);
    line.send(reconnectFrame(message, token));
    if (drainMs === 0) {
      this.#end(line);
    } else if (drainMs !== null) {
      setTimeout(() => this.#end(line), drainMs).unref();
    }
  }

  #end(line: Line): void {
    line.close(goingAway, "going away");
    this.#stage.changed();
  }
}

function isEven(number: number): boolean {
  return number % 2 === 0;
}
