import { describe, it } from "vitest";

import type { Json } from "../../src/lib/json.ts";
import type { LinkFailure } from "../../src/protocols/session.ts";
import { drive, only } from "./support/drive.ts";
import { hostile, mutantsOf, pathsOf, wrong } from "./support/hostile.ts";
import { linkTo, type CredentialsSample } from "./support/samples.ts";
import { suites } from "./support/suites.ts";

// What every protocol owes us of its links: what is taken, what is kept secret, what a failure means.

/** Everything in the credentials that is text, and not said to be open. */
function secretsOf({ credentials, open }: CredentialsSample): string[] {
  return Object.values(credentials).flatMap((value) =>
    typeof value === "string" && !open.includes(value) ? value : [],
  );
}

function inText(text: string, secrets: readonly string[]): string[] {
  return secrets.filter(
    (secret) => text.includes(secret) || decodeURIComponent(text).includes(secret),
  );
}

const REMEDIES = ["retry", "slow", "renew", "stop"];

/** What is wrong with a failure; empty for a good one. */
function faultsOf(failure: LinkFailure): string[] {
  return [
    ...(REMEDIES.includes(failure.remedy) ? [] : ["remedy"]),
    ...(/^[a-z][a-z0-9_]*$/.test(failure.reason) ? [] : ["reason"]),
    ...(/^[A-Z].*[^ ]$/s.test(failure.detail) ? [] : ["detail"]),
  ];
}

describe.for(suites)("a link in $id", ({ provider, samples }) => {
  it("takes its targets and credentials, and none with a field it does not know", ({ expect }) => {
    const { Target, Credentials } = provider;
    expect(Target.safeParse(samples.target).data).toEqual(samples.target);
    expect(Target.safeParse({ ...samples.target, surprise: 1 }).success).toBe(false);
    for (const { credentials } of samples.credentials) {
      expect(Credentials.safeParse(credentials).data).toEqual(credentials);
      expect(Credentials.safeParse({ ...credentials, surprise: "x" }).success).toBe(false);
    }
  });

  it("says which fields its targets and credentials have, for the API's document", ({ expect }) => {
    const { Target, Credentials } = provider;
    for (const field of Object.keys(samples.target)) expect(Target.description).toContain(field);
    for (const { credentials } of samples.credentials) {
      for (const field of Object.keys(credentials).filter((each) => each !== "expiresAt")) {
        expect(Credentials.description).toContain(field);
      }
    }
    for (const { description } of [Target, Credentials]) expect(description).toMatch(/^`{.*}`$/);
  });

  it("takes no target and no credentials of another kind", ({ expect }) => {
    for (const value of [null, undefined, 1, "text", [], [[]], true]) {
      expect(provider.Target.safeParse(value).success).toBe(false);
      expect(provider.Credentials.safeParse(value).success).toBe(false);
    }
    const fields = pathsOf(samples.target).length;
    const mutants = mutantsOf(samples.target, [null, true, 1.5, "", [], {}]);
    expect(mutants).toHaveLength(6 * fields);
    for (const { frame } of mutants) expect(provider.Target.safeParse(frame).success).toBe(false);
  });

  it("can use whatever credentials it takes", ({ expect }) => {
    const mutants = samples.credentials.flatMap(({ credentials }) => mutantsOf(credentials, wrong));
    expect(mutants.length).toBeGreaterThan(0);
    for (const { frame, where } of mutants) {
      const read = provider.Credentials.safeParse(frame);
      if (!read.success) continue;
      const link = linkTo(samples, { credentials: read.data as Json });
      const use = () => [
        provider.secrets(link.credentials),
        provider.dial?.(link).url,
        provider.open(link),
        provider.renewal?.due(link, 0),
        provider.renewal?.forced(link),
      ];
      expect(use, where).not.toThrow();
    }
  });

  it("names every secret in its credentials, and nothing else", ({ expect }) => {
    for (const sample of samples.credentials) {
      const named = provider.secrets(sample.credentials).toSorted();
      expect(named).toEqual(secretsOf(sample).toSorted());
    }
  });

  it("claims the connections that are known before it is dialled", ({ expect }) => {
    expect(provider.claims(samples.target)).toEqual(samples.claims);
    for (const claim of samples.claims)
      expect(claim).toMatch(new RegExp(`^${provider.protocol}:.`));
  });

  it("sends no secret after its greeting", ({ expect }) => {
    for (const sample of samples.credentials) {
      const session = drive(
        provider.open(linkTo(samples, { credentials: sample.credentials })),
        samples,
      );
      session.opened();
      const told = Object.values(samples.occurrences);
      const effects = [...session.greeted(), ...told.flatMap((frame) => session.receives(frame))];
      const sent = only(effects, "frame-send");
      expect(sent.flatMap(({ frame }) => inText(frame, secretsOf(sample)))).toEqual([]);
    }
  });
});

