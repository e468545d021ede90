import * as fc from "fast-check";
import { describe, it } from "vitest";

import type {
  AuthorizationEffect,
  AuthorizationInput,
  AuthorizationState,
  DeviceAnswer,
} from "../../src/channel/authorization-state.ts";
import { findNextTime, stepAuthorization } from "../../src/channel/authorization.ts";
import { beginWaiting } from "../../src/channel/device-authorization.ts";

const EXPIRES_AT = 1_800_000;
const INTERVAL = 5_000;
const CREDENTIALS = { refreshToken: "r" };
const TARGET = { channel: "ada" };
const begun = beginWaiting(INTERVAL, 0);

function run(inputs: readonly AuthorizationInput[], from: AuthorizationState = begun) {
  let state = from;
  const effects: AuthorizationEffect[] = [];
  for (const input of inputs) {
    const reaction = stepAuthorization(state, EXPIRES_AT, input);
    state = reaction.state;
    effects.push(...reaction.effects);
  }
  return { state, effects: effects.map(({ type }) => type) };
}

const tick = (at: number): AuthorizationInput => ({ type: "time-passed", at });
const answered = (
  type: Exclude<DeviceAnswer["type"], "granted" | "refused">,
  at: number,
): AuthorizationInput => ({ type: "device-answered", answer: { type }, at });
const granted = (at: number): AuthorizationInput => ({
  type: "device-answered",
  answer: { type: "granted", credentials: CREDENTIALS },
  at,
});
const found: AuthorizationInput = {
  type: "account-found",
  credentials: CREDENTIALS,
  target: TARGET,
};
const linked: AuthorizationInput = { type: "provider-linked", provider: "p_1" };

/** When it asks next, given the answers that come a second after each asking. */
function times(...answers: readonly Parameters<typeof answered>[0][]): number[] {
  let state: AuthorizationState = begun;
  return answers.map((answer) => {
    const at = findNextTime(state, EXPIRES_AT) ?? Number.NaN;
    state = run([tick(at), answered(answer, at + 1_000)], state).state;
    return (findNextTime(state, EXPIRES_AT) ?? Number.NaN) - at - 1_000;
  });
}

