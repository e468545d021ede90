import { describe, it } from "vitest";

import { lookUp } from "../../src/lib/json.ts";
import { readAccounts } from "../../src/protocols/multistreamer/codec/status.ts";
import { toSource } from "../../src/protocols/restream/codec/frame.ts";
import { fromEvent } from "../../src/protocols/restream/codec/from-event.ts";
import { numbered, samples } from "../support/samples.ts";

/** What every object inherits. */
const INHERITED = Object.getOwnPropertyNames(Object.prototype);

describe("a name that every object inherits", () => {
  it("is found in no table that does not have it of its own", ({ expect }) => {
    expect(INHERITED).toContain("constructor");
    for (const name of INHERITED) {
      expect(lookUp({}, name)).toBeUndefined();
      expect(lookUp({ [name]: 1 }, name)).toBe(1);
      expect(toSource(name)).toBe(0);
    }
  });

  it("as a platform leaves no field out of Restream's frames", ({ expect }) => {
    const draft = samples["chat.message"];
    const told = (platform: string) =>
      fromEvent(numbered({ ...draft, platform }, 1).event, 7).map((text) =>
        Object.keys((JSON.parse(text) as { payload: object }).payload),
      );
    for (const name of INHERITED) expect(told(name)).toEqual(told("elsewhere"));
  });

  it("is no account that multistreamer has told of", ({ expect }) => {
    const listed = Object.fromEntries(INHERITED.map((name) => [name, { live: true }]));
    const { accounts, unreadable } = readAccounts({ accounts: listed }, {});
    expect(accounts).toEqual({});
    expect(unreadable.toSorted()).toEqual(INHERITED.toSorted());
  });
});
