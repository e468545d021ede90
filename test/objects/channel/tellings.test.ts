import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { describe, it } from "vitest";

import { makeNaturalKey } from "../../../src/channel/natural.ts";
import type { Tellings } from "../../../src/channel/tellings.ts";
import { toEvent, type EventDraft } from "../../../src/event/event.ts";
import type { NumberedEvent } from "../../../src/event/group.ts";
import { loadTellings } from "../../../src/objects/channel/log-store.ts";
import { appendGroup } from "../../../src/store/journal/groups.ts";
import { migrateJournal } from "../../../src/store/journal/schema.ts";
import { samples } from "../../support/samples.ts";

const NOW = 1_700_000_000_000;
const MINUTE = 60_000;
const ROW = 50;

const follow: EventDraft = { ...samples["channel.follow"], connectionId: "kick:otter" };
const line: EventDraft = { ...samples["chat.message"], connectionId: "kick:otter" };

function numbered(seq: number, recordedAt: number, draft: EventDraft): NumberedEvent {
  const place = { channel: "c", epoch: "aaaaaaaaaa", seq, recordedAt, provider: "kick" as const };
  const event = toEvent(draft, place);
  return { seq, event, text: JSON.stringify(event), key: null, raw: null };
}

/** What is read back of a follow of some time ago and so many lines since then. */
async function readBack(ageMs: number, lines: number): Promise<Tellings> {
  return runInDurableObject(
    env.CHANNEL.getByName(`tellings-${ageMs}-${lines}`),
    (_, { storage }) => {
      migrateJournal(storage.sql);
      const at = (seq: number) => NOW - ageMs + Math.floor((ageMs * (seq - 1)) / lines);
      appendGroup(storage.sql, { from: 0, to: 1, events: [numbered(1, at(1), follow)] }, at(1), 1);
      for (let from = 1; from <= lines; from += ROW) {
        const events = Array.from({ length: ROW }, (_each, index) => {
          const seq = from + index + 1;
          return numbered(seq, at(seq), line);
        });
        appendGroup(storage.sql, { from, to: from + ROW, events }, at(from + ROW), 1);
      }
      return loadTellings(storage.sql, new Set(), NOW);
    },
  );
}

const countFollows = (tellings: Tellings): number =>
  tellings.of(makeNaturalKey(follow)?.key ?? "").length;

describe("what another provider may tell of alike, after an object was gone", () => {
  it("holds a follow of some minutes ago, however much was said since", async ({ expect }) => {
    const tellings = await readBack(9 * MINUTE, 6_000);
    expect(countFollows(tellings)).toBe(1);
    // Of what was said, the last quarter of a minute.
    expect(tellings.size).toBeLessThan(200);
  });

  it("holds what is within its own window, and nothing else", async ({ expect }) => {
    const tellings = await readBack(11 * MINUTE, 100);
    expect(countFollows(tellings)).toBe(0);
  });

  it("is looked for in so much of the log, and no more", async ({ expect }) => {
    expect(countFollows(await readBack(9 * MINUTE, 10_000))).toBe(0);
  });
});
