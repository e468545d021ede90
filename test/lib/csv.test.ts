import * as fc from "fast-check";
import { describe, it } from "vitest";

import { disarmJson, formatCsvRow } from "../../src/lib/csv.ts";

/** Rows of CSV as RFC 4180 reads them. */
function read(csv: string): string[][] {
  const rows: string[][] = [];
  let row: string[] = [];
  let rest = csv;
  while (rest !== "") {
    const cell = /^(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n)/.exec(rest);
    if (cell === null) throw new Error(`no CSV: ${rest}`);
    row.push(cell[1]?.replaceAll('""', '"') ?? cell[2] ?? "");
    if (cell[3] === "\r\n") rows.push(row.splice(0));
    rest = rest.slice(cell[0].length);
  }
  return rows;
}

const FORMULAS = [
  "=1+1",
  "+1",
  "-1",
  "@SUM(A1)",
  "\t=1",
  "\r=1",
  "\n=1",
  "＝1",
  "＋1",
  "－1",
  "＠x",
];

describe("a row of CSV", () => {
  it("is read as what was written, whatever stands in it", ({ expect }) => {
    const harmless = fc
      .string({ unit: "grapheme" })
      .filter((text) => !/^[\t\r\n]|(^|[;\t\r\n] *)[=+\-@＝＋－＠]/.test(text));
    const table = fc.array(fc.array(harmless, { minLength: 1 }), { minLength: 1 });
    fc.assert(
      fc.property(table, (rows) => {
        expect(read(rows.map(formatCsvRow).join(""))).toEqual(rows);
      }),
    );
  });

  it("quotes what has a comma, a quote or a line break, and nothing else", ({ expect }) => {
    expect(formatCsvRow(["a,b", 'say "hi"', "two\r\nlines", "plain text"])).toBe(
      '"a,b","say ""hi""","two\r\nlines",plain text\r\n',
    );
  });

  it.for(FORMULAS)("carries out no formula: %j", (formula, { expect }) => {
    const [[cell]] = read(formatCsvRow([formula])) as [[string]];
    expect(cell).toMatch(/^'/);
    expect(cell.replaceAll("'", "")).toBe(formula);
  });

  it.for([";", "\t", "\n", "\r\n", "; ", "\t  "])(
    "carries out no formula behind %j, wherever in a cell it stands",
    (separator, { expect }) => {
      for (const sign of ["=", "+", "-", "@", "＝"]) {
        const [[cell]] = read(formatCsvRow([`hello${separator}${sign}1+1`])) as [[string]];
        expect(cell).toBe(`hello${separator}'${sign}1+1`);
      }
    },
  );

  it("leaves no cell that is a formula, by whatever separators it is read", ({ expect }) => {
    const parts = fc.constantFrom(
      "=",
      "+",
      "-",
      "@",
      ";",
      "\t",
      "\n",
      '"',
      ",",
      " ",
      "a",
      "1",
      "＝",
    );
    const cells = fc.array(fc.string({ unit: parts }), { minLength: 1 });
    fc.assert(
      fc.property(cells, (row) => {
        const text = formatCsvRow(row.map((cell) => `a${cell}`));
        expect(text).not.toMatch(/[;\t\n] *[=+\-@＝＋－＠]/);
      }),
    );
  });

  it("keeps JSON in a cell what it was, and disarms it all the same", ({ expect }) => {
    const data = { text: "a;=1+1; -2", name: ";＝x" };
    const disarmed = disarmJson(JSON.stringify(data));
    expect(disarmed).not.toMatch(/; *[=\-＝]/);
    expect(JSON.parse(disarmed)).toEqual(data);
  });

  it("disarms a formula inside quotes as well", ({ expect }) => {
    expect(formatCsvRow(['=HYPERLINK("https://x.example","y")'])).toBe(
      '"\'=HYPERLINK(""https://x.example"",""y"")"\r\n',
    );
  });

  it("leaves numbers and booleans as they are, and the absent empty", ({ expect }) => {
    expect(formatCsvRow([-4.2, 0, true, false, null, undefined, ""])).toBe(
      "-4.2,0,true,false,,,\r\n",
    );
  });
});
