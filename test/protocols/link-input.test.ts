import { describe, it } from "vitest";

import { readLink, type LinkInput } from "../../src/protocols/link-input.ts";
import type { ProviderAdapter } from "../../src/protocols/provider.ts";
import { suites } from "./support/suites.ts";

describe.for(suites)("what is to be linked in $id", ({ provider, samples }) => {
  const [{ credentials }] = samples.credentials;
  const input = (changes: Partial<LinkInput> = {}): LinkInput => ({
    target: samples.target,
    credentials,
    url: samples.url ?? null,
    ...changes,
  });
  const problemsOf = (changes: Partial<LinkInput>, adapter: ProviderAdapter = provider) =>
    readLink(adapter, input(changes), false).problems;

  it("is read by the protocol's own schemas", ({ expect }) => {
    const read = { target: samples.target, credentials, problems: [] };
    expect(readLink(provider, input(), false)).toEqual(read);
  });

  it("may leave the credentials as they are", ({ expect }) => {
    const kept = { credentials: null, problems: [] };
    expect(readLink(provider, input({ credentials: null }), false)).toMatchObject(kept);
  });

  it("is told of with all its problems at once, each where it is", ({ expect }) => {
    const wrong = { target: { surprise: 1 }, credentials: { surprise: 1 }, url: "nowhere" };
    const pointers = problemsOf(wrong).map(({ pointer }) => pointer ?? "");
    for (const root of ["/target", "/credentials", "/url"]) {
      expect(pointers.some((pointer) => pointer.startsWith(root))).toBe(true);
    }
  });

  it("has no problem that repeats a credential", ({ expect }) => {
    const secret = "s3cr3t-of-mine";
    const names = Object.keys(credentials);
    const wrong: unknown[] = [
      secret,
      [secret],
      { [names[0] ?? ""]: { secret } },
      { ...credentials, other: secret },
      { ...credentials, [secret]: 1 },
      Object.fromEntries(names.map((name) => [name, `${secret}\u0000`.repeat(5000)])),
    ];
    for (const each of wrong) {
      const problems = problemsOf({ credentials: each });
      expect(problems.length).toBeGreaterThan(0);
      expect(JSON.stringify(problems)).not.toContain(secret);
    }
  });
});

describe("an address set by hand", () => {
  const [{ provider, samples }] = suites as [(typeof suites)[0]];
  const detailOf = (url: string | null, isPrivateAllowed = false, adapter = provider) => {
    const input = { target: samples.target, credentials: null, url };
    const { problems } = readLink(adapter, input, isPrivateAllowed);
    return problems.map(({ pointer, detail }) => `${pointer}: ${detail}`);
  };

  it.for(["wss://example.com", "wss://relay.example.com:8443/ws?room=1"])(
    "is taken where it is public: %s",
    (url, { expect }) => {
      expect(detailOf(url)).toEqual([]);
    },
  );

  it.for([
    ["nowhere", "/url: is no address"],
    ["", "/url: is no address"],
    ["ws://example.com", "/url: must begin with wss://"],
    ["https://example.com", "/url: must begin with wss://"],
    ["wss://localhost", "/url: must be a public host"],
    ["wss://10.0.0.1", "/url: must be a public host"],
    ["wss://[::1]", "/url: must be a public host"],
    ["wss://0x7f.1", "/url: must be a public host"],
    ["wss://user@example.com", "/url: must not hold credentials"],
    ["wss://:secret@example.com", "/url: must not hold credentials"],
    ["wss://example.com/ws?accessToken=4ccess", "/url: must not hold credentials"],
    ["wss://example.com/ws?room=1&token=4ccess", "/url: must not hold credentials"],
  ] as const)("is refused: %s", ([url, detail], { expect }) => {
    expect(detailOf(url)).toEqual([detail]);
  });

  it("may be private, and without TLS, where that is allowed", ({ expect }) => {
    for (const url of ["ws://127.0.0.1:4100", "wss://localhost", "ws://example.com"]) {
      expect(detailOf(url, true)).toEqual([]);
    }
    const detail = "/url: must begin with wss:// or ws://";
    expect(detailOf("http://127.0.0.1", true)).toEqual([detail]);
  });

  it("is asked for where the protocol has none of its own", ({ expect }) => {
    const homeless: ProviderAdapter = { ...provider, defaultUrl: null };
    expect(detailOf(null, false, homeless)).toEqual(["/url: this protocol needs an address"]);
    const homed: ProviderAdapter = { ...provider, defaultUrl: "wss://example.com" };
    expect(detailOf(null, false, homed)).toEqual([]);
  });
});
