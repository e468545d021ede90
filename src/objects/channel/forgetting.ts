import { reachWebhook } from "../../asking.ts";
import type { ObjectName } from "../../calls/object-names.ts";
import { within } from "../../deadline.ts";
import { isOfPerson, makePersonErasure, type UserKey } from "../../event/erasure.ts";
import type { Seq } from "../../event/ids.ts";
import { findSeqBefore } from "../../store/history/places.ts";
import { addErasures, isAtWork, listErasures } from "../../store/journal/erasures.ts";
import { forgetKeysOf } from "../../store/journal/keys.ts";
import { eraseInJournal } from "../../store/journal/tombstones.ts";
import { listWebhooks } from "../../store/journal/webhooks.ts";
import { hasErrands, type Errand } from "../../store/object/errands.ts";
import type { Errands } from "../errands.ts";
import type { ChannelErrand } from "./end.ts";
import type { ChannelPort } from "./ports.ts";

// As long as a read of history may take.
const LOOK_MS = 10_000;

/** The rest of the object, as far as forgetting somebody needs it. */
export interface ForgettingHost extends Pick<ChannelPort, "storage" | "db" | "channel"> {
  readonly log: { flush(): void };
  readonly reader: { seqBefore(time: number): Seq | null };
  readonly followers: { forget(): void };
  readonly errands: Errands<ChannelErrand>;
  ensure(): void;
}

/**
 * Begins to forget somebody, as of a time: what is recorded later stays. It is written down with the
 * first of it done; the rest goes on by itself. To be asked again changes nothing.
 */
export async function beginForgetting(
  host: ForgettingHost,
  person: UserKey,
  askedAt: number,
): Promise<void> {
  const { storage, errands } = host;
  host.log.flush();
  const seq = await findPlace(host, askedAt);
  const known = findPending(storage.sql, person);
  if (seq === 0 || known.some((each) => each.erasure.seq >= seq)) return;
  storage.transactionSync(() => {
    addErasures(storage.sql, [makePersonErasure(person, seq)]);
    forgetKeysOf(storage.sql, person, seq);
    eraseInJournal(storage.sql);
    errands.put(makeForgetErrands(host));
  });
  // What was published a moment ago is whole in memory: from here on it is read from the log.
  host.followers.forget();
  errands.changed();
  void errands.run();
  host.ensure();
}

/** Is there still something to be done, here or by a webhook, until somebody is forgotten? */
export function isForgetting(host: ForgettingHost, person: UserKey): boolean {
  const { sql } = host.storage;
  // Whoever asks sees to it that it goes on, should an alarm have been lost.
  host.ensure();
  const pending = findPending(sql, person);
  return pending.some(isAtWork) || (pending.length > 0 && hasErrands(sql, "webhook-forget"));
}

/** The channel's webhooks are to hear of whom is to be forgotten, each in its queue. */
export function makeForgetErrands({
  storage,
  channel: { number, epoch },
}: Pick<ForgettingHost, "storage" | "channel">): Errand<ChannelErrand>[] {
  return listWebhooks(storage.sql).map(({ id }) => ({
    kind: "webhook-forget",
    name: id,
    number,
    epoch,
  }));
}

/** Tells a webhook whom it is to forget. */
export async function tellForgotten(
  sql: SqlStorage,
  env: Pick<Env, "WEBHOOK">,
  webhook: ObjectName,
): Promise<void> {
  const erasures = listErasures(sql)
    .map(({ erasure }) => erasure)
    .filter(({ scope }) => scope.kind === "person");
  await reachWebhook(env, webhook).forget(erasures);
}

function findPending(sql: SqlStorage, person: UserKey) {
  return listErasures(sql).filter(({ erasure }) => isOfPerson(erasure, person));
}

/** The place of the last event that was recorded by a time. */
async function findPlace({ reader, db, channel }: ForgettingHost, time: number): Promise<Seq> {
  const recent = reader.seqBefore(time + 1);
  if (recent !== null) return recent;
  const session = db.withSession("first-primary");
  return within(LOOK_MS, findSeqBefore(session, channel.number, time + 1));
}
