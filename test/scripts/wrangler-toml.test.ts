import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterAll, beforeAll, describe, it } from "vitest";
import { unstable_readConfig as readConfig, type Unstable_Config as Config } from "wrangler";

const ROOT = join(import.meta.dirname, "../..");

/** The settings of wrangler.toml, those that are only suggested there included. */
describe("wrangler.toml", () => {
  let text = "";
  let folder = "";
  let deployed: Config;
  beforeAll(async () => {
    text = await readFile(join(ROOT, "wrangler.toml"), "utf8");
    folder = await mkdtemp(join(tmpdir(), "tributary-toml-"));
    deployed = await read(text, undefined);
  });
  afterAll(() => rm(folder, { recursive: true }));

  async function read(content: string, env: string | undefined): Promise<Config> {
    const config = join(folder, "wrangler.toml");
    await writeFile(config, content);
    return readConfig({ config, env }, { hideWarnings: true });
  }

  /** The same with what is commented out from one line to another. */
  function uncomment(from: string, to: string): string {
    const [start, end] = [text.indexOf(from), to === "" ? text.length : text.indexOf(to)];
    const block = text.slice(start, end).replaceAll(/^# (?=\S*\[|\w+ = |\]| {2}\{)/gm, "");
    return text.slice(0, start) + block + text.slice(end);
  }

  it("puts new code in use at once, in the objects as well", ({ expect }) => {
    expect(deployed.durable_objects).toMatchObject({ code_update_strategy: { mode: "immediate" } });
  });

  it("counts the rate limit under a number of its own, not an example's", ({ expect }) => {
    expect(deployed.ratelimits[0]?.namespace_id).not.toBe("1001");
    expect(Number(deployed.ratelimits[0]?.namespace_id)).toBeGreaterThan(10_000);
  });

  it("keeps every invocation's log, none with a query string", ({ expect }) => {
    expect(deployed.observability).toMatchObject({
      enabled: true,
      redact_query_string: true,
      logs: { enabled: true, head_sampling_rate: 1 },
      traces: { enabled: false },
    });
  });

  it("runs the Worker for all but files that are built", ({ expect }) => {
    const rules = deployed.assets?.run_worker_first;
    expect(rules).toContain("/*");
    expect(rules).toContain("!/docs/*");
    expect(rules).not.toContain("!/v1/*");
  });

  it("suggests a staging environment that has all that the first one has, and shares nothing", async ({
    expect,
  }) => {
    const staging = await read(uncomment("# [env.staging]", ""), "staging");
    const pick = ({ durable_objects, vars, secrets, migrations, assets, triggers }: Config) => ({
      durable_objects,
      vars,
      secrets,
      migrations,
      assets,
      triggers,
    });
    expect(pick(staging)).toEqual(pick(deployed));
    expect(staging.name).not.toBe(deployed.name);
    expect(staging.d1_databases.map(({ binding }) => binding)).toEqual(["DB"]);
    expect(staging.d1_databases[0]?.database_name).not.toBe("tributary");
    expect(staging.ratelimits).toHaveLength(1);
    expect(staging.ratelimits[0]?.namespace_id).not.toBe(deployed.ratelimits[0]?.namespace_id);
  });

  it("suggests domains for the relay and its gateways beside the address on workers.dev", async ({
    expect,
  }) => {
    const routed = await read(
      uncomment("# workers_dev = true", "# One object a channel"),
      undefined,
    );
    expect(routed.workers_dev).toBe(true);
    expect(routed.routes).toEqual([
      { pattern: "relay.example.com", custom_domain: true },
      { pattern: "dlive.relay.example.com", custom_domain: true },
    ]);
  });
});

describe("what the Deploy button reads", () => {
  it("has a place and a sentence for every secret that is required", async ({ expect }) => {
    const manifest = JSON.parse(await readFile(join(ROOT, "package.json"), "utf8")) as {
      scripts: Record<string, string>;
      cloudflare: { bindings: Record<string, { description: string }> };
    };
    const config = readConfig({ config: join(ROOT, "wrangler.toml") }, { hideWarnings: true });
    const example = await readFile(join(ROOT, ".dev.vars.example"), "utf8");
    const named = [...example.matchAll(/^(\w+)=/gm)].map(([, name]) => name);
    expect(named).toEqual(config.secrets?.required);
    const { bindings } = manifest.cloudflare;
    for (const name of [...named, ...Object.keys(config.vars), "DB"]) {
      expect(bindings[name ?? ""]?.description, name).toMatch(/\.$/);
    }
    expect(manifest.scripts).toMatchObject({
      build: expect.stringContaining("scripts/build.ts"),
      deploy: expect.stringContaining("scripts/deploy.ts"),
    });
  });
});
