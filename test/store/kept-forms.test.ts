import { describe, it } from "vitest";

import { packBlock, readIndex } from "../../src/store/history/block.ts";
import { packVolume, readDirectory } from "../../src/store/history/volume.ts";
import { makeEvents } from "../support/history.ts";

type Written = Record<string, unknown>;

const INDEX: Written = { kinds: [["custom.a", "api", "api"]], of: [0], at: [5] };
const BLOCK: readonly unknown[] = [1, 0, 5, 0, [0], 1, 1, null];
const DIRECTORY: Written = { indexes: 3, kinds: INDEX["kinds"], blocks: [BLOCK] };

const readBlock = (block: readonly unknown[]): object =>
  readDirectory(JSON.stringify({ ...DIRECTORY, blocks: [block] }));

describe("what is kept of history beside its events", () => {
  it("is read as it was written", async ({ expect }) => {
    expect(readIndex(7, JSON.stringify(INDEX))).toEqual([
      { seq: 7, type: "custom.a", provider: "api", platform: "api", at: 5 },
    ]);
    const blocks = await Promise.all([makeEvents(3), makeEvents(2, (at) => at + 4)].map(packBlock));
    const { blocks: read } = readDirectory((await packVolume(blocks)).directory);
    expect(read.map(({ first, last, text }) => [first, last, text.length])).toEqual(
      blocks.map(({ first, last, text }) => [first, last, text.length]),
    );
  });

  it("is refused where a number of it is none", ({ expect }) => {
    for (const wrong of [{ of: [0.5] }, { of: ["0"] }, { at: [null] }, { at: 5 }]) {
      expect(() => readIndex(1, JSON.stringify({ ...INDEX, ...wrong }))).toThrow("nvalid");
    }
    expect(() => readBlock(BLOCK)).not.toThrow();
    expect(() => readBlock(BLOCK.slice(1))).toThrow("nvalid");
    for (let place = 0; place < BLOCK.length; place++) {
      for (const wrong of [-1, 0.5, "1", {}]) {
        expect(() => readBlock(BLOCK.with(place, wrong))).toThrow("nvalid");
      }
    }
  });
});
