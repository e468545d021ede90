import type { Context } from "hono";

import { reachChannel } from "../asking.ts";
import type { ChannelCalls } from "../calls/channel.ts";
import { nameChannel, nameHub, readName } from "../calls/object-names.ts";
import { within } from "../deadline.ts";
import { workThrough } from "../lib/work-through.ts";
import { report } from "../report.ts";
import { listChannelsAmong } from "../store/history/channels.ts";
import type { HasQueries } from "../store/history/metered.ts";
import {
  advanceRevocation,
  deferOwed,
  listOwed,
  listRevocations,
  settleOwed,
  type Owed,
  type Revocation,
} from "../store/history/revocations.ts";
import type { AppEnv } from "./env.ts";
import { getHub, listHubNames } from "./hubs.ts";

/*
 * A revoked credential is told to every object that may hold sockets of it. The revocation is written
 * down before, so that whatever fails or ends on the way is done again: nobody waits for anybody else.
 */

type RevokingEnv = Pick<Env, "DB" | "HUB" | "HUBS" | "HUB_JURISDICTION" | "CHANNEL">;

// At most so many objects are asked at the same time, and each for so long.
const AT_ONCE = 32;
const ASK_MS = 5_000;

// As long as whoever revokes waits for everybody to have been told.
const ANSWER_MS = 2_000;

// D1 and the objects have other things to do: a run tells so many objects, or is so long, and the
// next run goes on.
const TOLD_A_RUN = 2_000;
const REVOCATIONS_A_RUN = 50;
const RUN_MS = 15_000;
const PAGE = 100;

// Of the hubs or of a page of channels: to read it, to note how far it is, and whom it owes; and to
// tell again those that are owed it.
const STEP_QUERIES = 8;

const RETRY_MS = 60_000;
const RETRY_MAX_MS = 3_600_000;

/**
 * Tells of a revocation that is written down. Resolves when everybody has been told, as is usual, or
 * after a while: who could not be told by then is told behind the answer, or by the cron.
 */
export async function tellRevocation(
  c: Context<AppEnv>,
  revocation: Pick<Revocation, "credential" | "channels">,
): Promise<void> {
  const told = spreadRevocation(c.env, revocation);
  c.executionCtx.waitUntil(told);
  await within(ANSWER_MS, told).catch(() => {
    // It goes on behind the answer.
  });
}

/** Tells as far as one run gets. Never throws. */
async function spreadRevocation(
  env: RevokingEnv,
  { credential, channels }: Pick<Revocation, "credential" | "channels">,
): Promise<void> {
  try {
    await spread(env, { credential, channels, reached: null }, TOLD_A_RUN);
  } catch (error) {
    report("revocations not finished", error, { credential });
  }
}

/** From the cron: goes on with the revocations that have not reached everybody. */
export async function finishRevocations(
  env: RevokingEnv,
  now: number,
  hasQueries: HasQueries,
): Promise<void> {
  let budget = TOLD_A_RUN;
  const endsAt = Date.now() + RUN_MS;
  const revocations = await listRevocations(env.DB, REVOCATIONS_A_RUN);
  // One that is for a great many channels does not stand before the others.
  const share = Math.max(PAGE, Math.floor(TOLD_A_RUN / Math.max(1, revocations.length)));
  for (const revocation of revocations) {
    if (budget <= 0 || Date.now() >= endsAt || !hasQueries(STEP_QUERIES)) break;
    budget -= await spread(env, revocation, Math.min(share, budget), hasQueries);
  }
  await tellAgain(env, await listOwed(env.DB, now, PAGE), now);
}

/** Answers how many objects were asked. */
async function spread(
  env: RevokingEnv,
  revocation: Revocation,
  budget: number,
  hasQueries: HasQueries = () => true,
): Promise<number> {
  const { credential, channels } = revocation;
  let { reached } = revocation;
  const endsAt = Date.now() + RUN_MS;
  let asked = 0;
  if (reached === null) {
    const hubs = (await listHubNames({ env })).map((name) => `hub/${name}`);
    const failed = await tell(env, credential, hubs);
    asked += hubs.length;
    reached = "";
    await advanceRevocation(env.DB, { credential, reached }, failed, Date.now() + RETRY_MS);
  }
  while (asked < budget && Date.now() < endsAt && hasQueries(STEP_QUERIES)) {
    const page = await listChannelsAmong(env.DB, { after: reached, limit: PAGE, among: channels });
    const failed = await tell(
      env,
      credential,
      page.map((channel) => `channel/${nameChannel(channel)}`),
    );
    asked += page.length;
    const last = page.length < PAGE ? null : (page.at(-1)?.id ?? null);
    const dueAt = Date.now() + RETRY_MS;
    await advanceRevocation(env.DB, { credential, reached: last }, failed, dueAt);
    if (last === null) break;
    reached = last;
  }
  return asked;
}

async function tellAgain(env: RevokingEnv, owed: readonly Owed[], now: number): Promise<void> {
  if (owed.length === 0) return;
  const outcomes = await workThrough(owed, AT_ONCE, ({ credential, holder }) =>
    dismiss(env, credential, holder),
  );
  const failed = owed.filter((_, index) => outcomes[index] === false);
  await settleOwed(
    env.DB,
    owed.filter((_, index) => outcomes[index] === true),
  );
  await deferOwed(
    env.DB,
    failed.map((one) => {
      const wait = Math.min(RETRY_MAX_MS, RETRY_MS * 2 ** Math.min(one.tries, 10));
      return { ...one, dueAt: now + wait };
    }),
  );
}

/** Answers those that could not be told. */
async function tell(
  env: RevokingEnv,
  credential: string,
  holders: readonly string[],
): Promise<string[]> {
  const outcomes = await workThrough(holders, AT_ONCE, (holder) =>
    dismiss(env, credential, holder),
  );
  return holders.filter((_, index) => outcomes[index] === false);
}

/** Tells one object; false if it could not be told for now. */
async function dismiss(env: RevokingEnv, credential: string, holder: string): Promise<boolean> {
  try {
    const object = findHolder(env, holder);
    await within(ASK_MS, object.dismiss(credential));
    return true;
  } catch (error) {
    report("revocation not told", error, { credential, holder });
    return false;
  }
}

/** The object that holds sockets: `hub/<name>`, `channel/<name>`, or, from before, `hub/<number>`. */
function findHolder(env: RevokingEnv, holder: string): Pick<ChannelCalls, "dismiss"> {
  const [kind, name = ""] = holder.split("/", 2);
  if (kind === "channel") return reachChannel(env, readName(name));
  return getHub(
    { env },
    /^\d+$/.test(name) ? nameHub({ jurisdiction: null }, `hub-${name}`) : readName(name),
  );
}
