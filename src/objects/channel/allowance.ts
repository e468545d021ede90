import { reachChannel } from "../../asking.ts";
import { nameChannel } from "../../calls/object-names.ts";
import { readShelvingAge } from "../../channel/shelving.ts";
import type { ArchiveEnv } from "../../store/history/bucket.ts";
import type { ChannelRecord } from "../../store/history/channels.ts";
import { openHistory, type HistoryEnv } from "../../store/history/databases.ts";

// D1 answers 1,000 queries from one thing that comes in to the next; some are not counted here.
const QUERIES = 800;

// Nothing is done by the call but that it comes in.
const CALL_MS = 10_000;

/**
 * The queries that an object may still make before something has to come in. An object is busy by
 * itself for as long as it likes, with timers and with what it waits for, and D1 counts all of that
 * as one invocation.
 */
export class QueryAllowance {
  readonly #renew: () => Promise<unknown>;
  readonly #most: number;
  #left: number;
  #renewing: Promise<void> | null = null;

  /** `renew`: has something come in, and resolves once it has. */
  constructor(renew: () => Promise<unknown>, most = QUERIES) {
    this.#renew = renew;
    this.#most = most;
    this.#left = most;
  }

  /** Takes so many: at once where there are so many left, and else once there are again. */
  take(count: number): Promise<void> | void {
    if (this.#left < count) return this.#wait(count);
    this.#left -= count;
  }

  async #wait(count: number): Promise<void> {
    while (this.#left < count) {
      // One call for all that wait.
      this.#renewing ??= this.#begin().finally(() => {
        this.#renewing = null;
      });
      await this.#renewing;
    }
    this.#left -= count;
  }

  async #begin(): Promise<void> {
    await this.#renew();
    this.#left = this.#most;
  }
}

/** A channel's history as its object asks for it: however much, and never too much at once. */
export function openOwnHistory(
  env: Pick<Env, "CHANNEL"> & HistoryEnv,
  channel: ChannelRecord,
): D1Database {
  const name = nameChannel(channel);
  const allowance = new QueryAllowance(() => reachChannel(env, name, CALL_MS).ensure());
  return openHistory(env, channel, (count) => allowance.take(count));
}

/** How old history is when it is put away, in milliseconds; null where there is nowhere to put it. */
export function findShelvingAge(env: Pick<Env, "DB"> & ArchiveEnv): number | null {
  return env.ARCHIVE === undefined ? null : readShelvingAge(env.ARCHIVE_AFTER_HOURS);
}
