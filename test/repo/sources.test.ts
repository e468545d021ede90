import { beforeAll, describe, it } from "vitest";

import { ProtocolId } from "../../src/event/ids.ts";
import { linesWith, sourcesOf, withoutComments, type Source } from "./support/sources.ts";

const PURE = /^src\/(event|protocols|channel|delivery|emotes|lib)\//;

const DISABLE = /(oxlint|eslint)-disable/;

const PARTICIPLE = /: ([a-z]*ed|said|told|given|gone|known|kept|sent|found|spoken|beyond)(?![a-z])/;

/** What a wall is made of, and the ways past it that the linter does not see. */
describe("the sources", () => {
  let all: readonly Source[] = [];
  let pure: readonly Source[] = [];
  beforeAll(async () => {
    all = await sourcesOf("src");
    pure = all.filter(({ path }) => PURE.test(path)).map(withoutComments);
  });

  it("open no wall by a comment", ({ expect }) => {
    const opened = linesWith(all, DISABLE).filter(
      (line) =>
        /no-restricted|no-cycle|no-default-export/.test(line) || !/disable\S* \w/.test(line),
    );
    expect(all.length).toBeGreaterThan(50);
    expect(opened).toEqual([]);
  });

  it("give a reason wherever they disable a rule", ({ expect }) => {
    const unexplained = linesWith(all, DISABLE).filter((line) => !/ -- \S/.test(line));
    expect(unexplained).toEqual([]);
  });

  it("open a doc comment with a noun or a verb", async ({ expect }) => {
    const commented = [...all, ...(await sourcesOf("scripts"))];
    const opened = commented.flatMap(({ path, text }) =>
      [...text.matchAll(/\/\*\*\s+(?:\*\s+)?(\w+).*/g)].map(([, word = ""]) => `${path}: ${word}`),
    );
    expect(opened.length).toBeGreaterThan(500);
    expect(opened.filter((each) => /: (What|Who|Whoever|Where|Whether)$/.test(each))).toEqual([]);
  });

  it("begin a function's name with a verb, not with a participle", ({ expect }) => {
    const names = all.flatMap(({ path, text }) =>
      found(text, String.raw`^(?:export )?(?:async )?function\*? (\w+)`).map(
        (n) => `${path}: ${n}`,
      ),
    );
    expect(names.length).toBeGreaterThan(500);
    expect(
      names.filter((each) => PARTICIPLE.test(each) && !/: (feed|need|seed)/.test(each)),
    ).toEqual([]);
  });

  it("of a pure room import at the top, and nothing in passing", ({ expect }) => {
    expect(linesWith(pure, /^import .* from "/).length).toBeGreaterThan(50);
    expect(linesWith(pure, /\bimport\s*\(/)).toEqual([]);
  });

  it("of a pure room take from Math by name only, so that chance cannot be had by another", ({
    expect,
  }) => {
    expect(linesWith(pure, /\bMath\.min\b/)).not.toEqual([]);
    expect(linesWith(pure, /\bMath\b(?!\.[a-z])/)).toEqual([]);
  });

  it("of lib/time.ts make no time of their own", ({ expect }) => {
    const time = pure.filter(({ path }) => path === "src/lib/time.ts");
    expect(linesWith(time, /\bnew Date\(\w/)).not.toEqual([]);
    expect(linesWith(time, /\bDate\(\s*\)|\bDate\b(?!\.parse\(|\(\w)/)).toEqual([]);
  });

  it("of the door and of the objects name no protocol: each is found by the registry", ({
    expect,
  }) => {
    const named = new RegExp(`["'\`{ ](${ProtocolId.options.join("|")})["'\`} ]`);
    const others = all.filter(({ path }) => /^src\/(http|objects|calls|store)\//.test(path));
    expect(linesWith(all, named)).not.toEqual([]);
    expect(linesWith(others.map(withoutComments), named)).toEqual([]);
  });

  it("of an emulator name no file of what it tests", async ({ expect }) => {
    const emulators = (await sourcesOf("test/emulators")).map(withoutComments);
    expect(linesWith(emulators, /^import /).length).toBeGreaterThan(20);
    expect(linesWith(emulators, /["'`/]src\//)).toEqual([]);
  });

  it("open a history in one place, which finds the database that it is in", ({ expect }) => {
    const opening = linesWith(all.map(withoutComments), /\bwithArchive\(/);
    expect([...new Set(opening.map((line) => line.split(":")[0]))].toSorted()).toEqual([
      "src/store/history/databases.ts",
      "src/store/history/queries.ts",
    ]);
  });

  it("read no body by a reader where an object has sockets to providers", ({ expect }) => {
    const beside = all.filter(({ path }) => /^src\/objects\/(channel|providers)\//.test(path));
    expect(beside.length).toBeGreaterThan(20);
    expect(linesWith(beside, /read-bounded|getReader\(/)).toEqual([]);
  });

  it("look a name up by what a table has of its own, never by brackets", ({ expect }) => {
    // Whatever is kept by any text inherits `constructor`, `toString` and `__proto__`.
    const table = String.raw`(?:Readonly<)?Record<string,`;
    const aliases = all.flatMap(({ text }) => found(text, String.raw`\btype (\w+) = ${table}`));
    const typed = [table, ...aliases.map((alias) => String.raw`${alias}\b(?!\[)`)].join("|");
    const declared = all.map(({ text }) => found(text, String.raw`\b(\w+)\??: (?:${typed})`));
    const shared = declared.flat().filter((name) => /^[A-Z_]+$/.test(name));
    expect(aliases.length).toBeGreaterThan(2);
    expect(shared.length).toBeGreaterThan(4);
    const opened = all
      .filter(({ path }) => path !== "src/lib/json.ts")
      .flatMap((source) => {
        const here = declared[all.indexOf(source)] ?? [];
        const names = [...new Set([...here, ...shared])].join("|");
        if (names === "") return [];
        const access = String.raw`(?<![\w"'])(?:${names})(?:\?\.)?\[(?!["'\d\]])`;
        return linesWith([withoutComments(source)], new RegExp(access));
      });
    expect(opened).toEqual([]);
  });
});

/** What a pattern's first group finds in a text, each time. */
function found(text: string, pattern: string): string[] {
  return [...text.matchAll(new RegExp(pattern, "gm"))].map(([, name = ""]) => name);
}
