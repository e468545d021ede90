import { describe, it } from "vitest";

import { FairTurns } from "../../src/lib/fair-turns.ts";

describe("fair turns", () => {
  it("leave room for others, however many turns one party asks for", async ({ expect }) => {
    const turns = new FairTurns(4, 2);
    for (let index = 0; index < 100; index++) void turns.take("crowd");
    const end = await turns.take("one");
    end();
    expect(turns.countOf("one")).toBe(0);
    expect(turns.countOf("crowd")).toBe(100);
  });

  it("go round among those who wait", async ({ expect }) => {
    const turns = new FairTurns(1, 1);
    const log: string[] = [];
    const work = async (party: string): Promise<void> => {
      const end = await turns.take(party);
      log.push(party);
      await Promise.resolve();
      end();
    };
    await Promise.all(["a", "a", "a", "b", "c", "c"].map(work));
    expect(log).toEqual(["a", "b", "c", "a", "c", "a"]);
  });

  it("are no more at once than there are, and nothing is kept of who has none", async ({
    expect,
  }) => {
    const turns = new FairTurns(3, 2);
    let working = 0;
    let most = 0;
    const work = async (party: string): Promise<void> => {
      const end = await turns.take(party);
      working += 1;
      most = Math.max(most, working);
      for (let step = 0; step < 5; step++) await Promise.resolve();
      working -= 1;
      end();
      // Ended twice is ended once.
      end();
    };
    const parties = Array.from({ length: 60 }, (_, index) => `p${index % 7}`);
    await Promise.all(parties.map(work));
    expect(most).toBe(3);
    expect(parties.map((party) => turns.countOf(party)).every((count) => count === 0)).toBe(true);
  });
});
