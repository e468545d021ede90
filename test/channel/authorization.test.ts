import * as fc from "fast-check";
import { describe, it } from "vitest";

import type {
  AuthorizationEffect,
  AuthorizationInput,
  AuthorizationState,
} from "../../src/channel/authorization-state.ts";
import { stepAuthorization } from "../../src/channel/authorization.ts";

const EXPIRES_AT = 1_000;
const PENDING: AuthorizationState = { status: "pending" };
const CREDENTIALS = { refreshToken: "r" };

function run(inputs: readonly AuthorizationInput[], from: AuthorizationState = PENDING) {
  let state = from;
  const effects: AuthorizationEffect[] = [];
  const seen: AuthorizationState[] = [];
  for (const input of inputs) {
    const reaction = stepAuthorization(state, EXPIRES_AT, input);
    state = reaction.state;
    effects.push(...reaction.effects);
    seen.push(state);
  }
  return { state, seen, effects: effects.map(({ type }) => type) };
}

const at = fc.nat(120_000);
const Inputs = fc.array(
  fc.oneof(
    fc.record({ type: fc.constant("code-received" as const), code: fc.string(), at }),
    fc.record({
      type: fc.constant("consent-refused" as const),
      error: fc.oneof(fc.constant("access_denied"), fc.string()),
      at,
    }),
    fc.constant({ type: "credentials-received" as const, credentials: CREDENTIALS }),
    fc.constant({ type: "exchange-failed" as const, reason: "code_refused", detail: "No." }),
    fc.constant({ type: "provider-linked" as const, provider: "p_1" }),
    fc.record({ type: fc.constant("time-passed" as const), at }),
  ),
  { maxLength: 12 },
);

const isOver = ({ status }: AuthorizationState): boolean =>
  status !== "pending" && status !== "exchanging";

describe("a log-in with a provider", () => {
  it("is done once the code was exchanged and the provider linked", ({ expect }) => {
    const { state, effects } = run([
      { type: "code-received", code: "c", at: 5 },
      { type: "credentials-received", credentials: CREDENTIALS },
      { type: "provider-linked", provider: "p_1" },
    ]);
    expect(state).toEqual({ status: "done", provider: "p_1" });
    expect(effects).toEqual(["code-exchange", "provider-link", "secrets-drop"]);
  });

  it("exchanges at most one code, whatever comes in whatever order", ({ expect }) => {
    fc.assert(
      fc.property(Inputs, (inputs) => {
        const { effects } = run(inputs);
        expect(effects.filter((each) => each === "code-exchange").length).toBeLessThanOrEqual(1);
      }),
    );
  });

  it("stays as it ended, and keeps no secret from then on", ({ expect }) => {
    fc.assert(
      fc.property(Inputs, (inputs) => {
        const { seen, effects } = run(inputs);
        const end = seen.find(isOver);
        expect(seen.filter(isOver).every((each) => each === end)).toBe(true);
        const drops = effects.filter((each) => each === "secrets-drop").length;
        expect(drops).toBe(end === undefined ? 0 : 1);
        expect(effects.at(-1) === "secrets-drop").toBe(end !== undefined);
      }),
    );
  });

  it("takes no code that comes too late", ({ expect }) => {
    const { state, effects } = run([{ type: "code-received", code: "c", at: EXPIRES_AT }]);
    expect([state.status, effects]).toEqual(["expired", ["secrets-drop"]]);
  });

  it("expires at its time, and not before", ({ expect }) => {
    expect(run([{ type: "time-passed", at: EXPIRES_AT - 1 }]).state).toBe(PENDING);
    expect(run([{ type: "time-passed", at: EXPIRES_AT }]).state).toMatchObject({
      status: "expired",
      reason: "consent_expired",
    });
  });

  it("is denied where the provider was told so, and has failed for any other word", ({
    expect,
  }) => {
    const of = (error: string) => run([{ type: "consent-refused", error, at: 5 }]).state;
    expect(of("access_denied").status).toBe("denied");
    expect(of("invalid_scope")).toMatchObject({ status: "failed", reason: "consent_failed" });
    expect(JSON.stringify(of("<script>"))).not.toContain("script");
  });

  it("has failed where the exchange was lost, once it cannot be under way any more", ({
    expect,
  }) => {
    const begun: AuthorizationInput = { type: "code-received", code: "c", at: 100 };
    expect(run([begun, { type: "time-passed", at: 60_099 }]).state.status).toBe("exchanging");
    expect(run([begun, { type: "time-passed", at: 60_100 }]).state).toMatchObject({
      status: "failed",
      reason: "relay_restarted",
    });
  });
});
