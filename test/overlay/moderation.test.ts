import { describe, it } from "vitest";

import {
  isHidden,
  observeModeration,
  startModeration,
  type Traces,
} from "../../src/overlay/kit/moderation.ts";
import { BEGUN, makeEvent, somebody } from "./support/events.ts";

function traces(more: Partial<Traces> & { readonly messageIds?: string[] } = {}): Traces {
  const { messageIds = ["m1"], ...rest } = more;
  return {
    platform: "twitch",
    provider: "restream",
    user: somebody("Pixel"),
    ids: new Set(["epoch00000-1", ...messageIds]),
    ...rest,
  };
}

const DELETED = "chat.message.deleted";

describe("moderation of what is on screen", () => {
  it("hides a deleted message on its platform, whichever provider tells of it", ({ expect }) => {
    const state = startModeration();
    const event = makeEvent(DELETED, { messageIds: ["m1"] }, { provider: "multistreamer" });
    const hides = observeModeration(state, event, BEGUN);
    expect(hides?.(traces())).toBe(true);
    expect(hides?.(traces({ messageIds: ["m2"] }))).toBe(false);
    expect(hides?.(traces({ platform: "youtube" }))).toBe(false);
    expect(isHidden(state, traces(), BEGUN)).toBe(true);
  });

  it("hides an event that was erased by its own id, and no other", ({ expect }) => {
    const state = startModeration();
    const data = { messageIds: [], eventIds: ["epoch00000-1"] };
    const hides = observeModeration(state, makeEvent(DELETED, data), BEGUN);
    const other = traces({ ids: new Set(["epoch00000-2"]) });
    expect([hides?.(traces()), hides?.(other)]).toEqual([true, false]);
    expect([traces(), other].map((each) => isHidden(state, each, BEGUN))).toEqual([true, false]);
  });

  it("hides no message for an id that is empty", ({ expect }) => {
    const state = startModeration();
    observeModeration(state, makeEvent(DELETED, { messageIds: [""] }), BEGUN);
    expect(isHidden(state, traces({ messageIds: [""] }), BEGUN)).toBe(false);
  });

  it("hides everything of a platform that was cleared, and of no other", ({ expect }) => {
    const event = makeEvent("chat.cleared", { scope: "all" });
    const hides = observeModeration(startModeration(), event, BEGUN);
    expect(hides?.(traces())).toBe(true);
    expect(hides?.(traces({ platform: "kick" }))).toBe(false);
  });

  it("hides the lines of one user who was cleared, and lets what they say next be seen", ({
    expect,
  }) => {
    const state = startModeration();
    const event = makeEvent("chat.cleared", { scope: "user", user: somebody("Pixel") });
    const hides = observeModeration(state, event, BEGUN);
    expect(hides?.(traces())).toBe(true);
    expect(hides?.(traces({ user: somebody("Moss") }))).toBe(false);
    expect(isHidden(state, traces(), BEGUN)).toBe(false);
  });

  it("keeps what still comes of somebody banned from the screen, for ten minutes", ({ expect }) => {
    const state = startModeration();
    observeModeration(state, makeEvent("moderation.ban", { user: somebody("Pixel") }), BEGUN);
    expect(isHidden(state, traces({ messageIds: ["later"] }), BEGUN + 599_000)).toBe(true);
    expect(isHidden(state, traces({ messageIds: ["later"] }), BEGUN + 601_000)).toBe(false);
  });

  it("keeps what comes of somebody timed out from the screen for as long as that lasts", ({
    expect,
  }) => {
    for (const data of [{ seconds: 30 }, { until: new Date(BEGUN + 30_000).toISOString() }]) {
      const state = startModeration();
      const event = makeEvent("moderation.timeout", { user: somebody("Pixel"), ...data });
      observeModeration(state, event, BEGUN);
      expect(isHidden(state, traces(), BEGUN + 29_000)).toBe(true);
      expect(isHidden(state, traces(), BEGUN + 31_000)).toBe(false);
    }
  });

  it("shows what somebody says again once their ban was lifted", ({ expect }) => {
    const state = startModeration();
    const user = somebody("Pixel");
    observeModeration(state, makeEvent("moderation.ban", { user }), BEGUN);
    observeModeration(state, makeEvent("moderation.unban", { user }), BEGUN + 1_000);
    expect(isHidden(state, traces(), BEGUN + 2_000)).toBe(false);
  });

  it("knows a person by name where another provider has another id for them", ({ expect }) => {
    const user = somebody("PIXEL", { id: "other" });
    const of = (provider: string) =>
      observeModeration(
        startModeration(),
        makeEvent("moderation.ban", { user }, { provider }),
        BEGUN,
      );
    expect(of("multistreamer")?.(traces())).toBe(true);
    // One provider's ids tell two people of one name apart.
    expect(of("restream")?.(traces())).toBe(false);
  });

  it("hides one event for the dock, and for no provider that says the same", ({ expect }) => {
    const data = { target: "chat", event: "hide", payload: { id: "epoch00000-1" } };
    const told = (provider: string) =>
      observeModeration(
        startModeration(),
        makeEvent("overlay.broadcast", data, { provider }),
        BEGUN,
      );
    expect(told("api")?.(traces())).toBe(true);
    expect(told("astro")).toBe(null);
  });

  it("remembers a bounded number of ids and people", ({ expect }) => {
    const state = startModeration();
    for (let each = 0; each < 3_000; each += 1) {
      observeModeration(state, makeEvent(DELETED, { messageIds: [`m${each}`] }), BEGUN);
      observeModeration(state, makeEvent("moderation.ban", { user: somebody(`u${each}`) }), BEGUN);
    }
    expect(state.ids.size).toBe(2_000);
    expect(state.silenced.length).toBe(1_000);
    expect(isHidden(state, traces({ messageIds: ["m2999"] }), BEGUN)).toBe(true);
  });
});
