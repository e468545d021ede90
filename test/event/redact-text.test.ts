import * as fc from "fast-check";
import { beforeAll, describe, it } from "vitest";

import { redactText } from "../../src/event/redact.ts";
import { makeKey, makeTicket } from "../../src/http/credentials.ts";
import { signToken } from "../../src/http/tokens.ts";
import { seal } from "../../src/lib/secrecy.ts";

describe("people's words", () => {
  it.for([
    ["write to ada@example.com today", "write to [redacted] today"],
    ["Ada.Byron+tips@Mail.Example.CO.UK", "[redacted]"],
    ["<ada@example.com>, (grace@example.org)", "<[redacted]>, ([redacted])"],
    ["mailto:ada@example.com.", "mailto:[redacted]."],
    ["jürgen@müller.de", "[redacted]"],
    ["почта@пример.рф", "[redacted]"],
    ["ada@example.xn--p1ai!", "[redacted]!"],
    [
      "https://a.example/?email=ada%40example.com&page=2",
      "https://a.example/?email=[redacted]&page=2",
    ],
    ["a@b.co c@d.co", "[redacted] [redacted]"],
    ["ada@example.com-grace@example.org_x@y.zz", "[redacted][redacted][redacted]"],
    ["contact@ada@example.com", "contact@[redacted]"],
    ["git@example.com: nobody reads that", "[redacted]: nobody reads that"],
    ["digit@example.com/me", "[redacted]/me"],
    ["ada@example.com:hunter2", "[redacted]:hunter2"],
    ["https://ada:hunter2@x.example/a", "https://ada:[redacted]/a"],
  ] as const)("lose e-mail addresses: %j", ([text, expected], { expect }) => {
    expect(redactText(text)).toBe(expected);
  });

  it.for([
    "@ada@mastodon.example",
    "boost @ada@mastodon.example, please (@grace@social.example)",
    "https://mastodon.example/@ada@other.example/1",
    "https://a.example/?who=%40ada%40mastodon.example",
    "Hello @ada, .@khaby.lame and @grace.hopper!",
    "https://www.tiktok.com/@khaby.lame",
    "https://medium.com/@ada/post",
  ])("keep a handle, which begins with @: %j", (text, { expect }) => {
    expect(redactText(text)).toBe(text);
  });

  it("keep a mask of IRC, which raw lines of chat begin with", ({ expect }) => {
    const line = ":ada_7!ada_7@ada_7.tmi.twitch.tv PRIVMSG #river :hello";
    expect(redactText(line)).toBe(line);
    expect(redactText("hi!ada@ada.example")).toBe("[redacted]");
  });

  it.for([
    "git clone git@github.com:otterbrook/relay.git",
    "git@git.example.org:~ada/relay",
    "'git@github.com:otterbrook/relay'",
    "ssh://git@git.example.org/otterbrook/relay.git",
    "git+ssh://git@git.example.org:2222/relay",
    "hg@code.example.org:otterbrook/relay.git",
  ])("keep a git remote: %j", (text, { expect }) => {
    expect(redactText(text)).toBe(text);
  });

  it.for([
    "https://shop.example/?code=WINTER24&key=7",
    "https://x.example/cb?code=abc&state=1#access_token=abc",
    "https://docs.example/?token=tour&api_key=YOUR_KEY",
    "?auth=1 key=value, monkey=1",
    "https://a.example/?monkey=1&tokenCount=3&page=2",
    "tokens: 5, secretary: Ada, password: swordfish",
    "ada@localhost, meet @ 5.pm",
    "1 + 1 = 2, 100%",
    "",
  ])("keep what only looks like a secret: %j", (text, { expect }) => {
    expect(redactText(text, ["s3cr3t-of-a-link"])).toBe(text);
  });

  it("are looked through in the time their length takes, however they are made up", ({
    expect,
  }) => {
    const parts =
      "a@ @a. :// a.b@c. &token %40 =a@b eyJ eyJaaaaaaaaaaa. trb_ trbo_ v1. whsec_ ticket. git@a.bc: s3cr3t-s _ x_";
    const hostile = parts.split(" ").map((each) => each.repeat(10_000));
    const before = performance.now();
    for (const each of hostile) redactText(`${each}@=://`, ["s3cr3t-s3cr3t-s3cr3t", "_".repeat(9)]);
    expect(performance.now() - before).toBeLessThan(4_000);
  });
});

