import { describe, it } from "vitest";

import { logIn } from "../../../../src/protocols/youtube/provider/log-in.ts";

const CLIENT = { clientId: "1234-abc.apps", clientSecret: "the-secret" };
const PLACE = {
  url: null,
  redirectUri: "https://relay.test/oauth/callback",
  deployment: {},
  proof: { verifier: "v-1", challenge: "ch-1" },
};
const AT = 1_700_000_000_000;

/** A log-in by consent, and not by a word for a device. */
function byCode() {
  if (logIn.kind !== "code") throw new Error("another kind");
  return logIn;
}

const answer = (status: number, body: unknown) =>
  byCode().answered(CLIENT, { status, body: JSON.stringify(body) }, AT);

describe("a log-in with Google", () => {
  it("asks for consent that brings a refresh token, each time, and without the secret", ({
    expect,
  }) => {
    const address = new URL(byCode().makeAddress(CLIENT, { ...PLACE, state: "s-1" }));
    expect(address.origin + address.pathname).toBe("https://accounts.google.com/o/oauth2/v2/auth");
    expect(Object.fromEntries(address.searchParams)).toEqual({
      response_type: "code",
      client_id: CLIENT.clientId,
      redirect_uri: PLACE.redirectUri,
      scope: "https://www.googleapis.com/auth/youtube.force-ssl",
      access_type: "offline",
      prompt: "consent",
      state: "s-1",
    });
    expect(address.href).not.toContain(CLIENT.clientSecret);
  });

  it("exchanges the code for tokens at Google, or below an address of its own", ({ expect }) => {
    const { url, method, body } = byCode().exchange(CLIENT, { ...PLACE, code: "c-1" });
    expect([url, method]).toEqual(["https://oauth2.googleapis.com/token", "POST"]);
    expect(Object.fromEntries(new URLSearchParams(body))).toEqual({
      client_id: CLIENT.clientId,
      client_secret: CLIENT.clientSecret,
      grant_type: "authorization_code",
      redirect_uri: PLACE.redirectUri,
      code: "c-1",
    });
    const own = { ...PLACE, url: "https://google.test/below", code: "c-1" };
    expect(byCode().exchange(CLIENT, own).url).toBe("https://google.test/below/token");
  });

  it("gives a link all that it needs to renew its token", ({ expect }) => {
    const tokens = { access_token: "a-1", refresh_token: "r-1", expires_in: 3599 };
    expect(answer(200, tokens)).toEqual({
      ok: true,
      credentials: {
        ...CLIENT,
        refreshToken: "r-1",
        accessToken: "a-1",
        expiresAt: AT + 3_599_000,
      },
    });
  });

  it.for([
    [200, { access_token: "a-1" }, "answer_unreadable"],
    [200, "<html>", "answer_unreadable"],
    [400, { error: "invalid_grant" }, "code_refused"],
    [400, { error: "invalid_client" }, "client_invalid"],
    [401, {}, "client_invalid"],
    [429, {}, "rate_limited"],
    [503, {}, "provider_down"],
  ] as const)(
    "comes to nothing where it is answered so: %s %j",
    ([status, body, reason], { expect }) => {
      const answered = answer(status, body);
      expect(answered).toMatchObject({ ok: false, failure: { remedy: "stop", reason } });
      expect(JSON.stringify(answered)).not.toContain(CLIENT.clientSecret);
    },
  );
});
