/* The lines of a chat, with what was taken away struck out for a moment and then gone. Pure. */
import type { StreamEvent } from "../../client/event-types.ts";
import { ACTIVITY } from "../text/kinds.ts";
import { nameOf } from "../text/phrases.ts";

export interface Line {
  readonly event: StreamEvent;
  /** Words of why it was taken away; null while it stands. */
  readonly struck: string | null;
  /** The time after which it is not shown; null while it stands. */
  readonly goesAt: number | null;
}

const KEPT = 300;
/** Operators see that it worked; overlays drop it at once. */
const STRUCK_MS = 3_000;

const SHOWN = new Set(["chat.message", "chat.notice", ...ACTIVITY]);

interface Who {
  readonly key?: string;
  readonly id?: string;
  readonly name?: string;
  readonly login?: string;
}

interface Loose {
  readonly user?: Who;
  readonly by?: Who;
  readonly message?: { readonly id?: string; readonly deleted?: true };
  readonly messageIds?: readonly string[];
  readonly scope?: string;
}

/** Tells if two names are of one person. */
function isSame(one: Who | undefined, other: Who | undefined): boolean {
  if (one === undefined || other === undefined) return false;
  if (one.id !== undefined && other.id !== undefined) return one.id === other.id;
  const [name, otherName] = [one, other].map(({ login, name }) => (login ?? name)?.toLowerCase());
  return name !== undefined && name === otherName;
}

/** A line that an event takes away, and the words for it; null for none. */
function findTaken({
  type,
  platform,
  data,
}: StreamEvent): { takes: (line: StreamEvent) => boolean; words: string } | null {
  const { user, by, messageIds = [], scope } = data as Loose;
  const who = by === undefined ? "" : ` by ${nameOf(by)}`;
  const isHere = (line: StreamEvent): boolean =>
    line.platform === platform && line.type.startsWith("chat.");
  const ofUser = (line: StreamEvent): boolean =>
    isHere(line) && isSame((line.data as Loose).user, user);
  switch (type) {
    case "chat.message.deleted":
      return {
        takes: (line) => {
          const id = (line.data as Loose).message?.id ?? "";
          return isHere(line) && id !== "" && messageIds.includes(id);
        },
        words: `deleted${who}`,
      };
    case "chat.cleared":
      return { takes: scope === "user" ? ofUser : isHere, words: `cleared${who}` };
    case "moderation.ban":
      return { takes: ofUser, words: `banned${who}` };
    case "moderation.timeout":
      return { takes: ofUser, words: `timed out${who}` };
    default:
      return null;
  }
}

/** Takes events into the lines, in the order they came. */
export function takeEvents(
  lines: readonly Line[],
  events: readonly StreamEvent[],
  now: number,
): Line[] {
  let next = [...lines];
  const known = new Set(next.map(({ event }) => event.id));
  for (const event of events) {
    if (known.has(event.id)) continue;
    const taken = findTaken(event);
    if (taken !== null) {
      next = next.map((line) =>
        line.struck === null && taken.takes(line.event)
          ? { ...line, struck: taken.words, goesAt: now + STRUCK_MS }
          : line,
      );
    }
    if (!SHOWN.has(event.type) || (event.data as Loose).message?.deleted === true) continue;
    known.add(event.id);
    next.push({ event, struck: null, goesAt: null });
  }
  return next.slice(-KEPT);
}

/** Drops the lines whose moment is over. */
export function dropLines(lines: readonly Line[], now: number): readonly Line[] {
  return lines.some(({ goesAt }) => goesAt !== null && goesAt <= now)
    ? lines.filter(({ goesAt }) => goesAt === null || goesAt > now)
    : lines;
}
