import { describe, it } from "vitest";

import { cleanGiven, listMissing, makeLink } from "../../src/console/state/forms.ts";
import { explainPlace } from "../../src/console/state/place.ts";
import { PROTOCOL_NAMES } from "../../src/console/text/protocol-names.ts";
import { sources } from "../../src/console/text/sources.ts";
import { readLink } from "../../src/protocols/link-input.ts";
import { protocols } from "../../src/protocols/registry.ts";

const kindOf = (protocol: string) => {
  const kind = sources.find((each) => each.protocol === protocol);
  if (kind === undefined) throw new Error(protocol);
  return kind;
};

const JWT =
  "eyJhbGciOiJIUzI1NiJ9.eyJjaGFubmVsIjoiYWJjIn0.c2lnbmF0dXJlLW9mLXRoZS10b2tlbi0xMjM0NTY3ODkw";

/** What people really paste, and what it is. */
const PASTED: readonly (readonly [
  protocol: string,
  given: Record<string, string>,
  values: Record<string, string>,
])[] = [
  [
    "dlive",
    { streamer: ' "https://dlive.tv/River_Moss" ' },
    { streamer: "https://dlive.tv/River_Moss" },
  ],
  ["dlive", { streamer: " dlive.tv/rivermoss/ " }, { streamer: "dlive.tv/rivermoss/" }],
  ["dlive", { streamer: "@rivermoss" }, { streamer: "rivermoss" }],
  ["dlive", { streamer: "rivermoss", appToken: '"abc.def"' }, { appToken: "abc.def" }],
  ["twitch-irc", { channel: "https://www.twitch.tv/RiverMoss?x=1" }, { channel: "RiverMoss" }],
  ["twitch-irc", { channel: "#rivermoss" }, { channel: "rivermoss" }],
  ["kick", { channel: "https://kick.com/River_Moss?x=1" }, { channel: "River_Moss" }],
  ["kick", { channel: "@rivermoss", accessToken: "Bearer abc" }, { accessToken: "abc" }],
  [
    "youtube",
    { channel: ' "https://www.youtube.com/@otterbrook/live" ', apiKey: "'AIzaKey'" },
    { channel: "https://www.youtube.com/@otterbrook/live", apiKey: "AIzaKey" },
  ],
  ["youtube", { channel: "@otterbrook" }, { channel: "@otterbrook" }],
  [
    "twitch-eventsub",
    { channel: "https://www.twitch.tv/RiverMoss", accessToken: "oauth:abcdef" },
    { channel: "RiverMoss" },
  ],
  ["restream", { accessToken: "Bearer abcdef" }, { accessToken: "abcdef" }],
  [
    "restream",
    { accessToken: "wss://chat.api.restream.io/ws?accessToken=abc%2Bdef" },
    { accessToken: "abc+def" },
  ],
  [
    "restream",
    { clientId: "'id'", clientSecret: " secret\n" },
    { clientId: "id", clientSecret: "secret" },
  ],
  [
    "astro",
    { token: `Authorization: Bearer ${JWT}`, tokenType: "apikey" },
    { token: JWT, tokenType: "jwt" },
  ],
  [
    "astro",
    { token: "aBcDeFgHiJ", tokenType: "jwt" },
    { token: "aBcDeFgHiJ", tokenType: "apikey" },
  ],
  ["astro", { token: `oauth:${"x".repeat(20)}`, tokenType: "oauth2" }, { tokenType: "oauth2" }],
  [
    "multistreamer",
    { url: "https://ms.example/ws/31?token=0123abcd", streamId: "", token: "" },
    { url: "wss://ms.example/", streamId: "31", token: "0123abcd" },
  ],
  ["multistreamer", { url: "ms.example" }, { url: "wss://ms.example/" }],
  [
    "interactive-sync",
    { url: "wss://is.example/?client_id=abc&access_token=def", clientId: "", accessToken: "" },
    { url: "wss://is.example/", clientId: "abc", accessToken: "def" },
  ],
];

