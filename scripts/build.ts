/*
 * Builds the Worker and the static pages into dist/. What is built already, of the same sources, is
 * left as it is.
 */
import { basename, dirname } from "node:path";
import { gzipSync } from "node:zlib";

import { computeFingerprint, isBuilt, LOCAL, markBuilt, WORKER } from "./build/fresh.ts";
import { writeTree } from "./write-tree.ts";

const fingerprint = computeFingerprint();
if (isBuilt(fingerprint)) {
  console.log("The Worker and its pages are built already.");
} else {
  const { bundleWorker } = await import("./build/worker.ts");
  const { describeLocal } = await import("./build/local.ts");
  const [files] = await Promise.all([bundleWorker(), import("./build-assets.ts")]);
  files.set(basename(LOCAL), Buffer.from(JSON.stringify(describeLocal())));
  writeTree(dirname(WORKER), files);
  markBuilt(fingerprint);
  const size = gzipSync(files.get("index.js") ?? "", { level: 9 }).length / 1_024;
  console.log(`The Worker: ${size.toFixed(1)} KiB compressed.`);
}