describe("a secret of the link, in people's words", () => {
  it("is removed where it is eight characters long and stands as a word", ({ expect }) => {
    const secret = "s3cr3t-8";
    for (const text of [secret, `it is ${secret}!`, `"${secret}"`, `key=${secret}&a=1`]) {
      expect(redactText(text, [secret])).toBe(text.replace(secret, "[redacted]"));
    }
    expect(redactText(`x%20${secret} and \\n${secret}`, [secret])).toBe(
      "x%20[redacted] and \\n[redacted]",
    );
  });

  it("is a word like any other where it is shorter, or a part of a longer one", ({ expect }) => {
    expect(redactText("this is a test", ["test", "a", ""])).toBe("this is a test");
    expect(redactText("password1 passwords ñpassword", ["password"])).toBe(
      "password1 passwords ñpassword",
    );
    expect(redactText("𝒜password passwordЖ", ["password"])).toBe("𝒜password passwordЖ");
  });

  it("goes the longest first, also as an address has it", ({ expect }) => {
    const secrets = ["abcdefgh", "abcdefgh-ijkl", "p/q+r==/s"];
    expect(redactText("abcdefgh-ijkl abcdefgh", secrets)).toBe("[redacted] [redacted]");
    expect(redactText("x=p%2Fq%2Br%3D%3D%2Fs!", secrets)).toBe("x=[redacted]!");
    expect(redactText("p/q+r==/s and so on", secrets)).toBe("[redacted] and so on");
  });

  it("does not make the mark itself unreadable", ({ expect }) => {
    expect(redactText("redacted s3cr3t-8", ["s3cr3t-8", "redacted"])).toBe("redacted [redacted]");
  });

  it("leaves no more to be found a second time, however it stands", ({ expect }) => {
    const secret = "4711-abcd";
    const pieces = "ada @ example .com : / .git git %40 %20 \\n _ 4711 -abcd ü 😂 x".split(" ");
    const piece = fc.constantFrom(" ", secret, ...pieces);
    const texts = fc.array(piece, { maxLength: 12 }).map((parts) => parts.join(""));
    fc.assert(
      fc.property(texts, (text) => {
        const once = redactText(text, [secret]);
        expect(redactText(once, [secret])).toBe(once);
        expect(` ${once} `).not.toMatch(/[^\p{L}\p{N}_]4711-abcd[^\p{L}\p{N}_]/u);
      }),
      { numRuns: 5_000 },
    );
  });
});

describe("a credential of the relay, in people's words", () => {
  const credentials: Record<string, string> = {};
  beforeAll(async () => {
    const { key } = await makeKey("trb");
    const nonce = new Uint8Array(12);
    Object.assign(credentials, {
      key,
      "overlay key": (await makeKey("trbo")).key,
      "API key in small letters": key.toLowerCase(),
      token: await signToken(
        { current: "master", previous: null },
        {
          channel: "demo",
          number: 7,
          scopes: ["events:read"],
          name: "Zoë ünd Æ",
          expiresAt: 2_000_000_000,
        },
      ),
      ticket: `ticket.${makeTicket()}`,
      "secret of a webhook": `whsec_${btoa("x".repeat(32))}`,
      "token of a planned hand-over": await seal("master", "hand-over:astro", "{}", nonce),
    });
  });

  it.for([
    "key",
    "API key in small letters",
    "overlay key",
    "token",
    "ticket",
    "secret of a webhook",
    "token of a planned hand-over",
  ])("is removed by its form: %s", (kind, { expect }) => {
    const credential = credentials[kind] ?? "";
    for (const [before, behind] of [
      ["", ""],
      ["it is ", " and no more"],
      ["https://r.example/socket?token=", "&rewind=5"],
      ['"', '"'],
    ]) {
      expect(redactText(`${before}${credential}${behind}`)).toBe(`${before}[redacted]${behind}`);
    }
  });

  it("is told from what only looks like one by its check digits, or by its issuer", ({
    expect,
  }) => {
    const { key = "", token = "" } = credentials;
    const last = key.endsWith("0") ? "1" : "0";
    const claims = btoa('{"iss":"streamelements","sub":"ada"}').replaceAll("=", "");
    const [header, , signature] = token.split(".");
    for (const text of [
      `${key.slice(0, -1)}${last}`,
      "trb_abc and trbo_def",
      [header, claims, signature].join("."),
      "d41d8cd98f00b204e9800998ecf8427e",
      "ticket.5 v1.2.3 whsec_short",
    ]) {
      expect(redactText(text)).toBe(text);
    }
  });
});
