import type { SendFlaw, Sending } from "../../../event/sending.ts";
import { isRecord, type Json } from "../../../lib/json.ts";
import type { SendContent } from "../../session.ts";
import { MAX_FRAME_CHARS, formatUserInterface } from "./frames.ts";
import { readInterface } from "./interface.ts";

/** An interface to show, as it was given; `{}` for none. */
export interface Shown {
  readonly [key: string]: Json | undefined;
  readonly id?: string;
}

/** The real server takes one message a second, and two within 100 ms end the socket: some slack. */
export const PACE_MS = 1100;

/** The content that can be sent: an interface, of which only the newest matters. */
export const sending: Sending = { kinds: ["ui"], paceMs: PACE_MS, latestOnly: true, check };

/** Is it the interface that takes away what is shown? */
export function isNone(shown: Shown): boolean {
  return Object.keys(shown).length === 0;
}

/** Reads the interface that the session before handed over; null for none. */
export function readShown(value: unknown): Shown | null {
  const flaw = check({ kind: "ui", interface: value as Json });
  return flaw === null && isRecord(value) && !isNone(value as Shown) ? (value as Shown) : null;
}

/**
 * Under which id to show it: its own, or, where the server may hold that already, one like it. As
 * long as its own, so that no frame grows beyond what it may have.
 */
export function chooseId({ id = "" }: Shown, held: readonly (string | null)[]): string {
  // The server holds one; of a transfer that failed it is not certain which of two.
  const others = ["1", "2", "3"].map((digit) => id.slice(0, -1) + digit);
  return [id, ...others].find((each) => !held.includes(each)) ?? id;
}

function check(content: SendContent): SendFlaw | null {
  if (content.kind !== "ui") {
    return {
      reason: "unsupported",
      detail: "only an interface can be sent here",
      pointer: "/kind",
    };
  }
  const read = readInterface(content.interface);
  if (!read.ok) {
    const [problem] = read.problems;
    const { pointer = "", detail = "is no interface" } = problem ?? {};
    return { reason: "invalid", detail, pointer: `/interface${pointer}` };
  }
  const chars = formatUserInterface(content.interface as Shown).length;
  if (chars <= MAX_FRAME_CHARS) return null;
  const detail = `takes ${chars} characters to send, and may take ${MAX_FRAME_CHARS}`;
  return { reason: "too_large", detail, pointer: "/interface" };
}
