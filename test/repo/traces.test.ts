import { beforeAll, describe, it } from "vitest";

import { leavesTrace, listCatches, type Catch } from "./support/catches.ts";
import { linesWith, sourcesOf, withoutComments, type Source } from "./support/sources.ts";

/** An error leaves a trace in the log before anything falls back, or a reason in the source. */
describe("an error in the sources", () => {
  let all: readonly Source[] = [];
  beforeAll(async () => {
    all = await sourcesOf("src");
  });

  it("is reported first wherever it is caught, or a comment says why it is not", async ({
    expect,
  }) => {
    const catches = [...all, ...(await sourcesOf("scripts"))].flatMap(listCatches);
    const silent = catches.filter((each) => !leavesTrace(each)).map(({ at }) => at);
    expect(catches.length).toBeGreaterThan(50);
    expect(silent).toEqual([]);
  });

  it("is not dropped among the outcomes of what was asked at once", ({ expect }) => {
    const settled = linesWith(all.map(withoutComments), /\ballSettled\(/);
    expect(settled).not.toEqual([]);
    expect(settled.filter((line) => !/\breportRejected\(/.test(line))).toEqual([]);
  });

  it("is written to the log in one place", ({ expect }) => {
    // One of them is of a snippet, which is a program of somebody else's.
    const own = all.filter(({ path }) => path !== "src/console/text/snippets.ts");
    const used = /(?<![/\w"'-])console(?=\.\w|\[)|[=,(]\s*console\s*[;,)]/;
    const written = linesWith(own.map(withoutComments), used);
    expect(written).not.toEqual([]);
    expect(written.filter((line) => !line.startsWith("src/report.ts: "))).toEqual([]);
  });
});

describe("a silent catch", () => {
  const SILENT = [
    "try { work(); } catch {}",
    "try { work(); } catch (error) { }",
    "try { work(); } catch { return null; }",
    "try { work(); } catch (error) { fallBack(error); report('late', error); }",
    "work().catch(() => {});",
    "work().catch(() => null);",
    "work().catch((error: unknown) => { fallBack(error); });",
    "work().catch(fallBack);",
    "work().then(goOn, () => undefined);",
  ];
  const LOUD = [
    "try { work(); } catch (error) { report('work failed', error); return null; }",
    "try { work(); } catch (error) { throw wrap(error); }",
    "try { work(); } catch {\n  // It has gone already.\n}",
    "work().catch((error: unknown) => report('work failed', error));",
    "work().catch((error: unknown) => {\n  report('work failed', error);\n  return null;\n});",
    "work().then(goOn, (error: unknown) => report('work failed', error));",
    "work().then(goOn);",
    "z.string().nullish().catch(null);",
    "z.looseObject({ token: text }).catch({});",
  ];

  const find = (text: string): Catch[] =>
    listCatches({ path: "planted.ts", text }).filter((each) => !leavesTrace(each));

  it.for(SILENT)("is found: %s", (text, { expect }) => {
    expect(find(text)).toHaveLength(1);
  });

  it.for(LOUD)("is not what leaves a trace: %s", (text, { expect }) => {
    expect(find(text)).toEqual([]);
  });
});
