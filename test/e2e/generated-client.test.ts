import { execFile } from "node:child_process";
import { copyFileSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";

import { afterAll, beforeAll, describe, it } from "vitest";

import { startRelay, type StartedRelay } from "./support/relay.ts";

const run = promisify(execFile);
const project = join(import.meta.dirname, "../..");
const tools = join(project, "test/clients/openapi");

const COMPILER_OPTIONS = {
  module: "nodenext",
  target: "es2023",
  lib: ["es2023", "dom"],
  types: ["node"],
  strict: true,
  exactOptionalPropertyTypes: true,
  noUncheckedIndexedAccess: true,
  allowImportingTsExtensions: true,
  skipLibCheck: true,
  noEmit: true,
};

describe("a client that is generated from the OpenAPI document", () => {
  let relay: StartedRelay;
  let folder = "";
  beforeAll(async () => {
    relay = await startRelay();
    // Inside of the project, where the packages are found.
    folder = mkdtempSync(join(tools, "generated-"));
    const document = await fetch(`${relay.url}/v1/openapi.json`);
    writeFileSync(join(folder, "openapi.json"), await document.text());
  });
  afterAll(async () => {
    rmSync(folder, { recursive: true, force: true });
    await relay.stop();
  });

  it("compiles, and does with the relay what the document says", async ({ expect }) => {
    const cli = join(tools, "node_modules/openapi-typescript/bin/cli.js");
    const generated = join(folder, "generated.d.ts");
    // What has a default may be left out of a request: left alone, the generator takes it for an answer's.
    const options = ["--default-non-nullable", "false", "-o", generated];
    await run(process.execPath, [cli, join(folder, "openapi.json"), ...options]);
    copyFileSync(join(tools, "client.ts"), join(folder, "client.ts"));
    const config = { compilerOptions: COMPILER_OPTIONS, files: ["client.ts", "generated.d.ts"] };
    writeFileSync(join(folder, "tsconfig.json"), JSON.stringify(config));
    const tsc = join(project, "node_modules/typescript/bin/tsc");
    const { stdout: faults } = await run(process.execPath, [tsc, "-p", folder]).catch(
      ({ stdout }: { stdout: string }) => ({ stdout }),
    );
    expect(faults).toBe("");
    const { stdout } = await run(process.execPath, [
      join(folder, "client.ts"),
      relay.url,
      relay.key,
    ]);
    const told = JSON.parse(stdout) as { ids: string[] };
    expect(told).toEqual({
      ids: [expect.any(String), expect.any(String)],
      events: told.ids,
      keys: 0,
      code: "channel_not_found",
      credential: ["admin", null, null],
      sockets: [],
      lagEvents: "number",
      removed: 204,
    });
  });
});
