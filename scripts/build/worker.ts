import { join } from "node:path";

import { rolldown } from "rolldown";

import { leaveDocuments } from "./leave-out.ts";

const root = join(import.meta.dirname, "../..");

/**
 * Bundles the Worker: one module and its source map, by name. What is deployed, what `npm start` runs
 * and what is tested from outside is this bundle.
 */
export async function bundleWorker(): Promise<Map<string, Uint8Array>> {
  const bundle = await rolldown({
    cwd: root,
    input: join(root, "src/index.ts"),
    platform: "browser",
    external: [/^cloudflare:/, /^node:/],
    resolve: {
      conditionNames: ["workerd", "worker", "browser", "import"],
      alias: {
        "@asteasolutions/zod-to-openapi": join(import.meta.dirname, "openapi-stub.js"),
      },
    },
    plugins: [leaveDocuments(root)],
    // A machine that is busy is no fault of the bundle.
    checks: { pluginTimings: false },
    onLog(_level, { message }) {
      throw new Error(message);
    },
  });
  try {
    const { output } = await bundle.generate({
      format: "esm",
      minify: true,
      sourcemap: true,
      codeSplitting: false,
      comments: false,
      entryFileNames: "index.js",
    });
    return new Map(
      output.map((each) => [
        each.fileName,
        Buffer.from(each.type === "chunk" ? each.code : each.source),
      ]),
    );
  } finally {
    await bundle.close();
  }
}
