import { describe, it } from "vitest";

import { provider as eventsub } from "../../src/protocols/twitch-eventsub/index.ts";
import { listMissing, WANTED } from "../../src/protocols/twitch-eventsub/provider/wanted.ts";
import { provider } from "../../src/protocols/twitch-irc/index.ts";
import { makeDeviceLogIn } from "../../src/protocols/twitch-log-in.ts";

const logIn = makeDeviceLogIn(["user:write:chat", "user:read:chat"]);
const CLIENT = { clientId: "an-app" };
const BEGUN = {
  device_code: "ike3GM8QIdYZs43KdrWPIO36LofILoCyFEzjlQ91",
  expires_in: 1800,
  interval: 5,
  user_code: "ABCDEFGH",
  verification_uri: "https://www.twitch.tv/activate?public=true&device-code=ABCDEFGH",
};
const TOKENS = {
  access_token: "rfx2uswqe8l4g1mkagrvg5tv0ks3",
  expires_in: 14_124,
  refresh_token: "5b93chm6hdve3mycz05zfzatkfdenfspp1h1ar2xxdalen01",
  scope: ["user:write:chat"],
  token_type: "bearer",
};

const begun = (body: unknown, status = 200) => logIn.begun({ status, body: JSON.stringify(body) });
const answered = (status: number, body: unknown) =>
  logIn.answered(CLIENT, { status, body: JSON.stringify(body) });
const wrong = (message: string, status = 400) => answered(status, { status, message });

