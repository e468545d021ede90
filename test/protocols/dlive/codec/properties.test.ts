import * as fc from "fast-check";
import { describe, it } from "vitest";

import { toDraft } from "../../../../src/protocols/dlive/codec/to-draft.ts";
import { messageIn, sumOf } from "../../support/drafts.ts";
import chat from "../frames/chat.json";
import { item, STREAMER } from "../samples.ts";

describe("whatever DLive sends", () => {
  it("a time is its nanoseconds cut to milliseconds, to the last digit", ({ expect }) => {
    // Up to the year 9999, in nanoseconds.
    const nanoseconds = fc.bigInt({ min: 1_000_000n, max: 253_402_300_799_999_999_999n });
    fc.assert(
      fc.property(nanoseconds, (ns) => {
        const { time } = toDraft(STREAMER, { type: "Live", createdAt: String(ns) });
        expect(time).toBe(Number(ns / 1_000_000n));
      }),
      { numRuns: 2000 },
    );
  });

  it("the fragments of a message are its text, whichever ranges are emojis", ({ expect }) => {
    const content = fc.oneof(
      fc.string({ unit: "binary" }),
      fc.string({ unit: "grapheme" }),
      fc.stringMatching(/^(:[a-z]{1,5}:|@[a-z]{2}|https:\/\/a\.b| |\ud83d){0,8}$/),
    );
    const emojis = fc.array(fc.oneof(fc.integer({ min: -3, max: 60 }), fc.double()));
    fc.assert(
      fc.property(content, emojis, (text, pairs) => {
        const said = item(chat.Message, { content: text, emojis: pairs.map((n) => n || 0) });
        const told = toDraft(STREAMER, said);
        // JSON has no Infinity: such an item is no message, and is kept all the same.
        if (told.type === "provider.event") {
          expect(pairs.every(Number.isFinite)).toBe(false);
          return;
        }
        expect(messageIn(told).text).toBe(text);
        expect(sumOf(messageIn(told))).toBe(text);
      }),
      { numRuns: 1000 },
    );
  });

  it("a gift's worth is its count times what one is worth, exactly", ({ expect }) => {
    const worth = { LEMON: 1n, ICE_CREAM: 10n, DIAMOND: 100n, NINJAGHINI: 1000n, NINJET: 10_000n };
    const gifts = fc.constantFrom(...(Object.keys(worth) as (keyof typeof worth)[]));
    fc.assert(
      fc.property(gifts, fc.bigInt({ min: 0n, max: 10n ** 30n }), (gift, count) => {
        const told = toDraft(STREAMER, { type: "Gift", gift, amount: String(count) });
        const { amount } = told.data as { amount: { value: string } };
        expect(amount.value).toBe(String(count * worth[gift]));
      }),
    );
  });
});
