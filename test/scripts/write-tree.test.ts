import {
  closeSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterEach, beforeEach, describe, it } from "vitest";

import { listTree, writeTree } from "../../scripts/write-tree.ts";

let home: string;
let directory: string;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), "tributary-tree-"));
  directory = join(home, "assets");
});
afterEach(() => rmSync(home, { recursive: true, force: true }));

function filesOf(texts: Record<string, string>): Map<string, Uint8Array> {
  return new Map(Object.entries(texts).map(([path, text]) => [path, Buffer.from(text)]));
}

const write = (texts: Record<string, string>): void => writeTree(directory, filesOf(texts));

describe("a directory of pages that is built", () => {
  it("has the files it should have, and no others", ({ expect }) => {
    write({ _headers: "one", "docs/index.html": "two", "docs/old.js": "three" });
    write({ _headers: "one", "docs/index.html": "four" });
    expect(listTree(directory).toSorted()).toEqual(["_headers", "docs/index.html"]);
    expect(readFileSync(join(directory, "docs/index.html"), "utf8")).toBe("four");
    expect(readdirSync(home)).toEqual(["assets"]);
  });

  it("keeps the files that are as they should be, for a relay may be serving them", ({
    expect,
  }) => {
    write({ "docs/index.html": "same" });
    const before = statSync(join(directory, "docs/index.html"));
    write({ "docs/index.html": "same" });
    const after = statSync(join(directory, "docs/index.html"));
    expect([after.ino, after.mtimeMs]).toEqual([before.ino, before.mtimeMs]);
  });

  // There is no other way to replace an open file on Windows.
  it.skipIf(process.platform === "win32")("replaces a file in one step", ({ expect }) => {
    write({ "docs/index.html": "before" });
    const reader = openSync(join(directory, "docs/index.html"), "r");
    write({ "docs/index.html": "after" });
    expect(readFileSync(reader, "utf8")).toBe("before");
    closeSync(reader);
    expect(readFileSync(join(directory, "docs/index.html"), "utf8")).toBe("after");
  });
});
