import * as fc from "fast-check";
import { describe, it } from "vitest";

import { toDecimal } from "../../../../src/lib/decimal.ts";
import { provider } from "../../../../src/protocols/astro/index.ts";
import { messageIn, sumOf } from "../../support/drafts.ts";
import { draftOf, greeted } from "../../support/drive.ts";
import { linkTo } from "../../support/samples.ts";
import chat from "../frames/chat.json";
import { activity, changed, samples } from "../samples.ts";

const session = greeted(provider.open(linkTo(samples)), samples.greeting);
const read = (frame: object) => draftOf(session.receives(frame));

describe("whatever is said", () => {
  const words = fc.oneof(
    fc.string({ unit: "binary" }),
    fc.stringMatching(
      /^(:[a-z_!-]{1,4}:?|\[emote:\d:?[a-z]?\]|@[a-z]{2}|https:\/\/a\.b| |\ud83d){0,8}$/,
    ),
  );

  it("the fragments of a message are its text, on every platform", ({ expect }) => {
    fc.assert(
      fc.property(words, fc.array(words), (text, emotes) => {
        const frames = [
          changed(chat.youtube, { snippet: { textMessageDetails: { messageText: text } } }),
          changed(chat.kick, { content: text }),
          changed(chat.trovo, {
            data: { ...chat.trovo.data.data, text, emotes: emotes.map((id) => ({ id })) },
          }),
          changed(chat.twitch, {
            message: { text, fragments: emotes.map((each) => ({ type: "emote", text: each })) },
          }),
        ];
        for (const frame of frames) {
          const said = messageIn(read(frame));
          expect([said.text, sumOf(said)]).toEqual([text, text]);
        }
      }),
      { numRuns: 500 },
    );
  });

  it("an amount of money is what was said, to the last cent", ({ expect }) => {
    const cents = fc.bigInt({ min: 0n, max: 10n ** 30n });
    fc.assert(
      fc.property(cents, fc.constantFrom("tip", "superchat", "merch"), (all, type) => {
        const said = `${all / 100n}.${String(all % 100n).padStart(2, "0")}`;
        const { data } = read(activity(type, { amount: said, currency: "EUR" }));
        expect(data).toMatchObject({ amount: { value: toDecimal(said), currency: "EUR" } });
      }),
    );
  });
});
