/* Lines that were sent from here, with what became of each at each target. */
import { signal } from "@preact/signals";

import { TributaryError } from "../../client/errors.ts";
import type { SendOutcome } from "../../client/types.ts";
import { reportFault } from "../api/fault.ts";
import { line } from "./channel.ts";

export interface Sending {
  readonly id: string;
  readonly text: string;
  readonly kind: "text" | "emote";
  readonly targets: readonly string[];
  readonly outcomes: ReadonlyMap<string, SendOutcome>;
  /** Why it was not even taken on. */
  readonly refused: string | null;
  readonly isTaken: boolean;
}

const KEPT = 20;

export const sendings = signal<readonly Sending[]>([]);

function change(id: string, fields: Partial<Sending>): void {
  sendings.value = sendings.value.map((each) => (each.id === id ? { ...each, ...fields } : each));
}

/** Sends a line, and follows it to the end at each target. */
export async function sendLine(
  text: string,
  kind: "text" | "emote",
  targets: readonly string[],
  replyTo?: string,
): Promise<void> {
  const channel = line.peek();
  if (channel === null) return;
  const id = crypto.randomUUID();
  const begun: Sending = {
    id,
    text,
    kind,
    targets,
    outcomes: new Map(),
    refused: null,
    isTaken: false,
  };
  sendings.value = [...sendings.value, begun].slice(-KEPT);
  try {
    const sent = await channel.send({
      text,
      kind,
      to: targets,
      sendId: id,
      ...(replyTo !== undefined && { replyTo }),
    });
    change(id, { isTaken: true, targets: sent.targets });
    for await (const outcome of sent) {
      const known = sendings.value.find((each) => each.id === id)?.outcomes ?? new Map();
      change(id, { outcomes: new Map([...known, [outcome.target, outcome]]) });
    }
  } catch (error) {
    // It stands beside the line.
    const isTold = error instanceof TributaryError;
    if (!isTold) reportFault(error);
    change(id, { refused: isTold ? error.message : "It could not be sent." });
  }
}

/** Takes a line off the list. */
export function forgetSending(id: string): void {
  sendings.value = sendings.value.filter((each) => each.id !== id);
}
