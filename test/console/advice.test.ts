import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

import { describe, it } from "vitest";

import { adviseLink, adviseSend, hookAdvice, sendAdvice } from "../../src/console/text/advice.ts";
import { linkAdvice } from "../../src/console/text/link-advice.ts";
import { sayWhy } from "../../src/console/text/whys.ts";

const ROOT = join(import.meta.dirname, "../..");

/** Reasons as they are written down in the sources: `reason: "silent"`, also behind a condition. */
const WRITTEN =
  /\breason\s*(?::|===|=)\s*(?:[^,;{}"]*\?\s*)?"([a-z][a-z0-9_]*)"(?:\s*[:|]\s*"([a-z][a-z0-9_]*)")?/g;

function collect(folders: readonly string[], leave: RegExp): Map<string, string> {
  const found = new Map<string, string>();
  for (const folder of folders) {
    for (const name of readdirSync(join(ROOT, folder), { recursive: true, encoding: "utf8" })) {
      const path = `${folder}/${name}`.replaceAll("\\", "/");
      if (!path.endsWith(".ts") || leave.test(path)) continue;
      const text = readFileSync(join(ROOT, path), "utf8");
      for (const [, ...reasons] of text.matchAll(WRITTEN)) {
        for (const reason of reasons) if (reason !== undefined) found.set(reason, path);
      }
    }
  }
  return found;
}

/** Reasons in the tables of the protocols' pages: also those that are put together in the sources. */
function collectDocumented(): Map<string, string> {
  const found = new Map<string, string>();
  const folder = join(ROOT, "docs/protocols");
  for (const name of readdirSync(folder).filter((each) => each.endsWith(".md"))) {
    let column = -1;
    for (const line of readFileSync(join(folder, name), "utf8").split("\n")) {
      const cells = line.split("|").map((cell) => cell.trim());
      if (!line.startsWith("|")) column = -1;
      else if (cells.includes("reason")) column = cells.indexOf("reason");
      else if (column > 0) {
        for (const [, reason = ""] of (cells[column] ?? "").matchAll(/`([a-z][a-z0-9_]*)`/g))
          found.set(reason, name);
      }
    }
  }
  return found;
}

describe("advice", () => {
  it("is there for every reason that a link, a connection or a send can have", ({ expect }) => {
    const written = collect(
      ["src/protocols", "src/channel", "src/objects/providers", "src/event"],
      /\/gateway\/|gateway|viewer-interface/,
    );
    const all = new Map([...written, ...collectDocumented()]);
    expect(all.size).toBeGreaterThan(40);
    const known = { ...linkAdvice, ...sendAdvice };
    expect([...all].filter(([reason]) => !(reason in known))).toEqual([]);
  });

  it("is there for every reason of a webhook's attempt, and of its end", ({ expect }) => {
    const written = collect(["src/delivery", "src/objects/webhook"], /^$/);
    const faults = readFileSync(join(ROOT, "src/delivery/outcome.ts"), "utf8");
    const [, table = ""] = /FAULTS[^=]*= \{([^}]*)\}/.exec(faults) ?? [];
    for (const [, fault = ""] of table.matchAll(/(\w+):/g)) written.set(fault, "FAULTS");
    expect(written.size).toBeGreaterThan(8);
    expect([...written].filter(([reason]) => !(reason in hookAdvice))).toEqual([]);
  });

  it("says why a delivery is tried when it is, for every word that the relay has for it", ({
    expect,
  }) => {
    const text = readFileSync(join(ROOT, "src/delivery/settle.ts"), "utf8");
    const [, union = ""] = /export type Why =([^;]*);/.exec(text) ?? [];
    const all = [...union.matchAll(/"(\w+)"/g)].map(([, why = ""]) => why);
    expect(all.length).toBeGreaterThan(5);
    for (const why of [...all, "expired"]) expect(sayWhy(why)).toMatch(/^[A-Z].*\.$/);
    expect(sayWhy("a_word_of_tomorrow")).toBe("a_word_of_tomorrow");
  });

  it("for a reason that nobody knows says where to look, and none for none", ({ expect }) => {
    expect(adviseLink("a_word_of_tomorrow")?.mend).toBe("look");
    expect(adviseSend("a_word_of_tomorrow")).toContain("a_word_of_tomorrow");
    expect(adviseLink(null)).toBeNull();
  });

  it("is a sentence, and names no wire", ({ expect }) => {
    for (const { words } of Object.values({ ...linkAdvice, ...sendAdvice, ...hookAdvice }))
      expect(words).toMatch(/^[A-Z].*\.$/);
  });
});
