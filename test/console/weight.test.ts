import { describe, it } from "vitest";

import { buildConsole } from "../../scripts/build-console.ts";

const KB = 1024;

describe("the console", () => {
  it("weighs no more than was promised: its first page, each page more, and all of it", async ({
    expect,
  }) => {
    const { weight } = await buildConsole();
    expect(weight.first).toBeGreaterThan(10 * KB);
    expect(weight.first).toBeLessThanOrEqual(53 * KB);
    expect(weight.all).toBeLessThanOrEqual(150 * KB);
    for (const [route, bytes] of Object.entries(weight.routes)) {
      // The page that plots brings what plots.
      const most = route.startsWith("health/") ? 40 * KB : 15 * KB;
      expect([route, bytes <= most]).toEqual([route, true]);
    }
  });

  it("asks no other host, and has no way to make markup of a text", async ({ expect }) => {
    const { files } = await buildConsole();
    const texts = [...files].map(([path, bytes]) => [path, Buffer.from(bytes).toString()] as const);
    const scripts = texts.filter(([path]) => path.endsWith(".js"));
    expect(scripts.length).toBeGreaterThan(5);
    for (const [path, text] of texts.filter(([name]) => name.endsWith(".html"))) {
      expect([path, [...text.matchAll(/(?:src|href)="(?!\/console\/)/g)].length]).toEqual([
        path,
        0,
      ]);
      expect(text).not.toMatch(/<script(?![^>]* src=)|<style|style="/);
    }
    for (const [path, text] of texts.filter(([name]) => name.endsWith(".css")))
      expect([path, /url\((?!["']?data:)|@import/.test(text)]).toEqual([path, false]);
  });
});
