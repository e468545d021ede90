import { gzipSync } from "node:zlib";

import { rolldown, type Plugin } from "rolldown";
import { beforeAll, describe, it } from "vitest";

import { buildOverlays } from "../../scripts/build-overlays.ts";

/** Leaves the client out: what is left is the page's own. */
const withoutClient: Plugin = {
  name: "without-client",
  load: {
    filter: { id: /[\\/]client[\\/]index\.ts$/ },
    handler: () => "export const Tributary = globalThis.Tributary;",
  },
};

describe("an overlay", () => {
  let files: ReadonlyMap<string, Uint8Array> = new Map();
  let ownFiles: ReadonlyMap<string, Uint8Array> = new Map();
  beforeAll(async () => {
    [files, ownFiles] = await Promise.all([buildOverlays(), buildOverlays([withoutClient])]);
  });

  /** The files that a page asks for as it is loaded: itself, and what it names. */
  function listFiles(kind: string, of = files): Uint8Array[] {
    const html = of.get(`overlay/${kind}.html`) ?? new Uint8Array();
    const text = new TextDecoder().decode(html);
    const named = [...text.matchAll(/"\/(overlay\/assets\/[^"]+)"/g)].map(([, name]) => name ?? "");
    return [html, ...named.map((name) => of.get(name) ?? new Uint8Array())];
  }

  function weigh(list: readonly Uint8Array[]): number {
    return list.reduce((sum, file) => sum + gzipSync(file, { level: 9 }).length, 0);
  }

  it.for([
    ["chat", 8_330],
    ["alerts", 13_880],
    ["events", 8_940],
    ["goal", 7_480],
    ["featured", 7_760],
    ["viewers", 5_580],
  ] as const)(
    "is three files: %s, of at most %d bytes of gzip beside the client's",
    ([kind, most], { expect }) => {
      const sizes = listFiles(kind).map((file) => file.length);
      expect(sizes.length).toBe(3);
      expect(Math.min(...sizes)).toBeGreaterThan(300);
      const own = weigh(listFiles(kind, ownFiles));
      expect(own).toBeLessThanOrEqual(most);
      // The client's own weight is watched where it is made.
      expect(weigh(listFiles(kind)) - own).toBeLessThanOrEqual(8_500);
    },
  );

  it("asks for none of what most pages never need: made-up events, other emotes, notes, sending", ({
    expect,
  }) => {
    const text = listFiles("chat")
      .map((file) => new TextDecoder().decode(file))
      .join("\n");
    expect(text).not.toContain("PixelFern");
    expect(text).not.toContain("7tv,bttv");
    expect(text).not.toContain("not known");
    const apart = [...files.keys()].filter((name) => /(demo|refine|debug|own-sound)-/.test(name));
    expect(apart.length).toBe(4);
  });

  it("has no words about its parameters in its script, and all of them in the table", ({
    expect,
  }) => {
    const text = listFiles("chat")
      .map((file) => new TextDecoder().decode(file))
      .join("\n");
    expect(text).not.toContain("Seconds until a line fades");
    const table = new TextDecoder().decode(files.get("overlay/parameters.json"));
    expect(table).toContain("Seconds until a line fades");
  });
});

describe("the tables of parameters", () => {
  it("bring nothing of the pages to whoever makes a form of them", async ({ expect }) => {
    const bundle = await rolldown({ input: "src/overlay/tables.ts" });
    const { output } = await bundle.generate();
    const names = output[0].moduleIds.map((id) => id.replaceAll("\\", "/"));
    expect(names.length).toBeGreaterThan(7);
    expect(
      names.filter(
        (name) => !/overlay\/(tables|\w+\/parameters|kit\/(common|kind-names))\.ts$/.test(name),
      ),
    ).toEqual([]);
  });
});
