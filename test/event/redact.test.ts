import * as fc from "fast-check";
import { describe, it } from "vitest";

import { redact, REDACTED, TOO_DEEP } from "../../src/event/redact.ts";
import { allSamples } from "../support/samples.ts";

describe("a field", () => {
  it.for([
    "token",
    "accessToken",
    "access_token",
    "refresh-token",
    "reconnect_token",
    "id_token",
    "oauthToken",
    "userToken",
    "X-Auth-Token",
    "clientSecret",
    "client_secret",
    "secretAccessKey",
    "password",
    "Authorization",
    "credentials",
    "apiKey",
    "api_key",
    "streamKey",
    "privateKey",
    "jwt",
    "cookie",
    "cookies",
    "email",
    "e-mail",
    "emailAddress",
  ])("named %s loses its value", (name, { expect }) => {
    expect(redact({ [name]: "abc", kept: 1 })).toEqual({ [name]: REDACTED, kept: 1 });
    expect(redact({ inner: [{ [name]: { any: ["thing"] } }] })).toEqual({
      inner: [{ [name]: REDACTED }],
    });
  });

  it.for([
    "tokenCount",
    "tokenize",
    "secretaryName",
    "passwordless",
    "key",
    "keys",
    "authorId",
    "emailVerified",
    "cookieJar",
    "streamKeyframes",
    "session",
    "user",
    "nextPageToken",
    "tokenId",
    "keyword",
  ])("named %s keeps it", (name, { expect }) => {
    const data = { [name]: "abc", other: { [name]: 5 } };
    expect(redact(data)).toBe(data);
  });

  it("named like a credential keeps numbers: a number is no credential", ({ expect }) => {
    for (const data of [
      { tip: { tokens: 25 } },
      { tokens: "25", cookies: "-4.20", secrets: [1, 2] },
      { token: 0, password: 1234, apiKey: 5.5, email: 7 },
      { tokens: { gold: 5, isFull: true, last: null, byDay: [1, { two: 2 }] } },
    ]) {
      expect(redact(data)).toBe(data);
    }
    fc.assert(
      fc.property(
        fc.constantFrom("token", "tokens", "cookies", "secret"),
        fc.double({ noNaN: true }),
        (name, n) => {
          const data = { tip: { [name]: n } };
          expect(redact(data)).toBe(data);
        },
      ),
    );
  });

  it("named like a credential loses texts, whatever else is beside them", ({ expect }) => {
    expect(redact({ token: "25", password: "1234" })).toEqual({
      token: REDACTED,
      password: REDACTED,
    });
    expect(redact({ tokens: ["25", "abc"] })).toEqual({ tokens: REDACTED });
    expect(redact({ credentials: { port: 5, more: [{ secret: "abc" }] } })).toEqual({
      credentials: REDACTED,
    });
  });

  it("that holds nothing, or only whether there is something, keeps that", ({ expect }) => {
    const data = { token: null, password: "", secret: undefined, jwt: true, email: false };
    expect(redact(data)).toBe(data);
  });

  it("named by an e-mail address or a secret loses its name", ({ expect }) => {
    expect(redact({ "ada@example.com": 5, b: 1 })).toEqual({ [REDACTED]: 5, b: 1 });
    const secret = "s3cr3t-4711";
    expect(redact({ [secret]: { a: "x" } }, [secret])).toEqual({ [REDACTED]: { a: "x" } });
  });

  it("with a hostile name is a field like any other", ({ expect }) => {
    const hostile = JSON.parse(
      '{"__proto__":{"token":"abc"},"constructor":{"a":"x@y.zz"}}',
    ) as object;
    expect(JSON.stringify(redact(hostile))).toBe(
      `{"__proto__":{"token":"${REDACTED}"},"constructor":{"a":"${REDACTED}"}}`,
    );
  });
});

describe("data", () => {
  const secret = "S3CR3T-4711";
  const dirty = fc.oneof(
    fc.constantFrom("ada@example.com", `x ${secret}!`, "@ada@b.example", "plain", "[redacted]"),
    fc.string(),
  );
  const key = fc.oneof(
    fc.constantFrom("token", "email", "text", "tokenCount", "ada@example.com"),
    fc.string(),
  );
  const { tree } = fc.letrec<{ tree: unknown }>((tie) => ({
    tree: fc.oneof(
      { maxDepth: 4 },
      dirty,
      fc.integer(),
      fc.constantFrom(null, true, false),
      fc.array(tie("tree"), { maxLength: 4 }),
      fc.dictionary(key, tie("tree"), { maxKeys: 4 }),
    ),
  }));

  it("has no secret and no address left in it, wherever they were", ({ expect }) => {
    fc.assert(
      fc.property(tree, (each) => {
        const text = JSON.stringify(redact(each, [secret]));
        expect(text).not.toContain(secret);
        expect(text).not.toContain("ada@example.com");
      }),
      { numRuns: 1_000 },
    );
  });

  it("that was redacted has nothing more to hide: it is given back as it is", ({ expect }) => {
    fc.assert(
      fc.property(tree, (each) => {
        const once = redact(each, [secret]);
        expect(redact(once, [secret])).toBe(once);
      }),
      { numRuns: 1_000 },
    );
  });

  it("is never changed itself", ({ expect }) => {
    fc.assert(
      fc.property(tree, (each) => {
        const before = JSON.stringify(each);
        redact(each, [secret]);
        expect(JSON.stringify(each)).toBe(before);
      }),
    );
  });

  it("with nothing to hide is the very same object, all the way down", ({ expect }) => {
    for (const sample of allSamples) expect(redact(sample, [secret])).toBe(sample);
    const half = { clean: { a: ["b"] }, dirty: { token: "abc" } };
    expect(redact(half).clean).toBe(half.clean);
  });

  it("as deep as anybody's is looked through, and deeper than that is cut", ({ expect }) => {
    const nested = (depth: number): unknown => {
      let data: unknown = "ada@example.com";
      for (let level = 0; level < depth; level++) data = [data];
      return data;
    };
    expect(JSON.stringify(redact(nested(100)))).toContain(REDACTED);
    const deep = JSON.stringify(redact(nested(50_000)));
    expect(deep).toContain(TOO_DEEP);
    expect(deep).not.toContain("ada@example.com");
  });
});
