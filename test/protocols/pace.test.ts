import { describe, it } from "vitest";

import { takeTurn } from "../../src/protocols/pace.ts";
import { Client, INIT, start } from "./dlive/client.ts";

const AT = 1_732_400_000_000;

describe("a pace", () => {
  const pace = { everyMs: 100, burst: 3 };

  /** At how many of these times something is taken on. */
  function taken(times: readonly number[]): number {
    let paceAt = 0;
    let count = 0;
    for (const at of times) {
      const next = takeTurn(paceAt, at, pace);
      if (next === null) continue;
      paceAt = next;
      count += 1;
    }
    return count;
  }

  it("takes a burst at once, and then as many as its time allows", ({ expect }) => {
    expect(taken([AT, AT, AT, AT, AT])).toBe(3);
    expect(taken([AT, AT, AT, AT, AT + 100, AT + 100, AT + 200])).toBe(5);
    expect(taken([AT, AT, AT, AT + 60_000, AT + 60_000, AT + 60_000, AT + 60_000])).toBe(6);
  });

  it("is kept through a clock that goes back", ({ expect }) => {
    expect(taken([AT, AT - 50, AT - 50, AT - 50, AT - 50])).toBeLessThanOrEqual(3);
  });
});

describe("a client of DLive's that starts operations without end", () => {
  it("is looked up for a burst of them, and told of the others that they are too many", ({
    expect,
  }) => {
    const client = new Client().says(INIT);
    const anonymous = {
      kind: "anonymous" as const,
      credentialId: "anonymous",
      scopes: [],
      channels: null,
    };
    client.handle({ type: "credential-checked", at: AT, requestId: "init", principal: anonymous });
    const frames: string[] = [];
    for (let index = 0; index < 3_000; index++) {
      const frame = JSON.stringify(start(`invented-${index}`, String(index)));
      const effects = client.handle({ type: "frame-received", at: AT + index, frame });
      for (const each of effects) if (each.type === "frame-send") frames.push(each.frame);
      const requestId = `invented-${index}`;
      const answer = { ok: false, code: "unauthorized", detail: "no" } as const;
      client.handle({ type: "follow-answered", at: AT + index, requestId, answer });
    }
    const follows = client.asked.filter(({ type }) => type === "channel-follow");
    // The burst, and one each 100 ms for the three seconds that it took.
    expect(follows.length).toBeLessThanOrEqual(131);
    expect(frames.filter((frame) => frame.includes("rate limit exceeded")).length).toBe(
      3_000 - follows.length,
    );
  });
});
