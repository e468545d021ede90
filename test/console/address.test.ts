import { constantFrom, property, assert, record } from "fast-check";
import { describe, it } from "vitest";

import { formatAddress, formatDefault, readAddress } from "../../src/console/state/address.ts";
import { overlays } from "../../src/console/text/overlays.ts";

const TABLES = new Map(overlays.map(({ id, table }) => [id as string, table]));
const KEY = "trbo_abcdefghijkl_secret";
const base = { origin: "https://relay.example", channel: "mine", key: KEY };

describe("an overlay's address", () => {
  it("has in it what differs from the usual and nothing else, and the key behind the #", ({
    expect,
  }) => {
    for (const { id, table } of overlays) {
      const usual = Object.fromEntries(
        Object.entries(table).map(([name, parameter]) => [name, formatDefault(parameter)]),
      );
      const address = formatAddress({ ...base, kind: id, values: usual }, table);
      expect(address).toBe(`https://relay.example/overlay/${id}?channel=mine#${KEY}`);
    }
  });

  it("gives its settings back, and never its key", ({ expect }) => {
    const chat = TABLES.get("chat");
    if (chat === undefined) throw new Error("there is no chat");
    const values = record({
      theme: constantFrom("card", "neon"),
      limit: constantFrom("7", "120"),
      hide: constantFrom("ann,bob", "a b&c=d#e"),
      emotes: constantFrom("platform,7tv", "none"),
      badges: constantFrom("off"),
    });
    assert(
      property(values, (given) => {
        const address = formatAddress({ ...base, kind: "chat", values: given }, chat);
        expect(readAddress(address, TABLES)).toEqual({ kind: "chat", values: given });
        expect(JSON.stringify(readAddress(address, TABLES))).not.toContain(KEY);
      }),
    );
  });

  it("for a drag onto OBS says how large the source is, and keeps the rest", ({ expect }) => {
    const [{ id, table } = { id: "chat", table: {} }] = overlays;
    const layer = { name: "Chat", width: 500, height: 800, css: "body { color: red }" };
    const url = new URL(formatAddress({ ...base, kind: id, values: {}, layer }, table));
    expect(url.searchParams.get("layer-width")).toBe("500");
    expect(url.searchParams.get("layer-css")).toBe("body { color: red }");
    expect(url.hash).toBe(`#${KEY}`);
  });

  it("of anything else is none of ours", ({ expect }) => {
    for (const text of [
      "",
      "hello",
      "https://relay.example/other",
      "https://x.example/overlay/nothing",
    ])
      expect(readAddress(text, TABLES)).toBeNull();
  });
});
