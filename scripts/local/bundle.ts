import { spawn } from "node:child_process";
import { join } from "node:path";

const root = join(import.meta.dirname, "../..");

/** Bundles the Worker as `wrangler deploy` does, and answers where the bundle is. */
export async function bundle(outDir: string): Promise<string> {
  const wrangler = spawn(
    process.execPath,
    [
      join(root, "node_modules/wrangler/bin/wrangler.js"),
      "deploy",
      "--dry-run",
      "--outdir",
      outDir,
    ],
    {
      cwd: root,
      stdio: ["ignore", "pipe", "pipe"],
      env: { ...process.env, WRANGLER_SEND_METRICS: "false", CI: "1", NO_COLOR: "1" },
    },
  );
  let said = "";
  const note = (chunk: Buffer): void => {
    said += chunk.toString();
  };
  wrangler.stdout.on("data", note);
  wrangler.stderr.on("data", note);
  const code = await new Promise<number | null>((resolve) => {
    wrangler.on("close", resolve);
  });
  if (code !== 0) throw new Error(`The Worker could not be bundled.\n${said}`);
  return join(outDir, "index.js");
}
