import { describe, it } from "vitest";

import {
  addressOf,
  hasDatabase,
  isWorkerMissing,
  readReason,
  readRecord,
  readSecretNames,
  readWho,
} from "../../scripts/deploy/answers.ts";
import {
  explain,
  explainNoAccount,
  explainNoLogIn,
  explainNotReady,
} from "../../scripts/deploy/failures.ts";
import { isLogKept, makeSecrets, needsAdminKey } from "../../scripts/deploy/secrets.ts";
import type { Step } from "../../scripts/deploy/steps.ts";

describe("what wrangler answers", () => {
  it("is read though it said something before", ({ expect }) => {
    expect(readWho('A notice.\n{\n  "loggedIn": true,\n  "accounts": [] }')).toEqual({
      isLoggedIn: true,
      accounts: [],
    });
    expect(readWho('{"loggedIn":false}').isLoggedIn).toBe(false);
    expect(hasDatabase('[{"name":"tributary-staging"}]', "tributary")).toBe(false);
    expect(hasDatabase('[{"name":"other"},{"name":"tributary"}]', "tributary")).toBe(true);
    expect(readSecretNames('[{"name":"A","type":"secret_text"}]')).toEqual(["A"]);
    expect(() => readSecretNames("Nothing.")).toThrow("no JSON");
  });

  it("tells a Worker that is not there from one that could not be asked for", ({ expect }) => {
    expect(isWorkerMissing('Worker "tributary" not found.\n\nIf this is a new Worker, …')).toBe(
      true,
    );
    expect(isWorkerMissing("Authentication error [code: 10000]")).toBe(false);
  });

  it("is on record with the reason of a failure, and with where it deployed to", ({ expect }) => {
    const lines = [
      '{"type":"wrangler-session","version":1}',
      '{"type":"command-failed","version":1,"message":"No."}',
    ];
    expect(readRecord(lines.join("\n"))).toEqual({ failure: "No.", targets: [] });
    expect(readRecord('{"type":"command-failed","message":"No.","code":10000}').failure).toBe(
      "No. [code: 10000]",
    );
    expect(readRecord('{"type":"deploy","targets":["a"]}\n')).toEqual({ targets: ["a"] });
    expect(readRecord("")).toEqual({ targets: [] });
  });

  it("gives a reason that is read without what is said after it", ({ expect }) => {
    const stderr = [
      "",
      "\u001B[31m✘ \u001B[41;31m[\u001B[41;97mERROR\u001B[41;31m]\u001B[0m \u001B[1mA request failed.\u001B[0m",
      "",
      "  Authentication error [code: 10000]",
      "",
      "📎 It looks like you are authenticating by a token.",
      "👋 You are logged in, associated with the email somebody@example.com.",
    ].join("\n");
    expect(readReason(stderr)).toBe("A request failed.\nAuthentication error [code: 10000]");
    expect(readReason("[ERROR] No.\n  If you think this is a bug, tell us")).toBe("No.");
    expect(readReason("something else")).toBe("");
  });

  it.for([
    [
      ["https://tributary.somebody.workers.dev", "schedule: * * * * *"],
      "https://tributary.somebody.workers.dev",
    ],
    [["https://t.a.workers.dev", "relay.example.com (custom domain)"], "https://relay.example.com"],
    [["relay.example.com (custom domain - zone name: example.com)"], "https://relay.example.com"],
    [["relay.example.com/* (zone name: example.com)"], "https://relay.example.com"],
    [["*.example.com/*", "schedule: * * * * *"], undefined],
    [[], undefined],
  ] as const)("%j is the address %s", ([targets, address], { expect }) => {
    expect(addressOf(targets)).toBe(address);
  });
});

