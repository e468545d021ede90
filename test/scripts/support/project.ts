import { spawn, type ChildProcess } from "node:child_process";
import { cp, mkdir, mkdtemp, rm, symlink, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

const ROOT = join(import.meta.dirname, "../../..");

/** A folder with the runner in it, a lock file, and packages of its own. */
export class Project {
  readonly folder: string;
  /** What stands for npm: it is run as npm runs itself, and says `installed` on standard error. */
  readonly npm: string;
  env: NodeJS.ProcessEnv = {};

  private constructor(folder: string) {
    this.folder = folder;
    this.npm = join(folder, "npm-cli.js");
  }

  static async make(): Promise<Project> {
    const project = new Project(await mkdtemp(join(tmpdir(), "tributary-run-")));
    for (const part of ["scripts/run.mjs", "scripts/run"]) {
      await cp(join(ROOT, part), join(project.folder, part), { recursive: true });
    }
    await project.write("package.json", '{ "type": "module" }');
    await project.write("package-lock.json", "{}");
    await project.write(
      "npm-cli.js",
      `import { mkdirSync, writeFileSync } from "node:fs";
       console.error("npm", process.argv.slice(2).join(" "));
       mkdirSync("node_modules", { recursive: true });
       writeFileSync("node_modules/.package-lock.json", "{}");`,
    );
    return project;
  }

  async write(path: string, text: string): Promise<void> {
    await mkdir(dirname(join(this.folder, path)), { recursive: true });
    await writeFile(join(this.folder, path), text);
  }

  /** As an install leaves it that went through after the lock file was written. */
  async install(): Promise<void> {
    await this.write("node_modules/.package-lock.json", "{}");
  }

  /** Gives a file an age, by when it was written. */
  async age(path: string, seconds: number): Promise<void> {
    const then = Date.now() / 1000 - seconds;
    await utimes(join(this.folder, path), then, then);
  }

  /** Has a package bring a Node: this one, by a link, or a file that is none. */
  async packNode(name: string, node: string): Promise<void> {
    await mkdir(join(this.folder, "node_modules", name, "bin"), { recursive: true });
    await symlink(node, join(this.folder, "node_modules", name, "bin/node"));
  }

  begin(...args: readonly string[]): ChildProcess {
    return spawn(process.execPath, [join(this.folder, "scripts/run.mjs"), ...args], {
      stdio: ["ignore", "pipe", "pipe"],
      env: { ...process.env, npm_execpath: this.npm, ...this.env },
    });
  }

  async run(...args: readonly string[]): Promise<Ended> {
    return ended(this.begin(...args));
  }

  async remove(): Promise<void> {
    await rm(this.folder, { recursive: true, force: true });
  }
}

interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Resolves when a process has ended and said all. */
export async function ended(child: ChildProcess): Promise<Ended> {
  let [stdout, stderr] = ["", ""];
  child.stdout?.on("data", (chunk: Buffer) => (stdout += chunk.toString()));
  child.stderr?.on("data", (chunk: Buffer) => (stderr += chunk.toString()));
  const code = await new Promise<number | null>((resolve) => {
    child.once("close", resolve);
  });
  return { code, stdout, stderr };
}
