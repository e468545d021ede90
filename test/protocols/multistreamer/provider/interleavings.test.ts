import * as fc from "fast-check";
import { describe, it } from "vitest";

import type { ProviderEffect } from "../../../../src/protocols/session.ts";
import { draftsOf, only, typesOf } from "../../support/drive.ts";
import chat from "../frames/chat.json";
import { listing, offAir, onAir, started, words } from "../samples.ts";

const accounts = [0, 31, 32, 33, 47, 99] as const;
const account = fc.constantFrom(...accounts);
const text = fc.constantFrom("lol", "hello", "/me waves", "/msg pike hi", "/irc hi", "two\nlines");

type Act =
  | {
      readonly type: "send";
      readonly to: number;
      readonly as: number | null;
      readonly text: string;
    }
  | { readonly type: "writer"; readonly from: number; readonly to: number }
  | { readonly type: "said"; readonly in: number; readonly text: string; readonly kind: string }
  | { readonly type: "status"; readonly frame: object }
  | { readonly type: "timer"; readonly at: number };

const act: fc.Arbitrary<Act> = fc.oneof(
  fc.record({
    type: fc.constant("send" as const),
    to: account,
    as: fc.option(account),
    text,
  }),
  fc.record({ type: fc.constant("writer" as const), from: account, to: account }),
  fc.record({
    type: fc.constant("said" as const),
    in: account,
    text: fc.constantFrom("lol", "hello", "waves", "hi"),
    kind: fc.constantFrom("text", "emote"),
  }),
  fc.record({
    type: fc.constant("status" as const),
    frame: fc.constantFrom(
      onAir,
      offAir,
      listing({ "31": { ready: false } }),
      listing({ "31": { writable: false }, "47": null }),
    ),
  }),
  fc.record({ type: fc.constant("timer" as const), at: fc.nat() }),
);

/** Plays it all, with the timers that are set, and gives what each act came to. */
function play(acts: readonly Act[]): { act: Act; effects: readonly ProviderEffect[] }[] {
  const session = started();
  const timers = new Set<string>();
  let jobs = 0;
  return acts.map((act) => {
    const effects = perform(act);
    for (const effect of effects) {
      if (effect.type === "timer-set") timers.add(effect.timer);
      if (effect.type === "timer-clear") timers.delete(effect.timer);
    }
    return { act, effects };
  });

  function perform(act: Act): readonly ProviderEffect[] {
    switch (act.type) {
      case "send": {
        const as = act.as === null ? {} : { as: `multistreamer:${act.as}` };
        const content = words(act.text, as);
        return session.sends({
          job: `j-${++jobs}`,
          identifier: `multistreamer:${act.to}`,
          content,
        });
      }
      case "writer": {
        const { from: account_id, to: cur_stream_account_id } = act;
        return session.receives({ type: "writerresult", account_id, cur_stream_account_id });
      }
      case "said":
        return session.receives({
          ...chat["twitch, the stream's own"],
          type: act.kind,
          account_id: act.in,
          text: act.text,
        });
      case "status":
        return session.receives(act.frame);
      case "timer": {
        const own = [...timers].filter((timer) => /^(writer|echo):/.test(timer));
        const timer = own[act.at % own.length];
        if (timer === undefined) return [];
        timers.delete(timer);
        return session.fires(timer);
      }
    }
  }
}

const jobOf = (effect: ProviderEffect): string | undefined =>
  "job" in effect ? effect.job : undefined;

/** The frames that say something, not those that ask. */
const spoken = (effects: readonly ProviderEffect[]) =>
  only(effects, "frame-send").filter(({ frame }) => /^{"type":"(text|emote)"/.test(frame));

describe("in whatever order statuses, writers, words and times come", () => {
  const acts = fc.array(act, { maxLength: 40 });

  it("what is sent ends once at most, and is told of in its order", ({ expect }) => {
    fc.assert(
      fc.property(acts, (all) => {
        const effects = play(all).flatMap((each) => each.effects);
        const jobs = all.filter(({ type }) => type === "send").length;
        for (let n = 1; n <= jobs; n++) {
          const told = typesOf(effects.filter((effect) => jobOf(effect) === `j-${n}`)).join(" ");
          expect([
            "",
            "send-issue",
            "send-issue send-confirm",
            "send-issue send-fail",
            "send-fail",
          ]).toContain(told);
        }
      }),
      { numRuns: 1000 },
    );
  });

  it("each text goes out once, right behind the word that it does", ({ expect }) => {
    fc.assert(
      fc.property(acts, (all) => {
        const effects = play(all).flatMap((each) => each.effects);
        expect(spoken(effects)).toHaveLength(only(effects, "send-issue").length);
        for (const [at, effect] of effects.entries()) {
          if (effect.type === "send-issue")
            expect(spoken(effects.slice(at + 1, at + 2))).toHaveLength(1);
        }
      }),
      { numRuns: 1000 },
    );
  });

  it("what has neither ended nor gone out has a time at which it will end", ({ expect }) => {
    fc.assert(
      fc.property(acts, (all) => {
        const effects = play(all).flatMap((each) => each.effects);
        const timers = new Set<string>();
        for (const effect of effects) {
          if (effect.type === "timer-set") timers.add(effect.timer);
          if (effect.type === "timer-clear") timers.delete(effect.timer);
        }
        const ended = new Set(
          effects.filter(({ type }) => type === "send-confirm" || type === "send-fail").map(jobOf),
        );
        const isWriterAwaited = [...timers].some((timer) => timer.startsWith("writer:"));
        const sends = all.filter(({ type }) => type === "send");
        const open = sends.map((_send, at) => `j-${at + 1}`).filter((job) => !ended.has(job));
        const forgotten = open.filter((job) => !timers.has(`echo:${job}`) && !isWriterAwaited);
        expect(forgotten).toEqual([]);
      }),
      { numRuns: 1000 },
    );
  });

  it("every word heard is told of once, and nothing ends the session", ({ expect }) => {
    fc.assert(
      fc.property(acts, (all) => {
        for (const { act, effects } of play(all)) {
          if (act.type === "said") expect(draftsOf(effects)).toHaveLength(1);
          expect(typesOf(effects)).not.toContain("session-fail");
          expect(only(effects, "send-confirm").length).toBeLessThanOrEqual(
            act.type === "said" ? 1 : 0,
          );
        }
      }),
    );
  });
});
