import * as fc from "fast-check";
import { describe, it } from "vitest";

import { catalogue, type CatalogueType } from "../../src/event/catalogue.ts";
import { listFieldsOf, type Erasable } from "../../src/event/erase-data.ts";
import {
  Erasure,
  findErasure,
  findErasedScope,
  listErasureWords,
  mayOrder,
  parseUserKey,
} from "../../src/event/erasure.ts";
import type { EventDraft } from "../../src/event/event.ts";
import { findDataSchema } from "../../src/event/schemas.ts";
import type { User } from "../../src/event/shapes.ts";
import { Erasures } from "../../src/event/tombstone.ts";
import { ada, allSamples, hello, numbered, samples } from "../support/samples.ts";

const ALL: Erasure = { seq: 10, platform: "twitch", scope: { kind: "all" } };
const WITH_MESSAGE = ["chat.message", "channel.tip", "channel.cheer"] as const;
const TYPES = Object.keys(catalogue) as CatalogueType[];

function silence({ id, login = "", name }: User, platform = "twitch"): Erasure {
  return { seq: 10, platform, scope: { kind: "user", userId: id, names: [login, name] } };
}

function forget({ id, login = "", name }: User): Erasure {
  return {
    seq: 10,
    platform: "twitch",
    scope: { kind: "person", userId: id, names: [login, name] },
  };
}

function ofMessages(...ids: string[]): Erasure {
  return { ...ALL, scope: { kind: "messages", ids } };
}

/** The event at a place, as it is stored. */
function storedAt(seq: number, draft: EventDraft): Erasable {
  return { ...numbered(draft, seq).event };
}

function isErased(erasure: Erasure, draft: EventDraft, seq = 1): boolean {
  return new Erasures([erasure]).apply(seq, storedAt(seq, draft), draft.raw ?? null) !== null;
}

/** The rest of an event, with the provider's words, as one text. */
function leftOf(erasure: Erasure, draft: EventDraft): string {
  const event = storedAt(1, draft);
  const raw = draft.raw ?? null;
  return JSON.stringify(new Erasures([erasure]).apply(1, event, raw) ?? { event, raw });
}

describe("an order to erase", () => {
  it.for([
    ["chat.message.deleted", { kind: "messages", ids: ["m-1", "m-2"] }],
    ["chat.cleared", { kind: "user", userId: "900000002", names: ["grace", "Grace"] }],
    ["moderation.ban", { kind: "user", userId: "900000001", names: ["ada", "Ada"] }],
    ["moderation.timeout", { kind: "user", userId: "900000001", names: ["ada", "Ada"] }],
  ] as const)("is given by %s", ([type, scope], { expect }) => {
    expect(findErasedScope(samples[type])).toEqual(scope);
  });

  it("to erase everything is given by a chat cleared as a whole", ({ expect }) => {
    const { user, by } = samples["chat.cleared"].data;
    const draft = { ...samples["chat.cleared"], data: { scope: "all" as const, user, by } };
    expect(findErasedScope(draft as EventDraft)).toEqual({ kind: "all" });
  });

  it("is given by nothing else", ({ expect }) => {
    const orders = ["chat.message.deleted", "chat.cleared", "moderation.ban", "moderation.timeout"];
    const others = allSamples.filter(({ type }) => !orders.includes(type));
    expect(others.length).toBeGreaterThan(30);
    expect(others.map(findErasedScope).filter((scope) => scope !== null)).toEqual([]);
  });

  it("is not given where it names nobody and nothing: it would reach all that is nameless", ({
    expect,
  }) => {
    const nameless: EventDraft[] = [
      { ...samples["chat.message.deleted"], data: { messageIds: [] } },
      { ...samples["chat.cleared"], data: { scope: "user" } },
      { ...samples["chat.cleared"], data: { scope: "user", user: { name: "Ada" } } },
      { ...samples["moderation.ban"], data: { user: { ...ada, key: "", id: "", login: "" } } },
    ];
    expect(nameless.map(findErasedScope)).toEqual([null, null, null, null]);
  });

  it("may name somebody by the key or the login alone", ({ expect }) => {
    const cleared = (user: object): EventDraft => ({
      ...samples["chat.cleared"],
      data: { scope: "user", user },
    });
    expect(findErasedScope(cleared({ key: "twitch:900000001" }))).toMatchObject({
      userId: "900000001",
    });
    const byLogin = findErasure(cleared({ login: "ada" }), "restream", 10);
    const { id: _unknown, ...nameless } = ada;
    const said = samples["chat.message"];
    const draft = { ...said, data: { ...said.data, user: { ...nameless, key: "", id: "" } } };
    expect(byLogin !== null && isErased(byLogin, draft)).toBe(true);
    expect(byLogin !== null && isErased(byLogin, said)).toBe(false);
  });

  it("of a program that names no platform is for the one in the person's key", ({ expect }) => {
    const ban: EventDraft = { ...samples["moderation.ban"], platform: "api" };
    expect(findErasure(ban, "api", 10)?.platform).toBe("twitch");
    expect(findErasure({ ...ban, platform: "youtube" }, "api", 10)?.platform).toBe("youtube");
    // A provider has no say on another platform, whatever key it gives somebody.
    expect(findErasure({ ...ban, platform: "dlive" }, "dlive", 10)?.platform).toBe("dlive");
  });

  it("may be posted by whoever may moderate, and everything else by whoever may post", ({
    expect,
  }) => {
    const orders = TYPES.filter((type) => !mayOrder(type, ["events:write"]));
    expect(orders.toSorted()).toEqual([
      "chat.cleared",
      "chat.message.deleted",
      "moderation.ban",
      "moderation.timeout",
    ]);
    expect(orders.every((type) => mayOrder(type, ["events:write", "chat:write"]))).toBe(true);
    expect(orders.every((type) => mayOrder(type, ["events:write", "channels:manage"]))).toBe(true);
  });
});

