import { describe, it } from "vitest";

import { redactText } from "../../src/event/redact.ts";

describe("a text", () => {
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
  ] as const)("loses e-mail addresses: %j", ([text, expected], { expect }) => {
    expect(redactText(text)).toBe(expected);
  });

  it.for([
    ["wss://x.example/ws?accessToken=abc.def&v=1", "wss://x.example/ws?accessToken=[redacted]&v=1"],
    ["https://x.example/#access_token=abc", "https://x.example/#access_token=[redacted]"],
    ["?client_id=me&client_secret=abc", "?client_id=me&client_secret=[redacted]"],
    ["/cb?code=abc&state=1", "/cb?code=[redacted]&state=1"],
    [
      "?api_key=1&apikey=2&api-key=3&key=4",
      "?api_key=[redacted]&apikey=[redacted]&api-key=[redacted]&key=[redacted]",
    ],
    ['?oauth_token=abc"', '?oauth_token=[redacted]"'],
    ["rtmp://live.example/app?streamkey=live_1", "rtmp://live.example/app?streamkey=[redacted]"],
    ["https://ada:hunter2@x.example/a", "https://[redacted]@x.example/a"],
  ] as const)("loses credentials in addresses: %j", ([text, expected], { expect }) => {
    expect(redactText(text)).toBe(expected);
  });

  it.for([
    "Hello @ada, .@khaby.lame and @grace.hopper!",
    "https://www.tiktok.com/@khaby.lame",
    "https://medium.com/@ada/post",
    "meet @ 5.pm",
    "1 + 1 = 2, key = value, monkey=1",
    "https://a.example/?monkey=1&tokenCount=3&page=2",
    "tokens: 5, secretary: Ada, password",
    "ada@localhost",
    "100%",
    "",
  ])("keeps what is nobody's business to hide: %j", (text, { expect }) => {
    expect(redactText(text, ["s3cr3t"])).toBe(text);
  });

  it("loses every secret it is told of, the longest first, also as an address has it", ({
    expect,
  }) => {
    const secrets = ["abc", "abcdef", "p/q+r==", ""];
    expect(redactText("abcdef-abc", secrets)).toBe("[redacted]-[redacted]");
    expect(redactText("x=p%2Fq%2Br%3D%3D!", secrets)).toBe("x=[redacted]!");
    expect(redactText("p/q+r== and so on", secrets)).toBe("[redacted] and so on");
  });

  it("does not lose itself over a secret that is a piece of the mark", ({ expect }) => {
    expect(redactText("abc red", ["abc", "red"])).toBe("[redacted] red");
    expect(redactText("50 % \uD800", ["\uD800"])).toBe("50 % [redacted]");
  });

  it("is looked through in the time its length takes, however it is made up", ({ expect }) => {
    const hostile = ["a@", "@a.", "://", "a.b@c.", "&token", "%40", "=a@b"].map((each) =>
      each.repeat(50_000),
    );
    const before = performance.now();
    for (const each of hostile) redactText(`${each}@=://`, ["s3cr3t"]);
    expect(performance.now() - before).toBeLessThan(2_000);
  });
});
