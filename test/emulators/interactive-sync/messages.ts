import { z } from "zod";

import { type Interface, validateInterface } from "./interface.ts";
import type { WarningName } from "./wire.ts";

/** 2,048 for the interface and 46 for what stands around it. */
const longestText = 2_094;

export interface Pace {
  /** What comes sooner than this ends the connection. */
  readonly spamMs: number;
  /** What comes sooner than this is ignored. */
  readonly paceMs: number;
}

/** "spam" and "channelLost" end the connection, any other name is a warning. */
export type Verdict =
  | { readonly outcome: "valid"; readonly interface: Interface | null }
  | { readonly outcome: "spam" | "channelLost" }
  | { readonly outcome: WarningName; readonly data: unknown };

interface Known {
  /** Since the last message that was not too soon; infinite before the first. */
  readonly sinceLastMs: number;
  readonly shown: Interface | null;
  readonly isChannelLost: boolean;
}

const Message = z.object({ context: z.literal("user_interface"), data: z.unknown() });

/** The rules in the service's own order: the first that a message breaks is the one it hears of. */
export function judge(text: string, { sinceLastMs, shown, isChannelLost }: Known, pace: Pace) {
  if (sinceLastMs < pace.spamMs) {
    return { outcome: "spam" } satisfies Verdict;
  }
  return sinceLastMs < pace.paceMs ? warning("tooSoon") : judgeContent(text, shown, isChannelLost);
}

function judgeContent(text: string, shown: Interface | null, isChannelLost: boolean): Verdict {
  if (text.length > longestText) {
    return warning("tooBig");
  }
  const json = readJson(text);
  if (json === undefined) {
    return warning("unparsable");
  }
  const message = Message.safeParse(json).data;
  if (message === undefined || !message.data) {
    return warning("incomplete");
  }
  return isChannelLost ? { outcome: "channelLost" } : judgeInterface(message.data, shown);
}

function judgeInterface(data: unknown, shown: Interface | null): Verdict {
  const validated = validateInterface(data);
  if (!validated.isValid) {
    const error = { _original: data, details: [validated.detail] };
    return warning("invalid", { value: data, error });
  }
  const next = (validated.value ?? null) as Interface | null;
  const [previousID, newID] = [shown?.["id"], next?.["id"]];
  // Clearing what a closed socket has emptied already compares nothing with nothing: that is alike.
  return shown !== null && previousID === newID
    ? warning("identical", { previousID, newID })
    : { outcome: "valid", interface: next };
}

function warning(outcome: WarningName, data: unknown = null) {
  return { outcome, data } satisfies Verdict;
}

/** Undefined for what is no JSON, which no JSON is. */
function readJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
