import { describe, it } from "vitest";

import { beginDial, noteFailed, IDLE, noteOpened, noteRenewed } from "../../src/channel/redial.ts";
import { dialFails, LATEST, RENEW, RETRY } from "./support/dials.ts";

describe("a link whose credentials were refused", () => {
  it("waits to try new ones, if there can be any", ({ expect }) => {
    expect(dialFails(IDLE, RENEW, 0, { renewable: true })).toMatchObject({
      phase: "waiting",
      dueAt: 500,
      reason: "token_invalid",
      renewed: false,
    });
    expect(dialFails(IDLE, RENEW, 0, { renewable: false })).toMatchObject({ phase: "stopped" });
  });

  it("stops when the new ones are refused as well", ({ expect }) => {
    const refused = dialFails(IDLE, RENEW, 0, { renewable: true });
    const again = noteFailed(noteRenewed(beginDial(refused, 500)), RENEW, {
      at: 600,
      random: 0,
      renewable: true,
    });
    expect(again).toMatchObject({ phase: "stopped", reason: "token_invalid", dueAt: null });
  });

  it("stops for the new ones though something else went wrong with them first", ({ expect }) => {
    const refused = dialFails(IDLE, RENEW, 0, { renewable: true });
    const unreachable = noteFailed(noteRenewed(beginDial(refused, 500)), RETRY, {
      at: 600,
      random: 0,
      renewable: true,
    });
    expect(unreachable.phase).toBe("waiting");
    expect(dialFails(unreachable, RENEW, 2_000, { renewable: true }).phase).toBe("stopped");
  });

  it("may renew them again once they were taken", ({ expect }) => {
    const taken = noteOpened(noteRenewed(beginDial(IDLE, 0)), 100);
    const later = noteFailed(taken, RENEW, { at: 3_600_000, random: 0, renewable: true });
    expect(later).toMatchObject({ phase: "waiting", attempts: 1 });
  });

  it("does not renew them over and over at once, where they are taken and then refused", ({
    expect,
  }) => {
    let state = IDLE;
    const all: number[] = [];
    for (let at = 0; all.length < 8; at = state.dueAt ?? NaN) {
      state = noteFailed(noteOpened(noteRenewed(beginDial(state, at)), at), RENEW, {
        at,
        random: LATEST,
        renewable: true,
      });
      all.push((state.dueAt ?? 0) - at);
    }
    expect(all).toEqual([1_000, 2_000, 4_000, 8_000, 16_000, 32_000, 60_000, 60_000]);
  });
});
