import { spawn, type ChildProcess } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { readReason, readRecord } from "./answers.ts";

const root = join(import.meta.dirname, "../..");
const script = join(root, "node_modules/wrangler/bin/wrangler.js");

interface Answer {
  readonly isDone: boolean;
  readonly stdout: string;
  /** Why it was not done, in wrangler's words. */
  readonly failure: string;
  readonly targets: readonly string[];
}

/** Runs wrangler, and leaves nothing of what it was given on the disk. */
export class Wrangler {
  readonly #folder = mkdtempSync(join(tmpdir(), "tributary-deploy-"));
  readonly #env: NodeJS.ProcessEnv;
  #running: ChildProcess | null = null;
  #runs = 0;

  constructor(env: NodeJS.ProcessEnv) {
    // What it answers is a part of what it logs.
    this.#env = { ...env, WRANGLER_SEND_METRICS: "false", WRANGLER_LOG: "log" };
    process.on("exit", () => rmSync(this.#folder, { recursive: true, force: true }));
  }

  /** Names the account for every later run. */
  useAccount(id: string): void {
    this.#env["CLOUDFLARE_ACCOUNT_ID"] = id;
  }

  /** A file for this process and user only, which goes when the process ends. */
  keep(name: string, text: string): string {
    const file = join(this.#folder, name);
    writeFileSync(file, text, { mode: 0o600 });
    return file;
  }

  /**
   * A configuration beside the project's own, since its paths are from where it stands; goes when the
   * process ends, and has no secret.
   */
  keepConfig(text: string): string {
    const file = join(root, `wrangler.change-${process.pid}.toml`);
    writeFileSync(file, text);
    process.on("exit", () => rmSync(file, { force: true }));
    return file;
  }

  /** Runs a command that asks nothing. */
  async run(...args: readonly string[]): Promise<Answer> {
    return this.#run(args, false);
  }

  /** Runs a command that may ask the person at the terminal. */
  async runAtTerminal(...args: readonly string[]): Promise<Answer> {
    return this.#run(args, true);
  }

  /** Ends what is running. */
  stop(): void {
    this.#running?.kill("SIGTERM");
  }

  async #run(args: readonly string[], isAtTerminal: boolean): Promise<Answer> {
    this.#runs += 1;
    const record = join(this.#folder, `run-${this.#runs}.jsonl`);
    const child = spawn(process.execPath, [script, ...args], {
      cwd: root,
      stdio: isAtTerminal ? "inherit" : ["ignore", "pipe", "pipe"],
      env: { ...this.#env, WRANGLER_OUTPUT_FILE_PATH: record },
    });
    this.#running = child;
    let [stdout, stderr] = ["", ""];
    child.stdout?.on("data", (chunk: Buffer) => (stdout += chunk.toString()));
    child.stderr?.on("data", (chunk: Buffer) => (stderr += chunk.toString()));
    const code = await new Promise<number | null>((resolve, reject) => {
      child.once("error", reject);
      child.once("close", resolve);
    });
    this.#running = null;
    const { failure, targets } = readRecord(existsSync(record) ? readFileSync(record, "utf8") : "");
    const said = readReason(stderr) || failure || stderr.trim();
    return {
      isDone: code === 0 && failure === undefined,
      stdout,
      failure: said || `wrangler ${args[0]} ended with ${code}`,
      targets,
    };
  }
}
