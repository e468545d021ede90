import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { array, constantFrom, record, uniqueArray, type Arbitrary } from "fast-check";

import type { EventDraft } from "../../src/event/event.ts";
import { matches, parseFilter, type Filter } from "../../src/event/filter.ts";
import type { ProviderId } from "../../src/event/ids.ts";
import { formatPosition } from "../../src/event/position.ts";
import { readJournalBounds } from "../../src/store/journal/groups.ts";
import { call, makeChannel } from "./api.ts";
import { loseHistory } from "./history.ts";
import { drained, forgetJournal, OWNER } from "./objects.ts";

/** An event of a log of the tests, by what readers filter it. */
export interface Told {
  readonly seq: number;
  readonly type: string;
  readonly provider: ProviderId;
  readonly platform: string;
}

/** A log whose events lie in history, in the journal, in both or in the journal alone. */
export interface MixedLog {
  readonly channel: string;
  readonly number: number;
  readonly epoch: string;
  /** All that was ever said. */
  readonly events: readonly Told[];
  /** Up to here history was taken away, as retention does. */
  readonly lostTo: number;
  /** The place before the oldest event that history or the journal still has. */
  readonly keptFrom: number;
}

/** How many events lie where: the oldest first. */
export interface Mixture {
  /** Only in history. */
  readonly history: number;
  /** In history and in the journal. */
  readonly both: number;
  /** Only in the journal. */
  readonly journal: number;
  /** As many of the oldest are taken away again. */
  readonly lost: number;
}

const TYPES = ["custom.a", "custom.b.c", "custom.b.d", "custom.e"] as const;
const PROVIDERS = ["api", "dlive", "restream"] as const;
const PLATFORMS = ["twitch", "kick", "aa"] as const;

// Runs of one kind are long enough to fill more than a page, and short enough to make many.
const RUNS = [1, 7, 40, 3, 150, 2, 11];

function toldAt(seq: number): Told {
  let run = 0;
  for (let end = 0; end < seq; run++) end += RUNS[run % RUNS.length] ?? 1;
  return {
    seq,
    type: TYPES[(seq * 7 + run) % TYPES.length] ?? "custom.a",
    provider: PROVIDERS[run % PROVIDERS.length] ?? "api",
    platform: PLATFORMS[(run * 5 + (seq % 11 === 0 ? 1 : 0)) % PLATFORMS.length] ?? "aa",
  };
}

/** From now on, or no longer, history takes no events of a channel: they stay in its journal. */
export async function holdFromHistory(number: number, isHeld: boolean): Promise<void> {
  const name = `hold_${number}`;
  await env.DB.prepare(
    isHeld
      ? `CREATE TRIGGER ${name} BEFORE INSERT ON blocks WHEN NEW.place >> 32 = ${number}
         BEGIN SELECT RAISE(ABORT, 'held'); END`
      : `DROP TRIGGER IF EXISTS ${name}`,
  ).run();
}

/** Makes a channel with a log as it is asked for. */
export async function makeLog({ history, both, journal, lost }: Mixture): Promise<MixedLog> {
  const channel = await makeChannel();
  const { body } = await call<{ number: number; epoch: string }>("GET", `/channels/${channel}`);
  const events: Told[] = [];
  const say = async (count: number): Promise<void> => {
    const next = Array.from({ length: count }, (_, index) => toldAt(events.length + index + 1));
    // Each provider's own, in the order of the log.
    for (let done = 0; done < next.length;) {
      const provider = next[done]?.provider;
      const other = next.findIndex((told, at) => at >= done && told.provider !== provider);
      const some = next.slice(done, Math.min(done + 500, other === -1 ? next.length : other));
      const drafts = some.map(
        ({ seq, type, platform }) => ({ type, platform, data: { n: seq } }) as EventDraft,
      );
      await env.CHANNEL.getByName(channel).post(OWNER, drafts, 100 * drafts.length, provider);
      done += some.length;
    }
    events.push(...next);
  };
  await say(history);
  await drained(channel);
  if (history > 0) await forgetJournal(channel);
  await say(both);
  await drained(channel);
  await loseHistory(body.number, ({ seq }) => seq <= lost);
  if (journal > 0) await holdFromHistory(body.number, true);
  await say(journal);
  const journalFrom = await runInDurableObject(
    env.CHANNEL.getByName(channel),
    (_, { storage }) => readJournalBounds(storage.sql)?.oldest ?? 0,
  );
  return { channel, ...body, events, lostTo: lost, keptFrom: Math.min(lost, journalFrom) };
}

/** The places after one whose events a filter lets through. */
export function expectedOf({ events }: MixedLog, filter: Filter, after: number): number[] {
  return events.filter((told) => told.seq > after && matches(filter, told)).map(({ seq }) => seq);
}

export function positionIn(log: MixedLog, seq: number): string {
  return formatPosition(log.epoch, seq);
}

/** The place of an event by its id. */
export function seqOf({ id }: { readonly id: string }): number {
  return Number(id.slice(id.indexOf("-") + 1));
}

/** A filter in every form, as the parameters that it is asked for by. */
export interface Words {
  readonly types: string;
  readonly providers: string;
  readonly platforms: string;
}

export const anyWords: Arbitrary<Words> = record({
  types: listOf("custom.a", "custom.b.c", "custom.e", "custom.b.*", "custom.*", "chat.*"),
  providers: listOf("api", "dlive", "restream", "astro"),
  platforms: listOf("twitch", "kick", "aa", "bb"),
});

function listOf(...words: string[]): Arbitrary<string> {
  const none = array(constantFrom(...words), { maxLength: 0 });
  const some = uniqueArray(constantFrom(...words), { maxLength: 2 });
  return constantFrom(none, some)
    .chain((list) => list)
    .map((list) => list.join(","));
}

export function filterOf(words: Words): Filter {
  const parsed = parseFilter(words);
  if (!parsed.ok) throw new Error("a filter that is none");
  return parsed.filter;
}

/** A filter as it stands in an address: each parameter that says something, with an `&` before it. */
export function queryOf(words: Words): string {
  return Object.entries(words)
    .filter(([, list]) => list !== "")
    .map(([name, list]) => `&${name}=${list}`)
    .join("");
}
