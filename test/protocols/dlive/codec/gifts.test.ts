import { describe, it } from "vitest";

import { toDraft } from "../../../../src/protocols/dlive/codec/to-draft.ts";
import { messageIn } from "../../support/drafts.ts";
import gifts from "../frames/gifts.json";
import { item, STREAMER } from "../samples.ts";

const read = (raw: unknown) => toDraft(STREAMER, raw);
const dataOf = (raw: unknown): unknown => read(raw).data;

describe("a gift", () => {
  it.for([
    ["LEMON", "3", 3],
    ["ICE_CREAM", "20", 2],
    ["DIAMOND", "100", 1],
    ["NINJAGHINI", "1000", 1],
    ["NINJET", "10000", 1],
  ] as const)("%s is worth %s lemons", ([name, value, count], { expect }) => {
    expect(dataOf(item(gifts[name]))).toMatchObject({
      user: { id: "reedling" },
      amount: { value, currency: "dlive:lemon", kind: "virtual" },
      gift: { name, count },
    });
  });

  it("a BTT or TRX gift's amount is in millionths", ({ expect }) => {
    const amount = { value: "2.5", currency: "dlive:btt", kind: "virtual" };
    expect(dataOf(item(gifts.BTT))).toMatchObject({ amount });
    expect(dataOf(item(gifts.TRX))).toMatchObject({ amount: { value: "40.25" } });
    expect(dataOf(item(gifts.TRX))).not.toHaveProperty("gift");
  });

  it("has words from diamonds up, and none where there are none", ({ expect }) => {
    expect(messageIn(read(item(gifts.DIAMOND))).text).toBe("for the new bridge");
    expect(dataOf(item(gifts.LEMON))).not.toHaveProperty("message");
  });

  it("is not reckoned with where its amount is longer than any", ({ expect }) => {
    const count = (amount: string) => read({ type: "Gift", gift: "LEMON", amount }).type;
    expect(count("9".repeat(40))).toBe("channel.cheer");
    expect(count("9".repeat(41))).toBe("provider.event");
  });

  it("is one where no amount is told, and of nobody where nobody is named", ({ expect }) => {
    const data = dataOf({ type: "Gift", gift: "DIAMOND" });
    expect(data).toMatchObject({ amount: { value: "100" }, gift: { count: 1 } });
    expect(data).not.toHaveProperty("user");
  });
});
