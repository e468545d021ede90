import { afterEach, beforeEach, describe, it } from "vitest";

import { CloudflareApi } from "../support/cloudflare/api.ts";
import {
  ADMIN_KEY,
  copyProject,
  deploy,
  deployFrom,
  readSecrets,
  UPLOAD,
} from "./support/deploy.ts";

let api: CloudflareApi;
beforeEach(async () => {
  api = await CloudflareApi.start();
});
afterEach(() => api.close());

const secretsNow = (): ReadonlyMap<string, string> => readSecrets(api);

describe("npm run deploy", () => {
  it("makes all that is missing, says the address and the next step, and updates when run again", async ({
    expect,
  }) => {
    const first = await deploy(api, { TRIBUTARY_MASTER_KEY: "a-master-key-of-ones-own" });
    expect(first.output).toContain(`Tributary is ready at ${api.origin}`);
    expect(first.output).toContain(`curl -X POST ${api.origin}/v1/channels`);
    expect(first.code).toBe(0);
    const secrets = secretsNow();
    expect(first.output.match(ADMIN_KEY)).toEqual([secrets.get("TRIBUTARY_ADMIN_KEY")]);
    expect(secrets.get("TRIBUTARY_MASTER_KEY")).toBe("a-master-key-of-ones-own");
    expect(first.output).not.toContain("a-master-key-of-ones-own");
    expect(api.account.databases.map(({ name }) => name)).toEqual(["tributary"]);
    expect(api.account.crons).toEqual(["* * * * *"]);
    expect(api.account.worker?.upload.code_update_strategy).toEqual({ mode: "immediate" });

    const again = await deploy(api);
    expect(again.output).toContain(`Tributary is ready at ${api.origin}`);
    expect(again.code).toBe(0);
    expect(again.output).not.toMatch(ADMIN_KEY);
    expect(secretsNow()).toEqual(secrets);
    expect(api.account.databases).toHaveLength(1);
    expect(api.calls.filter((call) => call === UPLOAD)).toHaveLength(2);
  });

  it("makes every database of histories that wrangler.toml has, and gives each its tables before the Worker", async ({
    expect,
  }) => {
    const folder = copyProject((toml) => {
      const block =
        /^# (\[\[d1_databases\]\]|\w+ = "(?:HISTORY_1|tributary-history-1|migrations)")$/gm;
      return toml.replaceAll(block, "$1");
    });
    const tablesOf = (name: string): unknown[] =>
      (api.account.databases.find((each) => each.name === name)?.sql ?? null)
        ?.prepare("SELECT name FROM sqlite_master WHERE name IN ('blocks', 'volumes', 'channels')")
        .all() ?? [];
    // The second is made, and nobody is told.
    api.account.makeDatabase({ name: "tributary" });
    api.loseAnswer("POST /d1/database");
    const unanswered = await deployFrom(folder, api);
    expect(unanswered.output).toContain("The database could not be made.");
    expect(api.account.databases.map(({ name }) => name)).toEqual([
      "tributary",
      "tributary-history-1",
    ]);
    expect(api.account.worker).toBeNull();

    const deployed = await deployFrom(folder, api);
    expect(deployed.output).toContain("up to date, in 2 databases");
    expect(deployed.code).toBe(0);
    expect(tablesOf("tributary")).toHaveLength(3);
    expect(tablesOf("tributary-history-1")).toHaveLength(3);
    const bound = api.account.worker?.upload.bindings.filter(({ type }) => type === "d1");
    expect(bound?.map(({ name }) => name)).toEqual(["DB", "HISTORY_1"]);
    const upload = api.calls.lastIndexOf(UPLOAD);
    const migrated = api.calls.findLastIndex((call) => call.endsWith("/query"));
    expect(migrated).toBeLessThan(upload);
  });

  it("goes on from wherever it was cut off, and says each time what to do", async ({ expect }) => {
    // The database is made, and nobody is told.
    api.loseAnswer("POST /d1/database");
    const unanswered = await deploy(api);
    expect(unanswered.output).toContain("The database could not be made.");
    expect(unanswered.output).toMatch(/What to do: see that this machine reaches/);
    expect(unanswered.code).toBe(1);
    expect(api.account.databases).toHaveLength(1);
    expect(api.account.worker).toBeNull();

    // The Worker is uploaded, with its secrets, and what comes after is refused.
    api.refuse("PUT /workers/scripts/tributary/schedules", 400, 10_072, "too many cron triggers");
    const halfway = await deploy(api);
    expect(halfway.output).toContain("The Worker could not be deployed.");
    expect(halfway.output).toMatch(/What to do: .* cron triggers/);
    expect(halfway.code).toBe(1);
    const secrets = secretsNow();
    expect(halfway.output.match(ADMIN_KEY)).toEqual([secrets.get("TRIBUTARY_ADMIN_KEY")]);
    expect(secrets.get("TRIBUTARY_MASTER_KEY")).toMatch(/^[0-9a-f]{64}$/);
    expect(halfway.output).not.toContain(secrets.get("TRIBUTARY_MASTER_KEY"));
  });

  it("says where to look when all is there and readiness does not come", async ({ expect }) => {
    api.account.makeAll();
    const secrets = secretsNow();
    api.answerOfWorker = { status: 302, headers: { location: "https://access.example/" } };
    const { code, output } = await deploy(api);
    expect(output).toContain("The relay is deployed, and did not become ready.");
    expect(output).toMatch(/readyz answered 302/);
    expect(output).toContain("docs/operating.md");
    expect(output).not.toMatch(ADMIN_KEY);
    expect(code).toBe(1);
    expect(secretsNow()).toEqual(secrets);
    expect(api.account.isReady()).toBe(true);
  });

  it("changes nothing when a call is refused as it looks round, and says what to do", async ({
    expect,
  }) => {
    const secretsOf = "GET /workers/scripts/tributary/secrets";
    api.refuse(secretsOf, 403, 10_000, "Authentication error");
    const refused = await deploy(api);
    // What could not be asked for is not missing.
    expect(refused.output).toContain("The Worker's secrets could not be listed.");
    expect(refused.output).toMatch(/What to do: give the token .* Workers Scripts: Edit/);
    expect(refused.code).toBe(1);
    expect(api.calls.filter((call) => !call.startsWith("GET "))).toEqual([]);
  });

  it("says so when the token is not taken", async ({ expect }) => {
    const { code, output } = await deploy(api, {
      CLOUDFLARE_API_TOKEN: "another",
      CLOUDFLARE_ACCOUNT_ID: "",
    });
    expect(output).toMatch(/What to do: give the token in CLOUDFLARE_API_TOKEN|What to do: make a/);
    expect(output).not.toContain("another\n");
    expect(code).toBe(1);
  });
});