describe("a log-in for a device", () => {
  it("asks no sooner than it may, and once at a time", ({ expect }) => {
    expect(findNextTime(begun, EXPIRES_AT)).toBe(INTERVAL);
    expect(run([tick(INTERVAL - 1)])).toEqual({ state: begun, effects: [] });
    const asked = run([tick(INTERVAL), tick(INTERVAL + 1), tick(INTERVAL + 15_000)]);
    expect(asked.effects).toEqual(["device-ask"]);
  });

  it("is done once the tokens are kept, their account is found and the provider linked", ({
    expect,
  }) => {
    const { state, effects } = run([tick(5_000), granted(5_100), found, linked]);
    expect(state).toEqual({ status: "done", provider: "p_1" });
    expect(effects).toEqual([
      "device-ask",
      "credentials-keep",
      "account-find",
      "provider-link",
      "secrets-drop",
    ]);
  });

  it("that is asked about when its time is up hears the answer, which may have the tokens", ({
    expect,
  }) => {
    const late = EXPIRES_AT - 100;
    const asked = run([tick(late)]).state;
    const meanwhile = [tick(EXPIRES_AT), { type: "looked-at", at: EXPIRES_AT + 50 }] as const;
    expect(run(meanwhile, asked)).toEqual({ state: asked, effects: [] });
    expect(findNextTime(asked, EXPIRES_AT)).toBe(late + 20_000);
    expect(run([...meanwhile, granted(EXPIRES_AT + 60)], asked).effects).toContain("account-find");
    const pending = run([...meanwhile, answered("pending", EXPIRES_AT + 60)], asked).state;
    expect(findNextTime(pending, EXPIRES_AT)).toBe(EXPIRES_AT);
    for (const state of [pending, asked]) {
      expect(run([tick(late + 20_000)], state)).toMatchObject({
        state: { status: "expired" },
        effects: ["secrets-drop"],
      });
    }
  });

  it("asks at the interval it was told, and five seconds later each time it was too fast", ({
    expect,
  }) => {
    expect(times("pending", "too-fast", "pending", "too-fast", "pending")).toEqual([
      5_000, 10_000, 10_000, 15_000, 15_000,
    ]);
  });

  it("waits twice as long after each answer that is lost, up to a minute, and then as before", ({
    expect,
  }) => {
    expect(times("lost", "lost", "lost", "lost", "pending")).toEqual([
      10_000, 20_000, 40_000, 60_000, 5_000,
    ]);
  });

  it("never asks sooner than after a second, nor later than after a minute, whatever it is told", ({
    expect,
  }) => {
    expect([0, 5_000, 1e9].map((each) => beginWaiting(each, 0).intervalMs)).toEqual([
      1_000, 5_000, 60_000,
    ]);
  });

  it("ends as the provider says", ({ expect }) => {
    const of = (input: AuthorizationInput) => run([tick(5_000), input]);
    expect(of(answered("denied", 5_100))).toMatchObject({
      state: { status: "denied", reason: "consent_denied" },
      effects: ["device-ask", "secrets-drop"],
    });
    expect(of(answered("unknown", 5_100)).state).toMatchObject({
      status: "expired",
      reason: "consent_expired",
    });
    const answer = { type: "refused" as const, reason: "client_invalid", detail: "No." };
    expect(of({ type: "device-answered", answer, at: 5_100 }).state).toEqual({
      status: "failed",
      reason: "client_invalid",
      detail: "No.",
    });
  });

  it("knows that the tokens went with an answer that was lost, and with none other", ({
    expect,
  }) => {
    const lost = [tick(5_000), answered("lost", 6_000), tick(16_000)];
    expect(run([...lost, answered("unknown", 16_100)]).state).toMatchObject({
      status: "failed",
      reason: "answer_lost",
    });
    const since = [answered("pending", 16_100), tick(21_100), answered("unknown", 21_200)];
    expect(run([...lost, ...since]).state).toMatchObject({ status: "expired" });
  });

  it("asks again where it was lost in the middle, and counts that as an answer that was lost", ({
    expect,
  }) => {
    const { state, effects } = run([tick(5_000), tick(25_000), answered("unknown", 25_100)]);
    expect(effects).toEqual(["device-ask", "device-ask", "secrets-drop"]);
    expect(state).toMatchObject({ reason: "answer_lost" });
    const again = run([tick(5_000), granted(5_100), tick(25_100), found, linked]);
    expect(again.effects.filter((each) => each === "account-find")).toHaveLength(2);
    expect(again.state).toMatchObject({ status: "done" });
  });

  it("expires at its time, whoever looks, but not once the tokens are there", ({ expect }) => {
    for (const type of ["time-passed", "looked-at"] as const) {
      expect(run([{ type, at: EXPIRES_AT }]).state).toMatchObject({ status: "expired" });
    }
    expect(run([{ type: "looked-at", at: EXPIRES_AT - 1 }])).toEqual({ state: begun, effects: [] });
    const late = run([tick(5_000), granted(5_100), { type: "looked-at", at: EXPIRES_AT }]);
    expect(late.state.status).toBe("granted");
  });

  it("asks whose the tokens are until that is said, and for ten minutes", ({ expect }) => {
    const kept = [tick(5_000), granted(5_000)];
    const unknown = { type: "account-unknown" as const, at: 6_000 };
    const again = run([...kept, unknown, tick(15_999), tick(16_000)]);
    expect(again.effects.filter((each) => each === "account-find")).toHaveLength(2);
    expect(run([...kept, tick(605_000)]).state).toMatchObject({
      status: "failed",
      reason: "unreachable",
    });
  });

  it("stays as it ended, links once at the most for tokens, and keeps no secret from then on", ({
    expect,
  }) => {
    const at = fc.nat(4_000_000);
    const input = fc.oneof(
      fc.record({ type: fc.constantFrom("time-passed" as const, "looked-at" as const), at }),
      fc.record({
        type: fc.constant("device-answered" as const),
        answer: fc.oneof(
          fc.record({
            type: fc.constantFrom<"pending" | "too-fast" | "denied" | "unknown" | "lost">(
              "pending",
              "too-fast",
              "denied",
              "unknown",
              "lost",
            ),
          }),
          fc.constant({ type: "granted" as const, credentials: CREDENTIALS }),
        ),
        at,
      }),
      fc.record({ type: fc.constant("account-unknown" as const), at }),
      fc.constantFrom(found, linked, {
        type: "exchange-failed" as const,
        reason: "forbidden",
        detail: "No.",
      }),
    );
    fc.assert(
      fc.property(fc.array(input, { maxLength: 20 }), (inputs) => {
        let state: AuthorizationState = begun;
        let drops = 0;
        let keeps = 0;
        for (const each of inputs) {
          const isOver = drops > 0;
          const { state: next, effects } = stepAuthorization(state, EXPIRES_AT, each);
          if (isOver) expect([next, effects]).toEqual([state, []]);
          drops += effects.filter(({ type }) => type === "secrets-drop").length;
          keeps += effects.filter(({ type }) => type === "credentials-keep").length;
          if (effects.some(({ type }) => type === "provider-link")) expect(keeps).toBe(1);
          expect(findNextTime(next, EXPIRES_AT) === null).toBe(drops > 0);
          state = next;
        }
        expect([drops <= 1, keeps <= 1]).toEqual([true, true]);
      }),
    );
  });
});
