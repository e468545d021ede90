/*
 * Builds the package `tributary-client` into dist/client, and says what its entries weigh.
 */
import { join } from "node:path";

import { buildClient, ENTRIES, weighEntry } from "./client/build.ts";

const folder = join(import.meta.dirname, "../dist/client");
await buildClient(folder);
for (const entry of ENTRIES) {
  console.log(`${entry}: ${((await weighEntry(entry)) / 1_000).toFixed(2)} KB compressed`);
}