describe("an erasure", () => {
  it("reaches what was said up to and with its own place, and nothing later", ({ expect }) => {
    const reached = [1, 9, 10, 11].map((seq) => isErased(ALL, samples["chat.message"], seq));
    expect(reached).toEqual([true, true, true, false]);
  });

  it("reaches a platform's words whichever provider relayed them, and no other platform's", ({
    expect,
  }) => {
    const told = numbered(samples["chat.message"], 1, { provider: "restream" }).event;
    const deletion = findErasure(samples["chat.message.deleted"], "api", 10);
    expect(deletion && new Erasures([deletion]).reach(1, told)).toBe(true);
    for (const type of ["chat.message.deleted", "moderation.ban"] as const) {
      const elsewhere = findErasure({ ...samples[type], platform: "dlive" }, "dlive", 10);
      expect(elsewhere && new Erasures([elsewhere]).reach(1, told)).toBe(false);
    }
  });

  it("of everything reaches what was said in the chat", ({ expect }) => {
    const reached = allSamples.filter((draft) => isErased(ALL, draft)).map(({ type }) => type);
    expect(reached.toSorted()).toEqual([
      "channel.cheer",
      "channel.redemption",
      "channel.subscription",
      "channel.tip",
      "chat.message",
      "chat.message.held",
      "chat.notice",
      "provider.event",
      "send.accepted",
      "send.confirmed",
      "send.failed",
    ]);
  });

  it("of messages reaches those it names", ({ expect }) => {
    const reached = ["m-1", "m-2", "m-7", ""].map((id) =>
      isErased(ofMessages("m-1", "m-7"), {
        ...samples["chat.message"],
        data: { user: ada, message: { ...hello, id } },
      }),
    );
    expect(reached).toEqual([true, false, true, false]);
  });

  it("of a message reaches what a provider quotes of it in an answer to it", ({ expect }) => {
    const raw = { reply: { parent_message_id: "m-0", parent_message_body: "what was said" } };
    const answer: EventDraft = { ...samples["chat.message"], raw };
    expect(leftOf(ofMessages("m-0"), answer)).not.toContain("what was said");
    expect(leftOf(ofMessages("m-0"), answer)).toContain("Hello");
  });

  it("of a user reaches that user's words, gifts and tips with words included", ({ expect }) => {
    const grace = { ...ada, key: "twitch:900000002", id: "900000002" };
    for (const type of WITH_MESSAGE) {
      expect(isErased(silence(ada), samples[type])).toBe(true);
      const other = { ...samples[type], data: { ...samples[type].data, user: grace } };
      expect(isErased(silence(ada), other as EventDraft)).toBe(false);
    }
  });

  it("takes a number for somebody's id only where it is said to be one", ({ expect }) => {
    const seven: Erasure = { ...ALL, scope: { kind: "user", userId: "7", names: [] } };
    const told = (raw: EventDraft["raw"]): EventDraft =>
      ({ ...samples["channel.follow"], raw }) as EventDraft;
    expect(isErased(seven, told({ months: 7, tier: "7" }))).toBe(false);
    expect(isErased(seven, told({ user: { user_id: 7 } }))).toBe(true);
    expect(isErased(seven, told({ userId: "7" }))).toBe(true);
  });

  it("takes nobody's name for somebody where it names no one", ({ expect }) => {
    const named = silence({ ...ada, login: "pause", name: "New" });
    expect(isErased(named, samples["overlay.action"])).toBe(false);
    expect(isErased(named, samples["provider.event"])).toBe(false);
  });

  it("passes over what is no message and no user, whatever stands there", ({ expect }) => {
    const user = silence({ ...ada, id: "undefined", login: "undefined", name: "null" });
    const strange = [
      {},
      { message: null, user: null },
      { message: "hi", user: 7 },
      { message: [], user: [] },
      { message: { id: 7 }, user: { id: 7 } },
    ];
    for (const data of strange) {
      for (const type of TYPES) {
        const event = { ...storedAt(1, samples[type]), data };
        expect(new Erasures([user, forget(ada)]).apply(1, event)).toBeNull();
      }
    }
  });

  it("is read back from what it is kept as, now and as it was once kept", ({ expect }) => {
    const kept: unknown = JSON.parse(JSON.stringify(silence(ada)));
    expect(Erasure.parse(kept)).toEqual(silence(ada));
    expect(Erasure.safeParse({ ...ALL, scope: { kind: "some" } }).success).toBe(false);
    const old = {
      seq: 3,
      provider: "dlive",
      platform: "dlive",
      scope: { kind: "user", userId: "1" },
    };
    expect(Erasure.parse(old).scope).toEqual({ kind: "user", userId: "1", names: [] });
  });

  it("reaches nothing that has none of the texts it is looked for by", ({ expect }) => {
    for (const erasure of [silence(ada), forget(ada), ofMessages("m-1", "m-0")]) {
      const words = listErasureWords([erasure]) ?? [];
      for (const draft of allSamples) {
        const { event } = numbered(draft, 1);
        const isFound = words.some((word) => JSON.stringify(event).includes(word));
        expect([draft.type, isErased(erasure, draft) && !isFound]).toEqual([draft.type, false]);
      }
    }
  });
});

