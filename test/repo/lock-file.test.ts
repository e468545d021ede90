import { readFile } from "node:fs/promises";
import { join } from "node:path";

import { beforeAll, describe, it } from "vitest";

const ROOT = join(import.meta.dirname, "../..");

interface Locked {
  readonly version: string;
  readonly integrity?: string;
  readonly resolved?: string;
  /** It is a folder of the project's own. */
  readonly link?: boolean;
  readonly os?: string | readonly string[];
  readonly cpu?: string | readonly string[];
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

/** The systems that the project promises to run on, as npm names them. */
const SYSTEMS = [
  { os: "linux", cpu: "x64" },
  { os: "linux", cpu: "arm64" },
  { os: "darwin", cpu: "arm64" },
  { os: "darwin", cpu: "x64" },
  { os: "win32", cpu: "x64" },
] as const;

/** What nothing runs without, each by the names of its packages with a program for one system. */
const TOOLS = {
  node: /^node_modules\/node-(bin-)?(linux|darwin|win)-/,
  workerd: /^node_modules\/@cloudflare\/workerd-/,
  esbuild: /^node_modules\/@esbuild\//,
  rolldown: /^node_modules\/@rolldown\/binding-/,
  typescript: /^node_modules\/@typescript\/typescript-/,
  oxlint: /^node_modules\/@oxlint\/binding-/,
  "oxlint-tsgolint": /^node_modules\/@oxlint-tsgolint\//,
  oxfmt: /^node_modules\/@oxfmt\/binding-/,
} as const;

const tools = Object.entries(TOOLS);

/** The folder that has tools of its own, whose TypeScript is another than the project's. */
const CLIENT = "test/clients/openapi";

describe("the lock file", () => {
  let text = "";
  let packages: Readonly<Record<string, Locked>> = {};
  beforeAll(async () => {
    text = await readFile(join(ROOT, "package-lock.json"), "utf8");
    ({ packages } = JSON.parse(text) as { packages: typeof packages });
  });

  /** Where a package finds another: in its own folder, or in one around it. */
  function find(from: string, name: string): string | undefined {
    for (let folder = from; ; folder = around(folder)) {
      const path = `${folder === "" ? "" : `${folder}/`}node_modules/${name}`;
      if (path in packages) return path;
      if (folder === "") return undefined;
    }
  }

  /** The folder in which a package's own lies; the project's own for one of its folders. */
  function around(folder: string): string {
    const outer = folder.replace(/(^|\/)node_modules\/(?!.*node_modules\/).+$/, "");
    return outer === folder ? "" : outer;
  }

  it("locks every dependency of a locked package, those for other systems as well", ({
    expect,
  }) => {
    const missing = Object.entries(packages).flatMap(([path, each]) =>
      Object.keys({ ...each.dependencies, ...each.optionalDependencies })
        .filter((name) => find(path, name) === undefined)
        .map((name) => `${path} needs ${name}`),
    );
    expect(Object.keys(packages).length).toBeGreaterThan(200);
    expect(missing).toEqual([]);
  });

  it.for(SYSTEMS)("has every tool for $os on $cpu", (system, { expect }) => {
    const isFor = (field: "os" | "cpu", { [field]: said }: Locked): boolean =>
      [said].flat().includes(system[field]);
    const lacking = tools.filter(
      ([, names]) =>
        !Object.entries(packages).some(
          ([path, each]) => names.test(path) && isFor("os", each) && isFor("cpu", each),
        ),
    );
    expect(lacking.map(([tool]) => tool)).toEqual([]);
  });

  it("knows each package by its contents", ({ expect }) => {
    const unknown = Object.entries(packages).filter(
      ([path, { integrity, link }]) =>
        path.includes("node_modules/") && link !== true && !integrity?.startsWith("sha512-"),
    );
    expect(unknown.map(([path]) => path)).toEqual([]);
  });

  it("says nothing of where the packages were had from", ({ expect }) => {
    const told = Object.values(packages).filter(({ resolved }) => resolved !== undefined);
    // Only of a folder of the project's own: which it is.
    for (const { link, resolved } of told) expect([link, resolved]).toEqual([true, CLIENT]);
    const addresses = [...text.matchAll(/"(\w+)": "https?:\/\/([^/"]+)/g)];
    // Where a package asks for money is its author's word, and no registry.
    const others = addresses.filter(
      ([, field, host]) => field !== "url" || /registry|npm/.test(host ?? ""),
    );
    expect(others.map(([line]) => line)).toEqual([]);
  });
});
