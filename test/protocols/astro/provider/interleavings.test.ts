import * as fc from "fast-check";
import { describe, it } from "vitest";

import type { ProviderEffect } from "../../../../src/protocols/session.ts";
import { only } from "../../support/drive.ts";
import handshake from "../frames/handshake.json";
import { ROOM } from "../samples.ts";
import { granted, open, refused, sent } from "../session.ts";

const TOPICS = ["channel.a", "channel.b", "channel.c", "channel.d"];

// By then a topic has been asked for, and its answer was waited for.
const GIVEN_UP_MS = 15_000;

type Answer = "granted" | "refused" | "later" | "none" | "too fast";

/**
 * Plays a server with answers of its own to the first commands it gets, and nothing but grants from
 * then on, against a clock of which the timers are all there is.
 */
function play(answers: readonly (readonly [Answer, number])[]) {
  const session = open({ topics: TOPICS, room: ROOM });
  const timers = new Map<string, number>();
  const mail: { at: number; frame: object; topic: string }[] = [];
  const left = [...answers];
  const told: ProviderEffect[] = [];
  const commands: { at: number; topic: string }[] = [];
  const slowedAt: number[] = [];
  const answered = new Set<string>();
  const missing: string[] = [];
  const server = { now: 0 };

  function perform(effects: readonly ProviderEffect[]): void {
    told.push(...effects);
    for (const { connection } of only(effects, "connection-observe")) {
      if (connection.status === "connected" && server.now < GIVEN_UP_MS) {
        missing.push(...TOPICS.filter((topic) => !answered.has(topic)));
      }
    }
    for (const effect of effects) {
      if (effect.type === "timer-set") timers.set(effect.timer, server.now + effect.afterMs);
      if (effect.type === "timer-clear") timers.delete(effect.timer);
    }
    for (const { data } of sent(effects)) answer(data.topic);
  }

  function answer(topic: string): void {
    commands.push({ at: server.now, topic });
    const [kind, delay] = left.shift() ?? ["granted", 5];
    const at = server.now + delay;
    if (kind === "granted") mail.push({ at, frame: granted(topic), topic });
    if (kind === "refused") mail.push({ at, frame: refused(topic, "err_unauthorized"), topic });
    if (kind === "later") mail.push({ at, frame: refused(topic, "err_internal_error"), topic });
    if (kind === "too fast") mail.push({ at, frame: handshake["rate limit"], topic });
  }

  perform(session.opened());
  for (let steps = 0; steps < 500 && server.now < 600_000; steps++) {
    const due = [...timers].toSorted(([, a], [, b]) => a - b)[0];
    const next = mail.toSorted((a, b) => a.at - b.at)[0];
    if (next !== undefined && next.at <= (due?.[1] ?? Infinity)) {
      mail.splice(mail.indexOf(next), 1);
      server.now = Math.max(server.now, next.at);
      // It names none: whatever waits for its answer may be meant.
      const isForAll = next.frame === handshake["rate limit"];
      if (isForAll) slowedAt.push(server.now);
      for (const topic of isForAll ? commands.map((each) => each.topic) : [next.topic]) {
        answered.add(topic);
      }
      perform(session.receives(next.frame));
    } else if (due === undefined) {
      break;
    } else {
      timers.delete(due[0]);
      server.now = Math.max(server.now, due[1]);
      perform(session.fires(due[0]));
    }
    if (only(told, "session-fail").length > 0) break;
  }
  return { told, commands, slowedAt, missing };
}

const answer = fc.tuple(
  fc.constantFrom<Answer>("granted", "refused", "later", "none", "too fast"),
  fc.integer({ min: 1, max: 20_000 }),
);

describe("whatever a server answers, and when", () => {
  it("every topic is subscribed or refused in the end, or the session says why not", ({
    expect,
  }) => {
    fc.assert(
      fc.property(fc.array(answer, { maxLength: 12 }), (answers) => {
        const { told } = play(answers);
        const last = only(told, "connection-observe").at(-1)?.connection;
        const failures = only(told, "session-fail").map(({ failure }) => failure.reason);
        if (failures.length > 0) {
          expect(failures).toHaveLength(1);
          return;
        }
        const topics = last?.target?.["topics"] as Record<string, { status: string }>;
        const states = TOPICS.map((topic) => topics[topic]?.status);
        expect(states.filter((state) => state === "pending")).toEqual([]);
        expect(only(told, "session-ready")).toHaveLength(1);
        expect(only(told, "session-settled")).toHaveLength(1);
      }),
      { numRuns: 300 },
    );
  });

  it("nothing is connected while a topic has no answer yet", ({ expect }) => {
    fc.assert(
      fc.property(fc.array(answer, { maxLength: 12 }), (answers) => {
        expect(play(answers).missing).toEqual([]);
      }),
      { numRuns: 300 },
    );
  });

  it("no two commands are less than 100 ms apart, and none comes in a window over the rate", ({
    expect,
  }) => {
    fc.assert(
      fc.property(fc.array(answer, { maxLength: 12 }), (answers) => {
        const { commands, slowedAt } = play(answers);
        const gaps = commands.slice(1).map(({ at }, i) => at - (commands[i]?.at ?? 0));
        expect(gaps.filter((gap) => gap < 100)).toEqual([]);
        const tooSoon = slowedAt.flatMap((from) =>
          commands.filter(({ at }) => at > from && at < from + 10_000),
        );
        expect(tooSoon).toEqual([]);
      }),
      { numRuns: 300 },
    );
  });
});
