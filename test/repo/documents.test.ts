import { existsSync } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import { dirname, join } from "node:path";

import { describe, it } from "vitest";

const ROOT = join(import.meta.dirname, "../..");

const PAGES = [
  "README.md",
  "CONTRIBUTING.md",
  "CHANGELOG.md",
  "docs/ARCHITECTURE.md",
  "docs/glossary.md",
  "docs/emotes.md",
  "docs/operating.md",
  "docs/webhooks.md",
];

/** The texts in backticks of a page, outside of blocks of code. */
function wordsOfCode(page: string): string[] {
  const prose = page.replaceAll(/```[\s\S]*?```/g, "");
  return [...prose.matchAll(/`([^`\n]+)`/g)].map(([, word = ""]) => word);
}

/** The files of TypeScript and the folders that a page names by a path. */
function pathsOf(page: string): string[] {
  return wordsOfCode(page).filter(
    (word) => /^[\w./-]+\/[\w.-]*$/.test(word) && /\.ts$|^(src|test|docs|bench)\/.*\/$/.test(word),
  );
}

/** A path from the root, from `src/`, or within a protocol's folder, as every protocol has it. */
function isThere(path: string): boolean {
  return [path, `src/${path}`, `src/protocols/dlive/${path}`].some((each) =>
    existsSync(join(ROOT, each)),
  );
}

describe.for(PAGES)("%s", (name) => {
  it("names only files that are there", async ({ expect }) => {
    const page = await readFile(join(ROOT, name), "utf8");
    expect(pathsOf(page).filter((path) => !isThere(path))).toEqual([]);
  });

  it("links only to pages that are there", async ({ expect }) => {
    const page = await readFile(join(ROOT, name), "utf8");
    const links = [...page.matchAll(/\]\((?!https?:)([^)#\s]+)/g)].map(([, link = ""]) => link);
    expect(links.filter((link) => !existsSync(join(ROOT, dirname(name), link)))).toEqual([]);
  });
});

/** A heading's name in addresses, as GitHub makes it. */
function nameHeading(heading: string): string {
  const text = heading.replaceAll(/\[([^\]]*)\]\([^)]*\)/g, "$1").toLowerCase();
  return text
    .replaceAll(/[^\p{L}\p{N}\s_-]/gu, "")
    .trim()
    .replaceAll(/\s/g, "-");
}

/** Every page of the project, by its path. */
async function readPages(): Promise<Map<string, string>> {
  const names = await Promise.all(
    ["docs", "bench", "test/emulators"].map((folder) =>
      readdir(join(ROOT, folder), { recursive: true }),
    ),
  );
  const [docs = [], bench = [], emulators = []] = names;
  const paths = [
    "README.md",
    "CONTRIBUTING.md",
    "CHANGELOG.md",
    ...docs.map((name) => `docs/${name}`),
    ...bench.map((name) => `bench/${name}`),
    ...emulators.map((name) => `test/emulators/${name}`),
  ].filter((path) => path.endsWith(".md"));
  const texts = await Promise.all(paths.map((path) => readFile(join(ROOT, path), "utf8")));
  return new Map(
    paths.map((path, index) => [path, (texts[index] ?? "").replaceAll(/```[\s\S]*?```/g, "")]),
  );
}

describe("the pages", () => {
  it("link to pages and headings that are there, all of them", async ({ expect }) => {
    const pages = await readPages();
    const wrong: string[] = [];
    let count = 0;
    for (const [path, text] of pages) {
      const prose = text.replaceAll(/`[^`\n]*`/g, "");
      for (const [, link = ""] of prose.matchAll(/\]\((?!https?:)([^)\s]+)\)/g)) {
        count += 1;
        const [file = "", anchor = ""] = link.split("#");
        const target = file === "" ? path : join(dirname(path), file).replaceAll("\\", "/");
        const headings = [...(pages.get(target) ?? "").matchAll(/^#+ (.*)$/gm)];
        const isThere = existsSync(join(ROOT, target));
        const isNamed = headings.some(([, heading = ""]) => nameHeading(heading) === anchor);
        if (!isThere || (anchor !== "" && !isNamed)) wrong.push(`${path}: ${link}`);
      }
    }
    expect(pages.size).toBeGreaterThan(100);
    expect(count).toBeGreaterThan(40);
    expect(wrong).toEqual([]);
  });
});

describe("docs/ARCHITECTURE.md", () => {
  it("names only tests that are there by that name", async ({ expect }) => {
    const page = await readFile(join(ROOT, "docs/ARCHITECTURE.md"), "utf8");
    const rows = page.split("\n").filter((line) => line.includes('.test.ts`, "'));
    const named = rows.flatMap((row) =>
      [...row.matchAll(/`([\w./-]+\.test\.ts)`, "([^"]+)"/g)].map(([, file = "", title = ""]) => ({
        file,
        title,
      })),
    );
    expect(named.length).toBeGreaterThan(10);
    const missing: string[] = [];
    for (const { file, title } of named) {
      const text = await readFile(join(ROOT, file), "utf8");
      if (!text.includes(JSON.stringify(title))) missing.push(`${file}: ${title}`);
    }
    expect(missing).toEqual([]);
  });
});

describe("docs/operating.md", () => {
  it("lists every setting that the Worker has, and every secret", async ({ expect }) => {
    const read = (path: string): Promise<string> => readFile(join(ROOT, path), "utf8");
    const [page, toml, env] = await Promise.all(
      ["docs/operating.md", "wrangler.toml", "src/http/env.ts"].map(read),
    );
    const [, vars = ""] = /^\[vars\]\n([\s\S]*?)^\[/m.exec(toml ?? "") ?? [];
    const names = [
      ...vars.matchAll(/^(\w+) = /gm),
      ...(/^required = .*$/m.exec(toml ?? "")?.[0] ?? "").matchAll(/"(\w+)"/g),
      ...(env ?? "").matchAll(/readonly ([A-Z_]+)\?: string/g),
    ].map(([, name = ""]) => name);
    expect(names.length).toBeGreaterThan(10);
    const rows = (page ?? "").split("\n").filter((line) => line.startsWith("| "));
    const first = rows.map((row) => row.split("|")[1] ?? "");
    expect(names.filter((name) => !first.some((cell) => cell.includes(`\`${name}\``)))).toEqual([]);
  });
});

describe("the decisions", () => {
  it("have a number each", async ({ expect }) => {
    const names = await readdir(join(ROOT, "docs/decisions"));
    const numbers = names.map((each) => each.slice(0, 4));
    expect(numbers.filter((number, index) => numbers.indexOf(number) !== index)).toEqual([]);
  });
});
