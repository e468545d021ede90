import { describe, it } from "vitest";

import { Connection } from "../../src/event/shapes.ts";
import { findProviderAdapter } from "../../src/protocols/registry.ts";
import { faultsOf, isIn } from "./support/drafts.ts";
import { drive, draftsOf, only, typesOf } from "./support/drive.ts";
import { empty, hostile, mutantsOf, wrong } from "./support/hostile.ts";
import { linkTo } from "./support/samples.ts";
import { suites } from "./support/suites.ts";

// What every protocol owes us of its frames, whatever it speaks: one that is registered gets these
// for free. What it owes us of its links is in links.test.ts.

it("finds a protocol by its name, and none that is not there", ({ expect }) => {
  expect(suites.length).toBeGreaterThan(0);
  for (const { id, provider } of suites) {
    expect(provider.protocol).toBe(id);
    expect(findProviderAdapter(id)).toBe(provider);
  }
  expect(findProviderAdapter("constructor")).toBeUndefined();
  expect(findProviderAdapter("smoke-signals")).toBeUndefined();
});

describe.for(suites)("a greeting in $id", ({ provider, samples }) => {
  it("makes the session ready once, and settles it or sets a time to", ({ expect }) => {
    const session = drive(provider.open(linkTo(samples)), samples);
    const effects = [...session.opened(), ...session.greeted()];
    expect(only(effects, "session-ready")).toHaveLength(1);
    const isTimed = only(effects, "timer-set").some(({ timer }) => timer === "settled");
    const told = isTimed ? session.fires("settled") : effects;
    expect(only(told, "session-settled")).toHaveLength(1);
  });

  it("tells of connections as the catalogue has them, under the protocol's name", ({ expect }) => {
    const session = drive(provider.open(linkTo(samples)), samples);
    session.opened();
    const effects = session.greeted();
    const told = only(effects, "connection-observe").map(({ connection }) => connection);
    expect(told.length).toBeGreaterThan(0);
    for (const connection of told) {
      expect(Connection.safeParse(connection).error).toBeUndefined();
      expect(connection.identifier).toMatch(new RegExp(`^${provider.protocol}:.`));
    }
    const identifiers = told.map(({ identifier }) => identifier);
    if (samples.claims.length > 0) expect(identifiers).toEqual(samples.claims);
  });

  it("leaves nothing behind for the next session", ({ expect }) => {
    const run = () => {
      const session = drive(provider.open(linkTo(samples)), samples);
      const frames = Object.values(samples.occurrences);
      const begun = [session.opened(), session.greeted()];
      return [...begun, ...frames.map((each) => session.receives(each))];
    };
    expect(run()).toEqual(run());
  });
});

/** The protocols whose providers give a sign of life. */
const watched = suites.flatMap((suite) => {
  const { watchdog } = suite.samples;
  return watchdog === null ? [] : [{ ...suite, watchdog }];
});

describe.for(watched)("a silence in $id", ({ provider, samples, watchdog }) => {
  it("sets a watchdog, whose end is a fault of the moment", ({ expect }) => {
    const session = drive(provider.open(linkTo(samples)), samples);
    session.opened();
    const last = samples.greeting.map((frame) => session.receives(frame)).at(-1) ?? [];
    const { question } = samples;
    const asked = question === undefined ? last : session.sends(question);
    const dog = only(asked, "timer-set").find(({ timer }) => timer === watchdog);
    // No provider here gives a sign of life more often than every 25 s.
    expect(dog?.afterMs).toBeGreaterThan(25_000);
    const [failed] = only(session.fires(watchdog), "session-fail");
    expect(failed?.failure).toMatchObject({ remedy: "retry", reason: "silent" });
  });
});

