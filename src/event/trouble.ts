import { z } from "zod";

/*
 * Troubles: what is wrong with the relay, as whoever operates it is told. Each is told once when it
 * begins and once when it has ended. Where a number decides, it ends at another than it began at, so
 * that one which goes up and down by a little tells nobody.
 */

/** A provider that gave up, and why. */
export const StoppedProvider = z.object({
  id: z.string(),
  protocol: z.string(),
  reason: z.string().nullable(),
});
export type StoppedProvider = z.infer<typeof StoppedProvider>;

export const Trouble = z.object({
  kind: z.enum([
    "provider_stopped",
    "webhook_disabled",
    "history_behind",
    "cron_failing",
    "database_nearly_full",
    "database_missing",
  ]),
  /** The channel's id; null where it is about the relay as a whole. */
  channel: z.string().nullable(),
  /** Which of its kind: a provider, a webhook, a piece of the minute's work. */
  subject: z.string().nullable(),
  detail: z.string(),
});
export type Trouble = z.infer<typeof Trouble>;

/** A trouble that has begun and has not ended. */
export interface Standing {
  readonly key: string;
  readonly trouble: Trouble;
  /** In milliseconds since 1970. */
  readonly since: number;
}

/** The part of a channel's report in which something may be wrong. */
export interface Reported {
  readonly historyLagMs: number;
  readonly stopped: readonly StoppedProvider[];
  readonly webhooks: { readonly disabled: readonly string[]; readonly failing: readonly string[] };
}

// An event is in history within a second, or two minutes after the database came back.
const BEHIND_FROM_MS = 120_000;
const BEHIND_UNTIL_MS = 30_000;

// One run that fails is made good by the next.
const FAILING_RUNS = 3;

// D1 ends at 10 GB (its limits, November 2026): what is left at 80 % is time to do something.
export const DATABASE_MAX_BYTES = 10_000_000_000;
const FULL_FROM = 0.8;
export const DATABASE_NEARLY_FULL = FULL_FROM * DATABASE_MAX_BYTES;
const FULL_UNTIL = 0.75;

/** Names a trouble: the same name is the same trouble, whatever its detail says by now. */
export function formatTroubleKey({ kind, channel, subject }: Trouble): string {
  return JSON.stringify([kind, channel, subject]);
}

/** May something be wrong with this channel? Where not, none of its troubles goes on. */
export function isTroubled({ historyLagMs, stopped, webhooks }: Reported): boolean {
  const isAny = stopped.length + webhooks.disabled.length + webhooks.failing.length > 0;
  return isAny || historyLagMs >= BEHIND_UNTIL_MS;
}

/** Finds what is wrong with a channel by its report. `stands`: is it known already? */
export function findChannelTroubles(
  channel: string,
  { historyLagMs, stopped, webhooks }: Reported,
  stands: (key: string) => boolean,
): Trouble[] {
  const behind: Trouble = {
    kind: "history_behind",
    channel,
    subject: null,
    detail: `History lacks events of the last ${Math.round(historyLagMs / 1_000)} s.`,
  };
  const from = stands(formatTroubleKey(behind)) ? BEHIND_UNTIL_MS : BEHIND_FROM_MS;
  return [
    ...stopped.map(({ id, protocol, reason }) => ({
      kind: "provider_stopped" as const,
      channel,
      subject: id,
      detail: `${protocol} was given up${reason === null ? "" : `: ${reason}`}.`,
    })),
    ...webhooks.disabled.map((id) => ({
      kind: "webhook_disabled" as const,
      channel,
      subject: id,
      detail: "It was disabled since its address has failed for too long, or is gone.",
    })),
    ...(historyLagMs >= from ? [behind] : []),
  ];
}

/** Finds out whether a database will soon be full. `name`: its binding, null for the relay's own. */
export function findDatabaseTrouble(
  bytes: number,
  stands: (key: string) => boolean,
  name: string | null = null,
): Trouble | null {
  const share = bytes / DATABASE_MAX_BYTES;
  const subject = name === null ? "The database" : `The database ${name}`;
  const trouble: Trouble = {
    kind: "database_nearly_full",
    channel: null,
    subject: name,
    detail: `${subject} has ${Math.round(share * 100)} % of the most it can have.`,
  };
  const from = stands(formatTroubleKey(trouble)) ? FULL_UNTIL : FULL_FROM;
  return share >= from ? trouble : null;
}

/** Makes the trouble of a database that channels' histories are in, and that has no binding. */
export function makeMissingTrouble(name: string): Trouble {
  const detail = `Histories of channels are in ${name}, and there is no such binding.`;
  return { kind: "database_missing", channel: null, subject: name, detail };
}

/** A piece of the minute's work that has failed, run after run. */
export const FailingWork = z.object({ work: z.string(), runs: z.int(), since: z.number() });
export type FailingWork = z.infer<typeof FailingWork>;

/** Counts the runs in which each piece of work has failed without a break. */
export function countFailures(
  before: readonly FailingWork[],
  failed: readonly string[],
  now: number,
): FailingWork[] {
  return failed.map((work) => {
    const known = before.find((each) => each.work === work);
    return { work, runs: (known?.runs ?? 0) + 1, since: known?.since ?? now };
  });
}

/** Finds the pieces of work that fail for good, as it seems. */
export function findCronTroubles(failing: readonly FailingWork[]): Trouble[] {
  return failing
    .filter(({ runs }) => runs >= FAILING_RUNS)
    .map(({ work, runs }) => ({
      kind: "cron_failing",
      channel: null,
      subject: work,
      detail: `The work "${work}" has failed in ${runs} runs, one after the other.`,
    }));
}

/** Decides what is to be told: which troubles have begun, and which have ended. */
export function compareTroubles(
  standing: readonly Standing[],
  found: readonly Trouble[],
  now: number,
): { begun: Standing[]; ended: Standing[] } {
  const known = new Set(standing.map(({ key }) => key));
  const still = new Map(found.map((trouble) => [formatTroubleKey(trouble), trouble]));
  return {
    begun: [...still]
      .filter(([key]) => !known.has(key))
      .map(([key, trouble]) => ({ key, trouble, since: now })),
    ended: standing.filter(({ key }) => !still.has(key)),
  };
}
