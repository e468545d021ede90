import { describe, it } from "vitest";

import { ChannelDirectory } from "../../../src/objects/hub/channel-directory.ts";

/** A directory over a few channels, with a clock of its own. */
function directoryOf(...channels: string[]) {
  const world = { now: 1_000_000, looks: 0 };
  const directory = new ChannelDirectory(
    (name) => {
      world.looks += 1;
      return Promise.resolve(channels.includes(name));
    },
    () => world.now,
  );
  return { directory, world };
}

const ANYBODY = "address 192.0.2.1";

/** How many of so many invented names were answered at all. */
async function askFor(directory: ChannelDirectory, count: number, party = ANYBODY): Promise<void> {
  const asks = Array.from({ length: count }, (_, index) => directory.has(`no-${index}`, party));
  await Promise.allSettled(asks);
}

describe("names that no channel has", () => {
  it("are looked up a few at a time for one party, however many it invents", async ({ expect }) => {
    const { directory, world } = directoryOf("there");
    await askFor(directory, 3_000);
    expect(world.looks).toBeLessThanOrEqual(256);
    world.now += 1_000;
    await askFor(directory, 3_000);
    expect(world.looks).toBeLessThanOrEqual(256 + 256 + 10);
  });

  it("keep nobody else from finding a channel", async ({ expect }) => {
    const { directory } = directoryOf("there");
    await askFor(directory, 3_000);
    expect(await directory.has("there", "address 192.0.2.2")).toBe(true);
    expect(await directory.has("not-there", "key:k1")).toBe(false);
  });

  it("are looked up a few times by all who ask, and found once they are made", async ({
    expect,
  }) => {
    const channels: string[] = [];
    let looks = 0;
    let now = 0;
    const directory = new ChannelDirectory(
      (name) => {
        looks += 1;
        return Promise.resolve(channels.includes(name));
      },
      () => now,
    );
    await Promise.all([directory.has("new", "a"), directory.has("new", "b")]);
    expect(looks).toBe(1);
    channels.push("new");
    expect(await directory.has("new", "a")).toBe(true);
    for (let index = 0; index < 100; index++) {
      expect(await directory.has("late", "a")).toBe(false);
    }
    expect(looks).toBe(6);
    channels.push("late");
    now += 5_000;
    expect(await directory.has("late", "a")).toBe(true);
  });
});

describe("names that channels have", () => {
  it("may be asked for without end", async ({ expect }) => {
    const { directory } = directoryOf("there");
    for (let index = 0; index < 1_000; index++) {
      expect(await directory.has("there", ANYBODY)).toBe(true);
    }
  });
});
