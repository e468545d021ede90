import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { describe, it } from "vitest";

import type { Erasure } from "../../src/event/erasure.ts";
import {
  beginErasuresAgain,
  pruneErased,
  rememberErasures,
} from "../../src/store/journal/erased.ts";
import { listErasures } from "../../src/store/journal/erasures.ts";
import { makeChannel } from "../support/api.ts";

const DAY_MS = 86_400_000;

const messages = (seq: number, ids: string[], events?: string[]): Erasure => ({
  seq,
  platform: "twitch",
  scope: { kind: "messages", ids, ...(events !== undefined && { events }) },
});
const person: Erasure = {
  seq: 9,
  platform: "twitch",
  scope: { kind: "person", userId: "1", names: ["ada"] },
};

async function inJournal(work: (sql: SqlStorage) => void): Promise<void> {
  const channel = await makeChannel();
  await runInDurableObject(env.CHANNEL.getByName(channel), (_, { storage }) => work(storage.sql));
}

describe("orders to erase that were carried out", () => {
  it("begin again as they were, messages, events and people alike, however they were joined", ({
    expect,
  }) =>
    inJournal((sql) => {
      rememberErasures(
        sql,
        [messages(1, ["m1"]), messages(2, [], ["e-1"]), messages(3, ["m2"])],
        0,
      );
      rememberErasures(sql, [person], 0);
      beginErasuresAgain(sql);
      const again = listErasures(sql).map(({ erasure }) => erasure);
      expect(again).toEqual([messages(3, ["m1", "m2"], ["e-1"]), person]);
    }));

  it("are forgotten after 31 days, also where nothing more is erased", ({ expect }) =>
    inJournal((sql) => {
      rememberErasures(sql, [person], 0);
      pruneErased(sql, 31 * DAY_MS);
      expect(sql.exec("SELECT * FROM erased").toArray()).toHaveLength(1);
      pruneErased(sql, 31 * DAY_MS + 1);
      expect(sql.exec("SELECT * FROM erased").toArray()).toEqual([]);
    }));
});