describe("what is said of a failure", () => {
  const STEPS = [
    "ask-who",
    "look-for-database",
    "look-for-secrets",
    "make-database",
    "migrate",
    "deploy",
  ] as const satisfies readonly Step[];

  it.for(STEPS)(
    "of %s always is what failed, the reason given, and what to do",
    (step, { expect }) => {
      const [what, reason, advice] = explain(
        step,
        "An odd thing. [code: 4711]",
        true,
      ).message.split("\n  ");
      expect(what).toMatch(/^[A-Z].* (could not|did not) .*\.$/);
      expect(reason).toBe("An odd thing. [code: 4711]");
      expect(advice).toMatch(/^What to do: .*run `npm run deploy` again/);
    },
  );

  it.for([
    ["make-database", "Authentication error [code: 10000]", "D1: Edit"],
    ["migrate", "The given account is not valid or is not authorized. Forbidden", "D1: Edit"],
    ["deploy", "Authentication error [code: 10000]", "Workers Scripts: Edit"],
    ["deploy", "register a workers.dev subdomain here:\nhttps://dash…/workers/onboarding", "once"],
    ["make-database", "You have reached the maximum number of D1 databases", "Workers Paid"],
    ["deploy", "You have exceeded the limit of 5 cron triggers. [code: 10072]", "cron triggers"],
    ["look-for-database", "fetch failed", "api.cloudflare.com"],
    ["deploy", "Received a malformed response: 502", "cloudflarestatus"],
    ["migrate", 'near "TABEL": syntax error', "as it was before"],
    ["deploy", 'D1 database "x" is in jurisdiction "eu", but …', "stays where it was made"],
  ] as const)("of %s for “%s” names %s", ([step, reason, named], { expect }) => {
    expect(explain(step, reason, true).message.split("What to do: ")[1]).toContain(named);
  });

  it("asks for a log-in rather than for a token where there is none", ({ expect }) => {
    const { message } = explain("migrate", "Authentication error [code: 10000]", false);
    expect(message).toContain("npx wrangler login");
    expect(message).not.toContain("CLOUDFLARE_API_TOKEN");
    expect(explainNoLogIn(true).message).toContain("was not taken");
    expect(explainNoLogIn(false).message).toContain("--device");
  });

  it("names the accounts there are to choose from", ({ expect }) => {
    const accounts = [
      { id: "a1", name: "One" },
      { id: "a2", name: "Two" },
    ];
    expect(explainNoAccount(accounts).message).toMatch(/a1 {2}One\n {2}a2 {2}Two/);
    expect(explainNoAccount([]).message).toContain("CLOUDFLARE_ACCOUNT_ID");
  });

  it.for([
    [{ status: 503, isMigrated: true }, "its database does not answer"],
    [{ status: 503, isMigrated: false }, "npm run migrate"],
    [{ status: 302 }, "stands before the relay"],
    [{ status: 403 }, "stands before the relay"],
    [{ status: 500 }, "wrangler tail"],
    [{ status: 404 }, "some minutes"],
    [{ status: null, error: "ENOTFOUND" }, "some minutes"],
  ] as const)("that is not ready and answers %j names %s", ([last, named], { expect }) => {
    const { message } = explainNotReady("https://relay.example", last, 180);
    expect(message).toContain("https://relay.example/readyz");
    expect(message).toContain(named);
  });
});

describe("the secrets of a deploy", () => {
  const BOTH = ["TRIBUTARY_ADMIN_KEY", "TRIBUTARY_MASTER_KEY"];

  it("are 32 random bytes each, another time others", ({ expect }) => {
    const { values, adminKey } = makeSecrets(BOTH, {});
    expect(values["TRIBUTARY_MASTER_KEY"]).toMatch(/^[0-9a-f]{64}$/);
    expect(adminKey).toMatch(/^trb_admin_[0-9a-f]{64}$/);
    expect(values["TRIBUTARY_ADMIN_KEY"]).toBe(adminKey);
    expect(makeSecrets(BOTH, {}).values["TRIBUTARY_MASTER_KEY"]).not.toBe(
      values["TRIBUTARY_MASTER_KEY"],
    );
  });

  it("are the environment's where it has them, and then an admin key is not shown", ({
    expect,
  }) => {
    const env = { TRIBUTARY_ADMIN_KEY: "mine", TRIBUTARY_MASTER_KEY: "" };
    const { values, adminKey } = makeSecrets(BOTH, env);
    expect(values["TRIBUTARY_ADMIN_KEY"]).toBe("mine");
    expect(values["TRIBUTARY_MASTER_KEY"]).toHaveLength(64);
    expect(adminKey).toBeUndefined();
    expect(needsAdminKey(BOTH, env)).toBe(false);
    expect(needsAdminKey(BOTH, {})).toBe(true);
  });

  it("are made for what is missing only", ({ expect }) => {
    expect(Object.keys(makeSecrets(["TRIBUTARY_MASTER_KEY"], {}).values)).toEqual([
      "TRIBUTARY_MASTER_KEY",
    ]);
    expect(makeSecrets(["TRIBUTARY_MASTER_KEY"], {}).adminKey).toBeUndefined();
  });

  it("are not shown where a log keeps them", ({ expect }) => {
    expect(isLogKept({ WORKERS_CI: "1" })).toBe(true);
    expect(isLogKept({ GITHUB_ACTIONS: "true" })).toBe(true);
    expect(isLogKept({})).toBe(false);
  });
});