describe.for(suites)("a failure in $id", ({ provider, samples }) => {
  const statuses = [101, 200, 204, 302, 400, 401, 403, 404, 410, 418, 429, 500, 502, 503, 599];

  it.for(statuses)("has a remedy, a reason and a sentence: HTTP %i", (status, { expect }) => {
    const [sample] = samples.credentials;
    const body = `no: ${secretsOf(sample).join()}`;
    const failure = provider.refused({ status, body });
    expect(faultsOf(failure)).toEqual([]);
    expect(inText(failure.detail, secretsOf(sample))).toEqual([]);
  });

  it.for([429, 500, 503])("keeps away as long as it is asked to: HTTP %i", (status, { expect }) => {
    const asked = provider.refused({ status, body: "", retryAfterMs: 90_000 });
    expect(asked).toMatchObject({ retryAfterMs: 90_000 });
    expect(provider.refused({ status, body: "" })).not.toHaveProperty("retryAfterMs");
  });

  it.for([401, 403])("does not knock again with a refused token: HTTP %i", (status, { expect }) => {
    const { remedy, reason } = provider.refused({ status, body: "" });
    expect(reason).toBe("token_invalid");
    expect(remedy).toBe(provider.renewal === undefined ? "stop" : "renew");
  });

  it.for([1000, 1001, 1002, 1005, 1006, 1008, 1011, 1015, 4001, 4999])(
    "has a remedy, a reason and a sentence: closed %i",
    (code, { expect }) => {
      for (const reason of ["", "going away", "unauthorized", "\ud800".repeat(200)]) {
        const failure = provider.closed({ code, reason });
        expect(faultsOf(failure)).toEqual([]);
        expect(failure.detail.length).toBeLessThan(300);
        expect(failure.remedy === "stop").toBe(samples.faultCodes?.includes(code) ?? false);
      }
    },
  );
});

const renewable = suites.filter(({ provider }) => provider.renewal !== undefined);

describe.for(renewable)("a renewal in $id", ({ provider, samples }) => {
  const answers = [
    ...Object.values(hostile).map((body) => ({ status: 200, body })),
    ...[200, 201, 204, 302, 400, 401, 403, 404, 429, 500, 503].flatMap((status) => [
      { status, body: "" },
      { status, body: '{"access_token":"","refresh_token":""}' },
      { status, body: '{"access_token":"n€w","refresh_token":7,"expires_in":{}}' },
      { status, body: '{"access_token":"new","refresh_token":null,"expires_in":1e308}' },
      { status, body: '{"access_token":"new","refresh_token":"","expires_in":-1e308}' },
    ]),
  ];

  it("ends in credentials that can be used, or in a failure", ({ expect }) => {
    const link = linkTo(samples);
    for (const answer of answers) {
      const renewed = provider.renewal?.answered(link, answer, 0);
      if (renewed?.ok === true) {
        expect(provider.Credentials.safeParse(renewed.credentials).error).toBeUndefined();
      } else {
        expect(renewed && faultsOf(renewed.failure)).toEqual([]);
      }
    }
  });
});

/** The protocols that are dialled by socket. */
const dialled = suites.flatMap((suite) => {
  const dial = suite.provider.dial?.bind(suite.provider);
  return dial === undefined ? [] : [{ ...suite, dial }];
});

describe.for(dialled)("a socket to $id", ({ provider, dial, samples }) => {
  it("is dialled with no secret but those the protocol wants in its address", ({ expect }) => {
    for (const sample of samples.credentials) {
      const { url, protocols } = dial(linkTo(samples, { credentials: sample.credentials }));
      expect(new URL(url).protocol).toBe("wss:");
      expect(inText(url, secretsOf(sample))).toEqual([...sample.inAddress]);
      expect(protocols.flatMap((each) => inText(each, secretsOf(sample)))).toEqual([]);
    }
  });

  it("is dialled at its own address, or at the one set by hand", ({ expect }) => {
    const own = new URL(dial(linkTo(samples)).url);
    if (provider.defaultUrl !== null) expect(own.href.startsWith(provider.defaultUrl)).toBe(true);
    const link = linkTo(samples, { url: "ws://127.0.0.1:4100/deep/path?kept=yes" });
    const set = new URL(dial(link).url);
    const path = `/deep/path${samples.path ?? ""}`;
    expect([set.host, set.pathname]).toEqual(["127.0.0.1:4100", path]);
    expect(set.searchParams.get("kept")).toBe("yes");
  });
});
