import { describe, it } from "vitest";

import type { Json } from "../../../../src/lib/json.ts";
import { Credentials, renewal } from "../../../../src/protocols/restream/provider/renewal.ts";
import { AT } from "../../support/drive.ts";
import { linkTo } from "../../support/samples.ts";
import { samples } from "../samples.ts";

const MINUTE = 60_000;
const account = { clientId: "cl1ent", clientSecret: "s3cret", refreshToken: "r3fresh" };

const link = (credentials: Json = account, url: string | null = null) =>
  linkTo(samples, { credentials, url });
const answered = (body: unknown, status = 200) =>
  renewal.answered(link(), { status, body: JSON.stringify(body) }, AT);

describe("credentials", () => {
  it.for([
    [account, true],
    [{ ...account, accessToken: "4ccess", expiresAt: 0 }, true],
    [{ accessToken: "4ccess" }, true],
    [{}, false],
    [{ accessToken: "" }, false],
    [{ accessToken: "4cc€ss" }, false],
    [{ accessToken: "4ccess\n" }, false],
    [{ accessToken: "4ccess", refreshToken: "r3fresh" }, false],
    [{ ...account, clientSecret: "s3crèt" }, false],
    [{ ...account, refreshToken: "x".repeat(4097) }, false],
  ] as const)(
    "are an access token, or all that gets one: %j",
    ([credentials, isTaken], { expect }) => {
      expect(Credentials.safeParse(credentials).success).toBe(isTaken);
    },
  );
});

describe("a renewal", () => {
  it("is due where there is no token, or one that runs out within a minute", ({ expect }) => {
    const due = (expiresAt?: number) =>
      renewal.due(
        link({ ...account, accessToken: "4ccess", ...(expiresAt !== undefined && { expiresAt }) }),
        AT,
      );
    expect(renewal.due(link(), AT)).not.toBeNull();
    expect(due()).not.toBeNull();
    expect(due(AT - 1)).not.toBeNull();
    expect(due(AT + MINUTE)).not.toBeNull();
    expect(due(AT + MINUTE + 1)).toBeNull();
  });

  it("is never due for a token got elsewhere, and cannot be forced", ({ expect }) => {
    expect(renewal.due(link({ accessToken: "4ccess" }), AT)).toBeNull();
    expect(renewal.forced(link({ accessToken: "4ccess" }))).toBeNull();
  });

  it("can be forced though the token would still serve", ({ expect }) => {
    const served = { ...account, accessToken: "4ccess", expiresAt: AT + 60 * MINUTE };
    expect(renewal.due(link(served), AT)).toBeNull();
    expect(renewal.forced(link(served))).toEqual(renewal.due(link(), AT));
  });

  it("asks with the client's name in the header and the refresh token in a form", ({ expect }) => {
    const odd = { ...account, refreshToken: "r3 fresh&grant_type=other" };
    expect(renewal.forced(link(odd))).toEqual({
      url: "https://api.restream.io/oauth/token",
      method: "POST",
      headers: {
        authorization: `Basic ${btoa("cl1ent:s3cret")}`,
        "content-type": "application/x-www-form-urlencoded",
        accept: "application/json",
      },
      body: "grant_type=refresh_token&refresh_token=r3+fresh%26grant_type%3Dother",
    });
  });

  it.for([
    [null, "https://api.restream.io/oauth/token"],
    ["wss://chat.api.restream.io/ws", "https://api.restream.io/oauth/token"],
    ["wss://relay.example:8443/ws?room=1", "https://relay.example:8443/oauth/token"],
    ["ws://127.0.0.1:4100/ws", "http://127.0.0.1:4100/oauth/token"],
  ] as const)("asks where the address is of: %s", ([url, asked], { expect }) => {
    expect(renewal.forced(link(account, url))?.url).toBe(asked);
  });
});

describe("an answer with tokens", () => {
  it("is kept with both, since a refresh token works once", ({ expect }) => {
    const body = { access_token: "n3w", refresh_token: "n3xt", expires_in: 1800, scope: "chat" };
    expect(answered(body)).toEqual({
      ok: true,
      credentials: {
        clientId: "cl1ent",
        clientSecret: "s3cret",
        refreshToken: "n3xt",
        accessToken: "n3w",
        expiresAt: AT + 30 * MINUTE,
      },
    });
  });

  it("an answer with tokens may spell its fields in two ways, and its numbers as text", ({
    expect,
  }) => {
    const snake = answered({ access_token: "n3w", refresh_token: "n3xt", expires_in: 60 });
    expect(answered({ accessToken: "n3w", refreshToken: "n3xt", expiresIn: 60 })).toEqual(snake);
    expect(answered({ access_token: "n3w", refresh_token: "n3xt", expires_in: "60" })).toEqual(
      snake,
    );
  });

  it("without a new refresh token keeps the old one", ({ expect }) => {
    for (const refresh_token of [undefined, null, "", 7]) {
      expect(answered({ access_token: "n3w", refresh_token })).toMatchObject({
        ok: true,
        credentials: { refreshToken: "r3fresh" },
      });
    }
  });

  it("serves for an hour where it does not say how long", ({ expect }) => {
    for (const expires_in of [undefined, null, "soon", {}]) {
      const credentials = { expiresAt: AT + 60 * MINUTE };
      expect(answered({ access_token: "n3w", expires_in })).toMatchObject({ credentials });
    }
  });

  it("that lasts longer than there is time is renewed at once", ({ expect }) => {
    const credentials = { expiresAt: AT };
    expect(answered({ access_token: "n3w", expires_in: 1e300 })).toMatchObject({ credentials });
  });
});

describe("an answer without tokens", () => {
  it.for([400, 401, 403])("stops the link for a person to mend: %i", (status, { expect }) => {
    const body = { error: { name: "invalid_token", message: "r3fresh is used up" } };
    const failure = { remedy: "stop", reason: "credentials_expired" };
    expect(answered(body, status)).toMatchObject({ ok: false, failure });
    expect(JSON.stringify(answered(body, status))).not.toContain("r3fresh");
  });

  it.for([
    [429, "slow"],
    [200, "retry"],
    [204, "retry"],
    [404, "retry"],
    [500, "retry"],
    [503, "retry"],
  ] as const)("is tried again: %i, %s", ([status, remedy], { expect }) => {
    const failure = { remedy, reason: "renewal_failed" };
    expect(answered({ error: "later" }, status)).toMatchObject({ ok: false, failure });
  });

  it("is what an empty or unusable access token makes it", ({ expect }) => {
    for (const access_token of ["", null, 7, "n€w", "x".repeat(5000)]) {
      expect(answered({ access_token })).toMatchObject({ ok: false });
    }
  });
});
