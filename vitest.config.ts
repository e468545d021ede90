import { availableParallelism } from "node:os";

import { cloudflareTest } from "@cloudflare/vitest-plugin";
import { defineConfig } from "vitest/config";

import { LongestFirst } from "./test/support/longest-first.ts";

// Wrangler warns of secrets that are given here and not where it looks.
process.env["WRANGLER_LOG"] = "error";

// A test waits for the thing itself. This only ends one that waits for what does not come, and must
// not depend on how busy a machine is.
const PATIENCE_MS = 120_000;
const patience = { testTimeout: PATIENCE_MS, hookTimeout: PATIENCE_MS };

// One that kills and starts whole relays waits for a process each time.
const PATIENCE_WITH_PROCESSES_MS = 600_000;

export default defineConfig({
  test: {
    sequence: { sequencer: LongestFirst },
    projects: [
      {
        // Everything that decides, in plain Node: most of the tests, and fast.
        test: {
          name: "unit",
          ...patience,
          // What decides keeps nothing: a file may find in memory what the one before it has read.
          isolate: false,
          maxWorkers: "100%",
          sequence: { groupOrder: 0 },
          setupFiles: ["test/support/properties.ts"],
          include: [
            "test/*.test.ts",
            "test/{lib,event,protocols,channel,client,delivery,emotes,overlay,console,repo,scripts}/**/*.test.ts",
            "test/emulators-selftest/**/*.test.ts",
          ],
        },
      },
      {
        // Everything that touches the runtime, in the runtime, with emulated providers outside it.
        plugins: [
          cloudflareTest({
            wrangler: { configPath: "./wrangler.toml" },
            miniflare: {
              r2Buckets: { ARCHIVE: "archive-of-the-tests" },
              // Of no use before a test binds them as further databases.
              d1Databases: { SPARE_1: "spare-1-of-the-tests", SPARE_2: "spare-2-of-the-tests" },
              bindings: {
                TRIBUTARY_ADMIN_KEY: "admin-key-of-the-tests",
                TRIBUTARY_MASTER_KEY: "master-key-of-the-tests",
                ALLOW_PRIVATE_NETWORK: "on",
                ALLOWED_ORIGINS: "https://pages.example",
                TWITCH_EXTENSION_SECRET: btoa("extension-secret-of-the-tests"),
              },
            },
          }),
        ],
        test: {
          name: "workers",
          ...patience,
          isolate: false,
          sequence: { groupOrder: 1 },
          include: ["test/{store,objects,http}/**/*.test.ts"],
          // Each of them has emulators and a receiver of its own: a file that resets one would end
          // what another has going there. A third of the time they wait for a clock.
          maxWorkers: availableParallelism() + 1,
          // Tables first: an object that is asked for looks itself up.
          setupFiles: [
            "test/support/fresh.ts",
            "test/support/pace.ts",
            "test/support/production.ts",
            "test/support/strangers.ts",
          ],
          globalSetup: ["test/support/slots.ts"],
        },
      },
      {
        // The whole of it, as its users start it.
        test: {
          name: "e2e",
          sequence: { groupOrder: 2 },
          include: ["test/e2e/**/*.test.ts"],
          globalSetup: ["test/e2e/support/build.ts"],
          testTimeout: PATIENCE_WITH_PROCESSES_MS,
          hookTimeout: PATIENCE_WITH_PROCESSES_MS,
          // Each starts relays on ports and in directories of its own, and mostly waits for them.
          maxWorkers: availableParallelism() + 2,
        },
      },
    ],
  },
});