describe.for(suites)("a hostile frame in $id", ({ provider, samples, occurrences, start }) => {
  it.for(Object.entries(hostile))(
    "is rejected, and the session lives on: %s",
    ([, text], { expect }) => {
      const session = start();
      const effects = session.receives(text);
      const drafts = draftsOf(effects);
      expect(drafts.length > 0 || typesOf(effects).includes("frame-reject")).toBe(true);
      expect(drafts.flatMap(faultsOf)).toEqual([]);
      expect(typesOf(effects)).not.toContain("session-fail");
      for (const { frame } of occurrences) {
        expect(draftsOf(session.receives(frame))).toEqual(draftsOf(start().receives(frame)));
      }
    },
  );

  it("does not keep a session from its greeting", ({ expect }) => {
    const session = drive(provider.open(linkTo(samples)), samples);
    session.opened();
    const before = Object.values(hostile).flatMap((text) => session.receives(text));
    expect(typesOf(before)).not.toContain("session-ready");
    expect(typesOf(before)).not.toContain("session-fail");
    const greeting = session.greeted();
    expect(typesOf(greeting)).toContain("session-ready");
  });

  it.for(occurrences)(
    "is kept or rejected where it is wrong in one place: $name",
    (each, { expect }) => {
      const session = start();
      for (const { where, frame } of mutantsOf(each.frame, wrong)) {
        const effects = session.receives(frame);
        const drafts = draftsOf(effects);
        const isTold = drafts.length > 0 || typesOf(effects).includes("frame-reject");
        expect(isTold, where).toBe(true);
        expect(drafts.flatMap(faultsOf), where).toEqual([]);
      }
      for (const { where, frame } of mutantsOf(each.frame, empty)) {
        expect(draftsOf(session.receives(frame)).flatMap(faultsOf), where).toEqual([]);
      }
      expect(draftsOf(session.receives(each.frame))).toEqual(
        draftsOf(start().receives(each.frame)),
      );
    },
  );
});

describe.for(suites)("an occurrence in $id", ({ samples, occurrences, start }) => {
  it.for(occurrences)("is told of in the catalogue's words: $name", ({ frame }, { expect }) => {
    const drafts = draftsOf(start().receives(frame));
    expect(drafts.length).toBeGreaterThan(0);
    expect(drafts.flatMap(faultsOf)).toEqual([]);
  });

  it.for(occurrences)(
    "carries its connection and the provider's words: $name",
    (each, { expect }) => {
      for (const draft of draftsOf(start().receives(each.frame))) {
        expect(draft.connectionId ?? null).toBe(each.connectionId);
        expect(isIn(draft.raw, each.frame)).toBe(true);
      }
    },
  );

  it("said twice has the same key, on the same socket and on the next", ({ expect }) => {
    const session = start();
    for (const { name, frame } of occurrences) {
      const keys = draftsOf(session.receives(frame)).map(({ key }) => key);
      expect(draftsOf(session.receives(frame)).map(({ key }) => key)).toEqual(keys);
      expect(draftsOf(start().receives(frame)).map(({ key }) => key)).toEqual(keys);
      const isKeyed = keys.every((key) => key !== undefined);
      expect(isKeyed, name).toBe(!samples.keyless.includes(name));
    }
  });

  it("has a key that no other has", ({ expect }) => {
    const keys = occurrences.flatMap(({ frame }) =>
      draftsOf(start().receives(frame)).flatMap(({ key }) => key ?? []),
    );
    expect(keys.toSorted()).toEqual([...new Set(keys)].toSorted());
  });

  it.for(Object.entries(samples.twins))(
    "is not taken for its twin: %s",
    ([, twins], { expect }) => {
      const [first, second] = twins.map((frame) => draftsOf(start().receives(frame)));
      expect(first?.length).toBeGreaterThan(0);
      expect(second).toHaveLength(first?.length ?? 0);
      const keys = [...(first ?? []), ...(second ?? [])].flatMap(({ key }) => key ?? []);
      expect(keys.toSorted()).toEqual([...new Set(keys)].toSorted());
    },
  );
});
