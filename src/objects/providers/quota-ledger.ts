import { within } from "../../deadline.ts";
import { computeBalance, findLedgerPlace } from "../../event/ledger.ts";
import type { Balance, Cost } from "../../event/quota.ts";
import { hashSha256 } from "../../lib/secrecy.ts";
import { report } from "../../report.ts";
import { bookUnits, dropDaysBefore, readUnits, useUp } from "../../store/history/ledger.ts";
import type { Queries } from "../../store/history/queries.ts";

// A call to a provider waits for this: chat is not to hang on the database.
const LEDGER_MS = 5_000;

// While the database is away calls go on, up to so many units of an account, which are booked later.
const OWED_MAX = 200;

/** The outcome of asking for units. `balance` of a refusal: null where nothing could be counted. */
export type Spent =
  | { readonly ok: true; readonly balances: readonly Balance[] }
  | { readonly ok: false; readonly balance: Balance | null };

/** The deployment's ledger of quotas, as one object asks it: it is in D1, for all objects together. */
export class QuotaLedger {
  readonly #db: Queries;
  /** By account and bucket: units that were used while the ledger could not be asked. */
  readonly #owed = new Map<string, number>();

  constructor(db: Queries) {
    this.#db = db;
  }

  /**
   * Takes what a call costs, of all its buckets, before it is made. A call that is lost afterwards has
   * cost its units: providers count what arrives. Never throws.
   */
  async spend(costs: readonly Cost[], at: number): Promise<Spent> {
    const balances: Balance[] = [];
    for (const cost of costs) {
      const spent = await this.#spendOne(cost, at);
      if (!spent.ok) return spent;
      balances.push(...spent.balances);
    }
    return { ok: true, balances };
  }

  /** Nothing is left of today, as the provider itself says. Never throws. */
  async empty({ account, bucket, limit }: Omit<Cost, "units">, at: number): Promise<void> {
    report("quota used up", new Error("the provider refuses more"), { bucket });
    try {
      const place = { account: await hashSha256(account), bucket, ...findLedgerPlace(at) };
      await within(LEDGER_MS, useUp(this.#db, place, limit));
    } catch (error) {
      report("quota ledger not reached", error, { bucket });
    }
  }

  async #spendOne(cost: Cost, at: number): Promise<Spent> {
    const account = await hashSha256(cost.account);
    const key = `${account} ${cost.bucket}`;
    const owed = this.#owed.get(key) ?? 0;
    try {
      const spent = await within(LEDGER_MS, this.#book(cost, account, owed, at));
      if (spent.ok) this.#owed.delete(key);
      return spent;
    } catch (error) {
      report("quota ledger not reached", error, { bucket: cost.bucket });
      if (owed + cost.units > OWED_MAX) return { ok: false, balance: null };
      this.#owed.set(key, owed + cost.units);
      return { ok: true, balances: [] };
    }
  }

  async #book(cost: Cost, account: string, owed: number, at: number): Promise<Spent> {
    const { day, hour } = findLedgerPlace(at);
    const place = { account, bucket: cost.bucket, day, hour };
    const units = cost.units + owed;
    const row = await bookUnits(this.#db, place, units, cost.limit);
    if (row !== null) {
      // The first of a day: earlier days are over.
      if (row.used === units) await dropDaysBefore(this.#db, day);
      return { ok: true, balances: [computeBalance(cost, row, at)] };
    }
    const known = await readUnits(this.#db, place);
    const stand = known ?? { used: 0, hour, hour_used: 0, before_used: 0 };
    return { ok: false, balance: computeBalance(cost, stand, at) };
  }
}