describe("the log-in with Twitch for a device", () => {
  it("asks at Twitch, or at an address that was set by hand, in forms", ({ expect }) => {
    const { url, body } = logIn.begin(CLIENT, null);
    expect([url, body]).toEqual([
      "https://id.twitch.tv/oauth2/device",
      "client_id=an-app&scopes=user%3Awrite%3Achat+user%3Aread%3Achat",
    ]);
    const { url: own } = logIn.ask(CLIENT, { url: "ws://127.0.0.1:81/", code: "c" });
    expect(own).toBe("http://127.0.0.1:81/oauth2/token");
    expect(logIn.identify({ ...CLIENT, accessToken: "a" }, null)).toMatchObject({
      url: "https://id.twitch.tv/oauth2/validate",
      headers: { authorization: "OAuth a" },
    });
  });

  it("scopes are called so in both requests", ({ expect }) => {
    for (const { body = "" } of [
      logIn.begin(CLIENT, null),
      logIn.ask(CLIENT, { url: null, code: "c" }),
    ]) {
      expect(new URLSearchParams(body).get("scopes")).toBe("user:write:chat user:read:chat");
    }
    const form = new URLSearchParams(logIn.ask(CLIENT, { url: null, code: "c" }).body);
    expect(Object.fromEntries(form)).toMatchObject({
      device_code: "c",
      grant_type: "urn:ietf:params:oauth:grant-type:device_code",
    });
  });

  it("reads the word, where it is typed, how often to ask and for how long", ({ expect }) => {
    expect(begun(BEGUN)).toEqual({
      ok: true,
      device: {
        code: BEGUN.device_code,
        userCode: "ABCDEFGH",
        verificationUri: BEGUN.verification_uri,
        intervalMs: 5_000,
        lifeMs: 1_800_000,
      },
    });
    const { expires_in: _life, interval: _interval, ...bare } = BEGUN;
    expect(begun({ ...bare, interval: "x" })).toMatchObject({
      device: { intervalMs: 5_000, lifeMs: 1_800_000 },
    });
    expect(begun({ ...BEGUN, expires_in: 1e12 })).toMatchObject({ device: { lifeMs: 3_600_000 } });
  });

  it.for([
    ["a script", { ...BEGUN, verification_uri: "javascript:alert(1)" }],
    ["words around an address", { ...BEGUN, verification_uri: 'https://x/" onclick="y' }],
    ["no code", { ...BEGUN, device_code: undefined }],
    ["a word that is none", { ...BEGUN, user_code: "<b>" }],
    ["nothing", null],
  ])("shows nobody %s", ([, body], { expect }) => {
    expect(begun(body)).toMatchObject({ ok: false, isClient: false });
  });

  it("tells an application that is wrong from a service that is away", ({ expect }) => {
    expect(begun({ status: 400, message: "invalid client" }, 400)).toMatchObject({
      isClient: true,
    });
    for (const status of [429, 500, 503])
      expect(begun({}, status)).toMatchObject({ isClient: false });
  });

  it("what is wrong is told as a message, in words or as a name, beside the status", ({
    expect,
  }) => {
    expect(wrong("authorization_pending")).toEqual({ type: "pending" });
    expect(wrong("Authorization pending")).toEqual({ type: "pending" });
    expect(wrong("slow_down")).toEqual({ type: "too-fast" });
    expect(wrong("access_denied")).toEqual({ type: "denied" });
    expect(wrong("invalid client")).toMatchObject({ type: "refused", reason: "client_invalid" });
    expect(wrong("invalid <scope>")).toMatchObject({ type: "refused", reason: "code_refused" });
    expect(JSON.stringify(wrong("invalid <scope>"))).not.toContain("<scope>");
  });

  it("a code that has run out, was used or never was is an invalid device code", ({ expect }) => {
    expect(wrong("invalid device code")).toEqual({ type: "unknown" });
    expect(wrong("expired_token")).toEqual({ type: "unknown" });
  });

  it("takes all else for an answer that is lost", ({ expect }) => {
    expect(answered(429, {})).toEqual({ type: "too-fast" });
    for (const status of [200, 302, 500, 503]) {
      expect(answered(status, { html: true })).toEqual({ type: "lost" });
    }
  });

  it("gives credentials of a link, with a secret where there is one", ({ expect }) => {
    const credentials = {
      clientId: "an-app",
      accessToken: TOKENS.access_token,
      refreshToken: TOKENS.refresh_token,
    };
    expect(answered(200, TOKENS)).toEqual({ type: "granted", credentials });
    expect(provider.Credentials.safeParse(credentials).success).toBe(true);
    const secret = { ...CLIENT, clientSecret: "s" };
    const whole = logIn.answered(secret, { status: 200, body: JSON.stringify(TOKENS) });
    expect(whole).toMatchObject({ credentials: { clientSecret: "s" } });
  });

  it("finds the account's own channel, and says when that is not said", ({ expect }) => {
    const credentials = { ...CLIENT, accessToken: "a" };
    const of = (status: number, body: unknown) =>
      logIn.identified(credentials, { status, body: JSON.stringify(body) });
    const good = { client_id: "an-app", login: "ada", user_id: "7", scopes: [], expires_in: 1 };
    const known = of(200, good);
    expect(known).toEqual({ ok: true, target: { channel: "ada" } });
    expect(provider.Target.safeParse(known?.ok === true ? known.target : null).success).toBe(true);
    expect(of(503, {})).toBeNull();
    expect(of(200, "x")).toBeNull();
    const refused = { ok: false, failure: { reason: "token_invalid" } };
    expect(of(401, {})).toMatchObject(refused);
    expect(of(200, { ...good, client_id: "another" })).toMatchObject(refused);
  });

  it("asks for all that EventSub may hear and for writing, and for the chat for writing alone", ({
    expect,
  }) => {
    const scopesOf = ({ logIn: own }: Pick<typeof eventsub, "logIn">): string[] => {
      const { body = "" } = own?.kind === "device" ? own.begin(CLIENT, null) : {};
      return new URLSearchParams(body).get("scopes")?.split(" ") ?? [];
    };
    const scopes = scopesOf(eventsub);
    expect(WANTED.flatMap((each) => listMissing(each, scopes))).toEqual([]);
    expect(scopes).toContain("user:write:chat");
    expect(new Set(scopes).size).toBe(scopes.length);
    expect(scopesOf(provider)).toEqual(["user:write:chat"]);
    expect(eventsub.Target.safeParse({ channel: "ada" }).success).toBe(true);
  });
});
