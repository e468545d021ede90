import { describe, it } from "vitest";

const wires = import.meta.glob(
  ["../../src/protocols/*/wire.ts", "../../src/protocols/*/wire/frames.ts"],
  {
    query: "?raw",
    import: "default",
    eager: true,
  },
);
const tests = import.meta.glob("./*/**/*.test.ts", {
  query: "?raw",
  import: "default",
  eager: true,
});
const pages = import.meta.glob("../../docs/protocols/*.md", {
  query: "?raw",
  import: "default",
  eager: true,
});

/** The lines of the list that a wire opens with, each on one line. */
function quirksOf(wire: string): string[] {
  const [head = ""] = wire.split("*/");
  const joined = head.replaceAll(/\n \* {3}/g, " ");
  return [...joined.matchAll(/^ \* - (.+)$/gm)].map(([, quirk = ""]) => quirk);
}

describe.for(Object.entries(wires))("%s", ([path, wire]) => {
  const name = path.split("/")[4] ?? "";
  const own = Object.entries(tests).filter(([file]) => file.startsWith(`./${name}/`));

  it("opens with a list of what it does on purpose", ({ expect }) => {
    expect(quirksOf(wire).length).toBeGreaterThan(3);
  });

  it.for(quirksOf(wire))("has a test by the name of: %s", (quirk, { expect }) => {
    const texts = own.map(([, text]) => text).join("\n");
    expect(texts).toContain(`it(${JSON.stringify(quirk)}`);
  });

  it.for(quirksOf(wire))("has on its page, with the file of the test: %s", (quirk, { expect }) => {
    const page = pages[`../../docs/protocols/${name}.md`] ?? "";
    const [, file = ""] = page.split("\n").flatMap((line) => {
      const [said, test] = /^\| (.+) \| `(.+)` \|$/.exec(line)?.slice(1) ?? [];
      return said === quirk ? ["", test] : [];
    });
    expect(tests[`./${name}/${file}`]).toContain(`it(${JSON.stringify(quirk)}`);
  });
});
