import { describe, it } from "vitest";

import { findErasedScope } from "../../src/event/erasure.ts";
import type { EventDraft } from "../../src/event/event.ts";
import { identify, isNobody, readToldId } from "../../src/event/nobody.ts";
import { People } from "../../src/event/people.ts";
import { ada, samples } from "../support/samples.ts";

const nobody = { ...ada, ...identify("twitch", undefined), name: "Anonymous" };

describe("somebody of whom no more than a name is told", () => {
  const named = { ...ada, key: "kick:Ada", id: "Ada", login: "ada", name: "Ada" };

  it("is reached by an order that says the name beside an id", ({ expect }) => {
    const people = new People();
    people.add({ platform: "kick", userId: "7001", names: ["ada"] }, 10);
    expect(people.has(named, "kick", 10)).toBe(true);
    expect(people.has(named, "kick", 11)).toBe(false);
    expect(people.has(named, "twitch", 10)).toBe(false);
    // Another who calls themselves so, and has an id of their own.
    expect(people.has({ ...named, key: "kick:7002", id: "7002" }, "kick", 10)).toBe(false);
  });
});

describe("somebody whom nobody has named", () => {
  it.for([undefined, ""])("has an id and a key all the same, told %o", (told, { expect }) => {
    const id = { key: "twitch:anonymous", id: "anonymous", anonymous: true };
    expect(identify("twitch", told)).toEqual(id);
    expect(isNobody(identify("twitch", told))).toBe(true);
    expect(readToldId(identify("twitch", told))).toBe("");
  });

  it.for(["274598607", "AnAnonymousGifter", "407665396", "ananonymouscheerer"])(
    "is whom Twitch's own account %s stands for, on Twitch and nowhere else",
    (told, { expect }) => {
      expect(identify("twitch", told)).toEqual(identify("twitch", undefined));
      expect(isNobody(identify("kick", told))).toBe(false);
    },
  );

  it("is not whoever is called so", ({ expect }) => {
    const named = identify("dlive", "anonymous");
    expect(named).toEqual({ key: "dlive:anonymous", id: "anonymous", anonymous: false });
    expect(isNobody(named)).toBe(false);
    expect(readToldId(named)).toBe("anonymous");
  });

  it("is reached by no order by that id: it would reach all that are nameless", ({ expect }) => {
    const { login: _login, ...unknown } = nobody;
    const ban: EventDraft = { ...samples["moderation.ban"], data: { user: unknown } };
    expect(findErasedScope(ban)).toBeNull();
    const people = new People();
    people.add({ platform: "twitch", userId: "anonymous", names: [] }, 10);
    expect(people.has(nobody, "twitch", 1)).toBe(false);
    expect(people.has({ ...nobody, anonymous: false }, "twitch", 1)).toBe(true);
  });

  it("is reached by a name, where one was told", ({ expect }) => {
    const people = new People();
    people.add({ platform: "twitch", userId: "", names: ["ada"] }, 10);
    expect(people.has(nobody, "twitch", 1)).toBe(true);
  });
});
