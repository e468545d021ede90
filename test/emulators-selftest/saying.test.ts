import { describe, it } from "vitest";

import { expandSaid } from "../emulators/index.ts";
import { everyProtocol } from "./support/every-protocol.ts";

describe.for(everyProtocol)("what $protocol says", ({ play }) => {
  it("is in the truth once, however many sockets heard it", async ({ expect, onTestFinished }) => {
    const { emulator, follow, say } = await play(onTestFinished);
    const clients = [await follow(), await follow()];
    const before = emulator.truth().saidCount;

    const { heard, keys } = await say("hello both");
    for (const client of clients) {
      expect((await client.take(1))[0]).toContain("hello both");
    }

    const { said, saidCount } = emulator.truth();
    expect(heard).toBe(true);
    expect(saidCount).toBe(before + 1);
    expect(said.at(-1)).toMatchObject({ n: before + 1, key: keys?.[0], text: "hello both" });
  });

  it("is the same bytes when it is repeated, and no second occurrence", async ({
    expect,
    onTestFinished,
  }) => {
    const { emulator, follow, say } = await play(onTestFinished);
    const client = await follow();
    await say("once");
    const before = emulator.truth();

    await emulator.do({ action: "repeat", count: 2 });

    const [first, second, third] = await client.take(3);
    expect([second, third]).toEqual([first, first]);
    expect(emulator.truth().saidCount).toBe(before.saidCount);
    expect(emulator.truth().repeats).toBe(before.repeats + 2);
  });

  it("counts as unheard when nobody is there, and is never said later", async ({
    expect,
    onTestFinished,
  }) => {
    const { emulator, follow, say } = await play(onTestFinished);

    expect(await say("into the void")).toMatchObject({ heard: false });
    const client = await follow();
    await say("into the room");

    expect((await client.take(1))[0]).toContain("into the room");
    expect(emulator.truth().unheard).toBe(1);
  });

  it("is held back while it is silent, and goes on when it speaks again", async ({
    expect,
    onTestFinished,
  }) => {
    const { emulator, follow, say, quote = JSON.stringify } = await play(onTestFinished);
    const client = await follow();

    await emulator.do({ action: "silence", heartbeats: true });
    expect(await say("unsaid")).toMatchObject({ heard: false });
    await emulator.do({ action: "speak" });
    await say("said");

    expect((await client.take(1))[0]).toContain(quote("said"));
  });

  it("arrives whole and in order in a burst, each item under a key of its own", async ({
    expect,
    onTestFinished,
  }) => {
    const { emulator, follow, burst, keyOf, quote = JSON.stringify } = await play(onTestFinished);
    const client = await follow();

    await burst(3_000);
    const frames = await client.take(3_000);

    const said = expandSaid(emulator.truth().said).slice(-3_000);
    expect(new Set(said.map(({ key }) => key)).size).toBe(3_000);
    expect(said.map(({ n }) => n)).toEqual(said.map((_, index) => (said[0]?.n ?? 0) + index));
    const isUnder = (frame: string, key: string | null | undefined) =>
      keyOf === undefined ? frame.includes(`"${key}"`) : keyOf(frame) === key;
    const misplaced = frames.filter(
      (frame, index) =>
        !frame.includes(quote(`no. ${index + 1}`)) || !isUnder(frame, said[index]?.key),
    );
    expect(misplaced).toEqual([]);
  });

  it("keeps to the pace of a paced burst", async ({ expect, onTestFinished }) => {
    const { follow, burst } = await play(onTestFinished);
    const client = await follow();

    const { elapsedMs } = await burst(200, 1_000);

    await client.take(200);
    expect(elapsedMs).toBeGreaterThanOrEqual(190);
  });

  it("is told as ranges with a hole where a burst was interrupted", async ({
    expect,
    onTestFinished,
  }) => {
    const { emulator, follow, burst } = await play(onTestFinished);
    await follow();

    const sending = burst(400, 1_000);
    await emulator.waitFor("said>=50");
    await emulator.do({ action: "cut" });
    await emulator.waitFor("unheard>=20");
    await follow();
    await sending;

    const { said, unheard } = emulator.truth();
    const ranges = said.flatMap((entry) => ("burst" in entry ? [entry.burst] : []));
    expect(ranges).toHaveLength(2);
    const heard = ranges.reduce((total, { from, to }) => total + to - from + 1, 0);
    expect(heard + unheard).toBe(400);
    expect(ranges.at(-1)?.to).toBe(400);
  });
});
