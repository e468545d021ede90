import { describe, it } from "vitest";

import { redactDraft } from "../../../../src/event/redact-draft.ts";
import { provider } from "../../../../src/protocols/astro/index.ts";
import { messageIn } from "../../support/drafts.ts";
import { draftOf, greeted } from "../../support/drive.ts";
import { linkTo } from "../../support/samples.ts";
import activities from "../frames/activities.json";
import tips from "../frames/tips.json";
import { changed, samples } from "../samples.ts";

const read = (frame: object) =>
  draftOf(greeted(provider.open(linkTo(samples)), samples.greeting).receives(frame));

const { _id: ID } = tips.tip.data;

/** A tip with its donation changed. */
const donated = (donation: object) =>
  changed(tips.tip, { donation: { ...tips.tip.data.donation, ...donation } });

describe("a tip", () => {
  it("says who gave what, and what was said", ({ expect }) => {
    const draft = read(tips.tip);
    expect(draft.time).toBe(Date.parse(tips.tip.data.createdAt));
    expect(draft.data).toMatchObject({
      tipId: ID,
      user: { key: "streamelements:Otter", name: "Otter", anonymous: false },
      amount: { value: "12.5", currency: "NOK", kind: "fiat" },
      kind: "tip",
      moderation: "allowed",
    });
    expect(messageIn(draft).text).toBe("mend the bridge");
  });

  it("may be of nobody, without words, and in no known state", ({ expect }) => {
    const bare = changed(donated({ user: null, message: "" }), { approved: "perhaps" });
    const { data } = read(bare);
    for (const field of ["user", "message", "moderation"]) {
      expect(data).not.toHaveProperty(field);
    }
  });

  it("without an amount is kept as it is", ({ expect }) => {
    for (const amount of [null, "much", {}, "9".repeat(41)]) {
      const draft = read(donated({ amount }));
      expect(draft.data).toMatchObject({ nativeType: "channel.tips" });
    }
  });

  it("a tip holds the tipper's e-mail address and country: neither gets into the data", ({
    expect,
  }) => {
    const said = [
      tips.tip,
      tips.pending,
      donated({ amount: null }),
      changed(tips.pending, { approved: "perhaps" }),
    ];
    for (const frame of said) {
      const draft = read(frame);
      expect(JSON.stringify(draft.data)).not.toMatch(/otter@river|"NO"|email|geo/);
      expect(draft.raw).toEqual(frame);
      expect(JSON.stringify(redactDraft(draft, []))).not.toContain("otter@river");
    }
    const { nativeType, payload } = read(donated({ amount: null })).data as {
      nativeType: string;
      payload: { donation: object };
    };
    expect([nativeType, Object.keys(payload.donation)]).toEqual([
      "channel.tips",
      Object.keys(tips.tip.data.donation),
    ]);
  });

  it("a tip is told of by two topics, and is one event", ({ expect }) => {
    const told = { ...activities.tip.data.data, tipId: ID };
    const activity = read(changed(activities.tip, { data: told }));
    expect([activity.key, activity.platform]).toEqual([`tip/${ID}`, "streamelements"]);
    expect(read(tips.tip)).toMatchObject({ key: `tip/${ID}`, platform: "streamelements" });
    // Another kind of activity may carry the id of a tip, and is not one.
    const cheer = { ...activities.cheer.data.data, tipId: ID };
    expect(read(changed(activities.cheer, { data: cheer })).key).not.toBe(activity.key);
  });

  it("is known by its frame where it has no id", ({ expect }) => {
    const { data, key } = read(changed(tips.tip, { _id: null }));
    expect(key).toBe(`channel.tips/${tips.tip.id}`);
    expect(data).not.toHaveProperty("tipId");
  });
});

describe("a tip's moderation", () => {
  it.for([
    ["pending", {}],
    ["allowed", { by: { name: "miller" } }],
    ["rejected", { by: { name: "miller" } }],
  ] as const)("says what became of it: %s", ([moderation, by], { expect }) => {
    const draft = read(tips[moderation]);
    expect(draft.data).toEqual({ tipId: ID, moderation, ...by });
    expect(draft.time).toBe(Date.parse(tips[moderation].data.updatedAt));
  });

  it("a tip and what moderation makes of it are two events", ({ expect }) => {
    const same = { ...tips.allowed, id: tips.tip.id };
    const keys = [read(tips.tip), read(same), read(tips.rejected)].map(({ key }) => key);
    expect(new Set(keys).size).toBe(3);
  });

  it("is told whatever is said of the tip beside it", ({ expect }) => {
    for (const donation of [undefined, null, "5 USD", []]) {
      const draft = read(changed(tips.allowed, { donation }));
      expect([draft.type, draft.data]).toEqual(["channel.tip.moderated", read(tips.allowed).data]);
    }
  });

  it("that says no tip or no state is kept as it is", ({ expect }) => {
    for (const change of [{ _id: "" }, { _id: null }, { approved: "perhaps" }]) {
      expect(read(changed(tips.allowed, change)).type).toBe("provider.event");
    }
  });
});