/** The texts of a value that are somebody's by their sign. */
const SIGN = "\u2767";

/** A draft of a type with a sign in every text that its fields have of people's words. */
function signed(type: CatalogueType, text: string): EventDraft {
  const draft = samples[type] as EventDraft;
  const data = structuredClone(draft.data) as Record<string, unknown>;
  const hidden = { user: { user_id: ada.id, name: ada.name }, text };
  for (const { path, mark } of listFieldsOf(type)) {
    const parent = path
      .slice(0, -1)
      .reduce<Record<string, unknown>>((at, name) => at[name] as Record<string, unknown>, data);
    const name = path.at(-1) ?? "";
    if (mark.kind === "words" && mark.of === "user") parent[name] = text;
    if (mark.kind === "open") parent[name] = hidden;
    if (mark.kind === "members") parent[name] = { latest: hidden, total: { count: 1 } };
    if (mark.kind === "message") {
      parent[name] = {
        ...hello,
        text,
        fragments: [{ type: "text", text }],
        attachments: [{ type: "link", url: `https://example.com/${text}`, title: text }],
      };
    }
  }
  return { ...draft, data, raw: { author: { id: ada.id }, said: [text] } } as EventDraft;
}

describe("what somebody said", () => {
  it.for(TYPES)(
    "is gone from %s with the one who said it, and from the provider's words",
    (type, { expect }) => {
      fc.assert(
        fc.property(fc.string({ maxLength: 40 }), (rest) => {
          const draft = signed(type, SIGN + rest);
          expect(JSON.stringify(draft)).toContain(SIGN);
          const left = leftOf(silence(ada), draft);
          expect(left).not.toContain(SIGN);
          expect(leftOf(forget(ada), draft)).not.toContain(SIGN);
          const { event } = JSON.parse(left) as { event: Erasable };
          expect(findDataSchema(type).safeParse(event.data).error).toBeUndefined();
        }),
      );
    },
  );

  it.for(TYPES)("by others stays in %s", (type, { expect }) => {
    const draft = samples[type] as EventDraft;
    const stranger = silence({ ...ada, id: "900000009", login: "eve", name: "Eve" });
    expect(leftOf(stranger, draft)).toBe(JSON.stringify({ event: storedAt(1, draft), raw: null }));
  });

  it("as a reason goes with the moderator who gave it", ({ expect }) => {
    const grace = { ...ada, key: "twitch:900000002", id: "900000002", login: "grace" };
    expect(leftOf(silence(grace), samples["moderation.unban"])).not.toContain("appeal");
    expect(leftOf(silence(ada), samples["moderation.unban"])).toContain("appeal");
  });

  it("in a program's own events is gone with all that the program said of them", ({ expect }) => {
    const custom: EventDraft = {
      type: "custom.question",
      platform: "twitch",
      data: { asked: { by: ada.key, text: SIGN }, votes: 3 },
    };
    expect(leftOf(silence(ada), custom)).not.toContain(SIGN);
    expect(leftOf(silence({ ...ada, id: "1", login: "b", name: "c" }), custom)).toContain(SIGN);
  });
});

