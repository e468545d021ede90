import { gzipSync } from "node:zlib";

import { beforeAll, describe, it } from "vitest";

import { leaveIndentation } from "../../scripts/build/leave-indentation.ts";
import { leaveWords } from "../../scripts/build/leave-out.ts";
import { bundleWorker } from "../../scripts/build/worker.ts";

// Of our own: Cloudflare takes ten times as much, and what is large is slow to begin.
const LIMIT_KIB = 300;

describe("the Worker as it is deployed", () => {
  let script = "";
  beforeAll(async () => {
    script = Buffer.from((await bundleWorker()).get("index.js") ?? "").toString();
  });

  it(`weighs at most ${LIMIT_KIB} KiB, compressed`, ({ expect }) => {
    expect(gzipSync(script, { level: 9 }).length / 1_024).toBeLessThan(LIMIT_KIB);
    expect(script.length).toBeGreaterThan(100_000);
  });

  it.for([
    ["a route's summary", "Make a channel"],
    ["a route's description", "A key that is bound to channels cannot."],
    ["a route's answer", "A JSON Schema (2020-12)"],
    ["a field's words", "Its place in the channel's log: keep it to resume."],
    ["what a protocol's target is", "Whose stream: "],
    ["what a type of event is", "Somebody said something."],
    ["a comment in SQL", "What links have claimed of what their providers say over hooks."],
    ["zod in other languages", "Ungültige Eingabe"],
    ["a format of zod's texts that nothing asks for", "Emoji_Component"],
    ["the way to a JSON Schema", "https://json-schema.org/draft"],
  ] as const)("has not got what only documents are made of: %s", ([, words], { expect }) => {
    expect(script).not.toContain(words);
  });

  it.for([
    ["a problem's title", "No such channel"],
    ["what is wrong with an input", "Too small: expected "],
    ["what is personal in an event", "x-personal"],
  ] as const)("has what is said at run time: %s", ([, words], { expect }) => {
    expect(script).toContain(words);
  });
});

describe("a source without its words for documents", () => {
  it.for([
    ['z.string().describe("A name.").max(9)', "z.string().max(9)"],
    ['z.string().meta({ id: "A", description: `b` })', "z.string()"],
    [
      'z.string().meta({ description: "b", [OWN]: 1, kept: 2 })',
      "z.string().meta({ [OWN]: 1, kept: 2 })",
    ],
    ['z.object({}).openapi("Name")', "z.object({})"],
    ["z.object({}).openapi({ description: say() })", "z.object({})"],
    [
      'routes.openapi(route(access, { summary: "S", path: "/" }), (c) => c)',
      'routes.openapi(route(access, { path: "/" }), (c) => c)',
    ],
    [
      'route(access, { responses: { 200: { description: "D", content } }, tags: TAGS })',
      "route(access, { responses: { 200: { content } } })",
    ],
    ['describeMade(Channel, "The channel")', 'describeMade(Channel, "")'],
    ["({ ...describeOperation(access, config) })", "({ ...(access, config) })"],
    [
      'const answer = { description: "kept", summary: "kept" }',
      'const answer = { description: "kept", summary: "kept" }',
    ],
    ["report.describe(error, ids)", "report.describe(error, ids)"],
  ] as const)("is of %s only what is run", ([source, left], { expect }) => {
    const short = (text: string): string => text.replaceAll(/[\s,]+/g, "");
    expect(short(leaveWords(source))).toBe(short(left));
  });

  it("has every line and column where it was", ({ expect }) => {
    const source =
      'const a = z.object({\n  b: z.string().describe(\n    "Of b.",\n  ),\n  c: 1,\n});\n';
    const left = leaveWords(source);
    expect(left.length).toBe(source.length);
    expect(left.split("\n").map((line) => line.length)).toEqual(
      source.split("\n").map((line) => line.length),
    );
    expect(left.indexOf("c: 1")).toBe(source.indexOf("c: 1"));
  });
});

describe("a source without the indentation of its SQL", () => {
  it.for([
    [
      "`SELECT a\n     FROM b\n\tWHERE c = ${d}\n  AND e`",
      "`SELECT a\nFROM b\nWHERE c = ${d}\nAND e`",
    ],
    ["`SELECT a\n   \n  FROM b`", "`SELECT a\n\nFROM b`"],
    ["`${columns}\n    FROM b`", "`${columns}\nFROM b`"],
    ["`SELECT a\n`;\n  const b = 1;", "`SELECT a\n`;\n  const b = 1;"],
    ["`Dear ${you},\n  a letter`", "`Dear ${you},\n  a letter`"],
    ['"SELECT a";\n  const b = 1;', '"SELECT a";\n  const b = 1;'],
  ] as const)("is of %j every other thing, and every line", ([source, left], { expect }) => {
    expect(leaveIndentation(source)).toBe(left);
  });
});
