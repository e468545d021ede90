import { describe, it } from "vitest";

import { logIn } from "../../../../src/protocols/kick/provider/log-in.ts";
import { DEPLOYMENT } from "../samples.ts";

const PLACE = {
  url: null,
  redirectUri: "https://relay.test/oauth/callback",
  deployment: DEPLOYMENT,
  proof: { verifier: "the-verifier", challenge: "the-challenge" },
};

const answer = (status: number, body: unknown) =>
  logIn.answered({}, { status, body: JSON.stringify(body) }, 0);

describe("a log-in with Kick", () => {
  it("asks for consent to write, by the relay's own app and with a proof key", ({ expect }) => {
    const address = new URL(logIn.makeAddress({}, { ...PLACE, state: "s-1" }));
    expect(address.origin + address.pathname).toBe("https://id.kick.com/oauth/authorize");
    expect(Object.fromEntries(address.searchParams)).toEqual({
      response_type: "code",
      client_id: DEPLOYMENT.KICK_CLIENT_ID,
      redirect_uri: PLACE.redirectUri,
      scope: "chat:write",
      code_challenge: "the-challenge",
      code_challenge_method: "S256",
      state: "s-1",
    });
    for (const secret of ["the-verifier", DEPLOYMENT.KICK_CLIENT_SECRET]) {
      expect(address.href).not.toContain(secret);
    }
  });

  it("exchanges the code with the proof's secret", ({ expect }) => {
    const { url, method, body } = logIn.exchange({}, { ...PLACE, code: "c-1" });
    expect([url, method]).toEqual(["https://id.kick.com/oauth/token", "POST"]);
    expect(Object.fromEntries(new URLSearchParams(body))).toEqual({
      grant_type: "authorization_code",
      client_id: DEPLOYMENT.KICK_CLIENT_ID,
      client_secret: DEPLOYMENT.KICK_CLIENT_SECRET,
      redirect_uri: PLACE.redirectUri,
      code: "c-1",
      code_verifier: "the-verifier",
    });
  });

  it("asks for nothing but the relay's app, which there has to be", ({ expect }) => {
    expect(logIn.Client.safeParse({}).success).toBe(true);
    expect(logIn.Client.safeParse({ clientId: "another" }).success).toBe(false);
    expect(logIn.checkDeployment?.(DEPLOYMENT)).toBeNull();
    const { KICK_CLIENT_ID } = DEPLOYMENT;
    for (const deployment of [{}, { KICK_CLIENT_ID }]) {
      expect(logIn.checkDeployment?.(deployment)).toContain("KICK_CLIENT_SECRET");
    }
  });

  it("links with both tokens, or with the one that there is", ({ expect }) => {
    const credentials = { accessToken: "a-1" };
    expect(answer(200, { access_token: "a-1" })).toEqual({ ok: true, credentials });
    expect(answer(200, { access_token: "a-1", refresh_token: "r-1", expires_in: 7200 })).toEqual({
      ok: true,
      credentials: { ...credentials, refreshToken: "r-1" },
    });
  });

  it.for([
    ["the code has run out", 400, { error: "invalid_grant" }, "code_refused"],
    ["the app is not known", 401, { error: "invalid_client" }, "token_invalid"],
    ["the app is not known, said otherwise", 400, { error: "invalid_client" }, "token_invalid"],
    ["it is asked too often", 429, {}, "rate_limited"],
    ["a page is in between", 403, {}, "provider_down"],
    ["Kick is broken", 502, {}, "provider_down"],
    ["the answer is garbage", 200, [], "answer_unreadable"],
    ["the token is none", 200, { access_token: "a b" }, "answer_unreadable"],
  ] as const)("says what to do where %s", ([, status, body, reason], { expect }) => {
    const read = answer(status, body);
    expect(read).toMatchObject({ ok: false, failure: { remedy: "stop", reason } });
    expect(read.ok ? "" : read.failure.detail).toMatch(/\.$/);
  });
});
