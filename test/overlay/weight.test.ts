import { gzipSync } from "node:zlib";

import { beforeAll, describe, it } from "vitest";

import { buildOverlays } from "../../scripts/build-overlays.ts";

describe("an overlay", () => {
  let files: ReadonlyMap<string, Uint8Array> = new Map();
  beforeAll(async () => {
    files = await buildOverlays();
  });

  /** The files that a page asks for as it is loaded: itself, and what it names. */
  function listFiles(kind: string): Uint8Array[] {
    const html = files.get(`overlay/${kind}.html`) ?? new Uint8Array();
    const text = new TextDecoder().decode(html);
    const named = [...text.matchAll(/"\/(overlay\/assets\/[^"]+)"/g)].map(([, name]) => name ?? "");
    return [html, ...named.map((name) => files.get(name) ?? new Uint8Array())];
  }

  // Some ten of them are the client's.
  it.for([
    ["chat", 19_000],
    ["alerts", 25_500],
    ["events", 20_500],
    ["goal", 19_500],
    ["featured", 20_000],
    ["viewers", 18_000],
  ] as const)("is three files: %s, of at most %d bytes of gzip", ([kind, most], { expect }) => {
    const sizes = listFiles(kind).map((file) => gzipSync(file, { level: 9 }).length);
    expect(sizes.length).toBe(3);
    expect(Math.min(...sizes)).toBeGreaterThan(100);
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThanOrEqual(most);
  });

  it("asks for none of what most pages never need: made-up events, other emotes, sending", ({
    expect,
  }) => {
    const text = listFiles("chat")
      .map((file) => new TextDecoder().decode(file))
      .join("\n");
    expect(text).not.toContain("PixelFern");
    expect(text).not.toContain("7tv,bttv");
    expect([...files.keys()].filter((name) => /assets\/(demo|refine)-/.test(name)).length).toBe(2);
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
