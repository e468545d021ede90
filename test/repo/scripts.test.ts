import { readFile } from "node:fs/promises";
import { join } from "node:path";

import { beforeAll, describe, it } from "vitest";

import { sourcesOf, linesWith, withoutComments } from "./support/sources.ts";

const ROOT = join(import.meta.dirname, "../..");

interface Manifest {
  readonly scripts: Readonly<Record<string, string>>;
  readonly devDependencies: Readonly<Record<string, string>>;
}

const read = (path: string): Promise<string> => readFile(join(ROOT, path), "utf8");

/** What each system's shell is asked to do. */
describe("the scripts of package.json", () => {
  let manifest: Manifest;
  beforeAll(async () => {
    manifest = JSON.parse(await read("package.json")) as Manifest;
  });

  it("run Node, npm and tools of the packages, and nothing that one system alone has", ({
    expect,
  }) => {
    const tools = ["node", "npm", "tsc", ...Object.keys(manifest.devDependencies)];
    const foreign = Object.values(manifest.scripts)
      .flatMap((script) => script.split(" && "))
      .map((command) => command.replace(/^exec /, ""))
      .filter(
        (command) => !tools.includes(command.split(" ")[0] ?? "") || /[;|<>$'"\\*]/.test(command),
      );
    expect(foreign).toEqual([]);
  });

  it("that a person starts run with the project's own Node, and end when npm is told to", ({
    expect,
  }) => {
    for (const name of ["start", "test", "emulate", "bench", "deploy"]) {
      expect(manifest.scripts[name]).toMatch(/^exec node scripts\/run\.mjs /);
    }
  });

  it("find their first word on Windows too, where no shell knows it", async ({ expect }) => {
    const lines = (await read("exec.cmd"))
      .split("\r\n")
      .filter((line) => !line.startsWith("@rem "));
    expect(lines).toEqual(["@%*", ""]);
  });
});

describe("the scripts", () => {
  it("start tools by their files, as no system but some finds a link", async ({ expect }) => {
    const all = (await sourcesOf("scripts")).map(withoutComments);
    expect(all.length).toBeGreaterThan(10);
    expect(linesWith(all, /node_modules\/\.bin/)).toEqual([]);
  });
});
