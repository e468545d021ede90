import { env } from "cloudflare:workers";
import { describe, it } from "vitest";

import { computeBalance, findLedgerPlace } from "../../src/event/ledger.ts";
import { hashSha256 } from "../../src/lib/secrecy.ts";
import { QuotaLedger } from "../../src/objects/providers/quota-ledger.ts";
import {
  bookUnits,
  dropDaysBefore,
  listLedger,
  readUnits,
} from "../../src/store/history/ledger.ts";
import type { Queries } from "../../src/store/history/queries.ts";

const AT = Date.parse("2026-05-04T18:30:00Z");
const HOUR_MS = 3_600_000;

const cost = (account: string, units: number, limit = 100) => ({
  account,
  bucket: "units",
  units,
  limit,
});

describe("the ledger of quotas", () => {
  it("never books more than there is, however many ask at once", async ({ expect }) => {
    const ledger = new QuotaLedger(env.DB);
    const asked = Array.from({ length: 40 }, () => ledger.spend([cost("at once", 5)], AT));
    const spent = await Promise.all(asked);
    expect(spent.filter(({ ok }) => ok)).toHaveLength(20);
    const { day } = findLedgerPlace(AT);
    const account = await hashSha256("at once");
    expect(await readUnits(env.DB, { account, bucket: "units", day })).toMatchObject({ used: 100 });
    const refused = spent.find(({ ok }) => !ok);
    expect(refused).toMatchObject({ balance: { used: 100, limit: 100, emptyAt: AT } });
  });

  it("keeps a digest of an account, and never the account", async ({ expect }) => {
    await new QuotaLedger(env.DB).spend([cost("AIza-a-secret-key", 5)], AT);
    const { results } = await env.DB.prepare("SELECT * FROM quota_ledger").all();
    expect(JSON.stringify(results)).not.toContain("AIza-a-secret-key");
    expect(JSON.stringify(results)).toContain(await hashSha256("AIza-a-secret-key"));
  });

  it("knows the last hour from the one before, also by a clock that is behind", async ({
    expect,
  }) => {
    const place = { account: "hours", bucket: "units", ...findLedgerPlace(AT) };
    const book = (hours: number) =>
      bookUnits(env.DB, { ...place, hour: place.hour + hours }, 3, 1_000);
    expect(await book(0)).toMatchObject({ used: 3, hour_used: 3, before_used: 0 });
    expect(await book(1)).toMatchObject({ used: 6, hour_used: 3, before_used: 3 });
    expect(await book(0)).toMatchObject({ used: 9, hour_used: 6, before_used: 3 });
    expect(await book(4)).toMatchObject({ used: 12, hour_used: 3, before_used: 0 });
  });

  it("begins anew each day, and forgets the days before", async ({ expect }) => {
    const ledger = new QuotaLedger(env.DB);
    await ledger.spend([cost("days", 100)], AT);
    expect(await ledger.spend([cost("days", 1)], AT)).toMatchObject({ ok: false });
    const tomorrow = AT + 24 * HOUR_MS;
    expect(await ledger.spend([cost("days", 1)], tomorrow)).toMatchObject({ ok: true });
    const { day } = findLedgerPlace(AT);
    expect(await listLedger(env.DB, day)).toEqual([]);
    await dropDaysBefore(env.DB, "9999-12-31");
    expect(await listLedger(env.DB, findLedgerPlace(tomorrow).day)).toEqual([]);
  });

  it("takes nothing of what comes after a bucket that is empty", async ({ expect }) => {
    const ledger = new QuotaLedger(env.DB);
    const message = { account: "both", bucket: "messages", units: 1, limit: 1 };
    const send = () => ledger.spend([message, cost("both", 50, 1_000)], AT);
    expect(await send()).toMatchObject({ ok: true });
    expect(await send()).toMatchObject({ ok: false, balance: { bucket: "messages" } });
    const account = await hashSha256("both");
    const { day } = findLedgerPlace(AT);
    expect(await readUnits(env.DB, { account, bucket: "units", day })).toMatchObject({ used: 50 });
  });

  it("has nothing left of a day that the provider itself calls used up, by whichever limit", async ({
    expect,
  }) => {
    const ledger = new QuotaLedger(env.DB);
    await ledger.spend([cost("known", 5, 1_000)], AT);
    for (const account of ["known", "unknown"]) {
      await ledger.empty(cost(account, 0), AT);
      expect(await ledger.spend([cost(account, 1, 1_000)], AT)).toMatchObject(
        account === "known" ? { ok: false, balance: { used: 1_000 } } : { ok: true },
      );
      expect(await ledger.spend([cost(account, 1)], AT)).toMatchObject({
        ok: false,
        balance: { emptyAt: AT },
      });
      const tomorrow = AT + 24 * HOUR_MS;
      expect(await ledger.spend([cost(account, 1)], tomorrow)).toMatchObject({ ok: true });
    }
    expect(await ledger.spend([cost("another", 1)], AT)).toMatchObject({ ok: true });
  });

  it("lets so much through while the database is away, and books it later", async ({ expect }) => {
    let isAway = true;
    const flaky: Queries = {
      prepare(query) {
        if (isAway) throw new Error("D1 is away");
        return env.DB.prepare(query);
      },
      batch: (statements) => env.DB.batch(statements),
    };
    const ledger = new QuotaLedger(flaky);
    const spend = () => ledger.spend([cost("away", 50, 1_000)], AT);
    const away = [await spend(), await spend(), await spend(), await spend(), await spend()];
    expect(away.map(({ ok }) => ok)).toEqual([true, true, true, true, false]);
    expect(away.at(-1)).toEqual({ ok: false, balance: null });
    isAway = false;
    expect(await spend()).toMatchObject({ ok: true, balances: [{ used: 250 }] });
  });
});

describe("a balance", () => {
  const row = { used: 4_000, hour: Math.floor(AT / HOUR_MS), hour_used: 1_000, before_used: 1_000 };
  const about = { bucket: "units", limit: 10_000 };

  it("says when it will be empty, at the rate of the last hour", ({ expect }) => {
    // Half an hour of this one, and half of the one before.
    const { emptyAt, resetsAt } = computeBalance(about, row, AT);
    expect(emptyAt).toBe(AT + 4 * HOUR_MS);
    expect(new Date(resetsAt).toISOString()).toBe("2026-05-05T07:00:00.000Z");
  });

  it("says that it lasts where the day ends before", ({ expect }) => {
    const slow = { ...row, hour_used: 100, before_used: 100 };
    expect(computeBalance(about, slow, AT).emptyAt).toBeNull();
    expect(computeBalance(about, row, AT + 3 * HOUR_MS).emptyAt).toBeNull();
  });
});