describe("somebody who is forgotten", () => {
  // The channel's own accounts are no viewer's: they go with their links, and with the channel.
  const others = TYPES.filter((type) => !/^(stream|connection|send)\./.test(type));

  it.for(others)("is in no field of %s any more, by no name and no id", (type, { expect }) => {
    const left = leftOf(forget(ada), samples[type]);
    expect(left).not.toContain(ada.id);
    expect(left).not.toMatch(/Ada\b|\bada\b/);
    const { event } = JSON.parse(left) as { event: Erasable };
    expect(findDataSchema(type).safeParse(event.data).error).toBeUndefined();
  });

  it("leaves the others who are named as they were", ({ expect }) => {
    const left = leftOf(forget(ada), samples["channel.subscription"]);
    expect(left).toContain("900000002");
    expect(leftOf(forget(ada), samples["moderation.ban"])).toContain("spam");
  });

  it("is named by a key: a platform and an id", ({ expect }) => {
    expect(parseUserKey("twitch:123")).toEqual({ platform: "twitch", userId: "123" });
    expect(parseUserKey("youtube:UC:1")).toEqual({ platform: "youtube", userId: "UC:1" });
    const bad = ["", "twitch", "twitch:", ":1", "Twitch:1", `twitch:${"1".repeat(200)}`];
    expect(bad.map(parseUserKey)).toEqual(bad.map(() => null));
  });
});

describe("a tombstone", () => {
  it.for(WITH_MESSAGE)(
    "of %s carries nothing of what was said, and is still of its type",
    (type, { expect }) => {
      const { event } = numbered(samples[type], 1);
      const tombstone = new Erasures([ALL]).apply(1, { ...event })?.event;
      const message = tombstone?.data["message"];
      expect(message).toMatchObject({ id: "m-1", text: "", fragments: [], deleted: true });
      expect(JSON.stringify(message)).not.toMatch(/Hello|Kappa|pictures\.example|A cat/);
      expect(findDataSchema(type).safeParse(tombstone?.data).error).toBeUndefined();
    },
  );

  it("keeps all of the event but the words", ({ expect }) => {
    const { event } = numbered(samples["channel.tip"], 1);
    const tombstone = new Erasures([ALL]).apply(1, { ...event })?.event;
    const { message: _said, ...about } = event.data;
    const { message: _left, ...left } = tombstone?.data ?? {};
    expect({ ...tombstone, data: left }).toEqual({ ...event, data: about });
    const { replyTo, to, action, highlighted, first } = hello;
    expect(tombstone?.data["message"]).toMatchObject({ replyTo, to, action, highlighted, first });
  });

  it("keeps no field that a program has put beside the text", ({ expect }) => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.constant("what was said")), (more) => {
        const message = { ...more, ...hello, html: "<b>what was said</b>" };
        const event = { ...storedAt(1, samples["chat.message"]), data: { message } };
        const left = new Erasures([ALL]).apply(1, event);
        expect(left).not.toBeNull();
        expect(JSON.stringify(left)).not.toContain("what was said");
      }),
    );
  });

  it("is not erased twice, and leaves the event it is made of as it was", ({ expect }) => {
    for (const order of [ALL, silence(ada), forget(ada), ofMessages("m-1")]) {
      const all = new Erasures([order]);
      for (const draft of allSamples) {
        const event = storedAt(1, draft);
        const before = JSON.stringify(event);
        const left = all.apply(1, event, draft.raw ?? null);
        expect(JSON.stringify(event)).toBe(before);
        if (left !== null) expect(all.apply(1, left.event, left.raw)).toBeNull();
      }
    }
  });
});
