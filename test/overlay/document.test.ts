import { readFile } from "node:fs/promises";
import { join } from "node:path";

import { describe, it } from "vitest";

import { documentParameters } from "./support/tables.ts";

describe("docs/overlays.md", () => {
  it("has every parameter as its table has it", async ({ expect }) => {
    const text = await readFile(join(import.meta.dirname, "../../docs/overlays.md"), "utf8");
    const section = text.split("\n### Of all")[1]?.split("\n## What must not")[0] ?? "";
    expect(`### Of all${section}`.trim()).toBe(documentParameters());
  });
});