describe("a source's form", () => {
  it("is there for every provider that can be linked", ({ expect }) => {
    const linked = Object.values(protocols)
      .map(({ provider }) => provider?.protocol)
      .filter((each) => each !== undefined);
    expect(linked.filter((each) => !sources.some(({ protocol }) => protocol === each))).toEqual([]);
  });

  it.for(PASTED)("takes what people paste for %s: %o", ([protocol, given, values], { expect }) => {
    expect(cleanGiven(protocol, given).values).toMatchObject(values);
  });

  it("says what it took wherever it took something else than was pasted", ({ expect }) => {
    const { took } = cleanGiven("twitch-irc", { channel: "https://twitch.tv/rivermoss" });
    expect(took["channel"]).toContain("address");
    expect(cleanGiven("dlive", { streamer: "rivermoss" }).took).toEqual({});
  });

  it("changes nothing more when it is read once more", ({ expect }) => {
    for (const [protocol, given] of PASTED) {
      const { values } = cleanGiven(protocol, given);
      expect(cleanGiven(protocol, values)).toMatchObject({ values, took: {} });
    }
  });

  const FILLED: Record<string, Record<string, string>> = {
    "twitch-irc": { channel: "rivermoss" },
    kick: { channel: "rivermoss" },
    youtube: { channel: "@rivermoss", apiKey: "abc" },
    "twitch-eventsub": { channel: "rivermoss", clientId: "abc", accessToken: "def" },
    restream: { accessToken: "abc" },
    astro: { token: JWT, tokenType: "jwt" },
    dlive: { streamer: "rivermoss" },
    multistreamer: { url: "wss://ms.example/", streamId: "31", token: "0123abcd" },
    "interactive-sync": { url: "wss://is.example/", clientId: "abc", accessToken: "def" },
  };

  it.for(Object.entries(FILLED))(
    "asks for what the provider %s takes, and for no less",
    ([protocol, values], { expect }) => {
      const kind = kindOf(protocol);
      expect(listMissing(kind, values)).toEqual([]);
      const adapter = Object.values(protocols)
        .map(({ provider }) => provider)
        .find((each) => each?.protocol === protocol);
      if (adapter === undefined) throw new Error(protocol);
      expect(readLink(adapter, makeLink(kind, values), false).problems).toEqual([]);
      expect(listMissing(kind, {}).length).toBeGreaterThan(0);
    },
  );

  it("takes a video of YouTube before its channel, and an account before a key", ({ expect }) => {
    const kind = kindOf("youtube");
    const account = { clientId: "a", clientSecret: "b", refreshToken: "c" };
    const given = { channel: "@a", video: "v", apiKey: "k", ...account };
    expect(makeLink(kind, given)).toMatchObject({ target: { video: "v" }, credentials: account });
    expect(makeLink(kind, given).credentials).not.toHaveProperty("apiKey");
    expect(listMissing(kind, { video: "v", clientId: "a" })).toEqual([
      "clientSecret",
      "refreshToken",
    ]);
  });

  it("is called as its protocol is everywhere else", ({ expect }) => {
    const titles = sources.map(({ protocol, title }) => [protocol, title]);
    expect(Object.fromEntries(titles)).toEqual(PROTOCOL_NAMES);
  });

  it("offers a log-in where the relay has one, and of its kind", ({ expect }) => {
    const offered = sources.flatMap(({ protocol, logIn }) =>
      logIn === undefined ? [] : [[protocol, logIn]],
    );
    const had = Object.values(protocols).flatMap(({ provider }) =>
      provider?.logIn === undefined ? [] : [[provider.protocol, provider.logIn.kind]],
    );
    expect(Object.fromEntries(offered)).toEqual(Object.fromEntries(had));
  });

  it("has the relay look a DLive streamer up by the name on the page, unless it is the account's", ({
    expect,
  }) => {
    const kind = kindOf("dlive");
    const link = (streamer: string, named: string) =>
      makeLink(kind, cleanGiven("dlive", { streamer, named }).values).target;
    const address = "https://dlive.tv/River%20Moss";
    expect(link("@River Moss", "page")).toEqual({ streamer: address });
    expect(link("dlive.tv/RiverMoss", "page")).toEqual({ streamer: "dlive.tv/RiverMoss" });
    expect(link("dlive-12345678", "user")).toEqual({ streamer: "dlive-12345678" });
    const dlive = Object.values(protocols).find(({ provider }) => provider?.protocol === "dlive");
    const asked = dlive?.provider?.lookUp?.due({ streamer: address }, null);
    expect(JSON.stringify(asked)).toContain("River Moss");
  });

  it("wants all of what renews a token, or none of it", ({ expect }) => {
    const kind = kindOf("restream");
    expect(listMissing(kind, { accessToken: "a", clientId: "b" })).toEqual([
      "clientSecret",
      "refreshToken",
    ]);
  });
});

describe("a relay's address", () => {
  it("is one that a service can reach, or is said not to be", ({ expect }) => {
    expect(explainPlace("https:", "relay.example.com")).toBeNull();
    for (const host of [
      "localhost",
      "127.0.0.1",
      "192.168.1.7",
      "172.20.0.1",
      "[::1]",
      "pi.local",
    ]) {
      expect(explainPlace("http:", host)).toContain("cannot reach");
    }
    expect(explainPlace("http:", "relay.example.com")).toContain("https://");
    expect(explainPlace("https:", "172.200.0.1")).toBeNull();
  });
});
