import * as fc from "fast-check";
import { describe, it } from "vitest";

import { erase, Erasure, Erasures, findErasedScope } from "../../src/event/erasure.ts";
import type { EventDraft } from "../../src/event/event.ts";
import { findDataSchema } from "../../src/event/schemas.ts";
import { ada, allSamples, hello, numbered, samples } from "../support/samples.ts";

const ALL: Erasure = { seq: 10, provider: "dlive", platform: "dlive", scope: { kind: "all" } };
const WITH_MESSAGE = ["chat.message", "channel.tip", "channel.cheer"] as const;

type Erasable = Parameters<Erasures["reach"]>[0];

function isErased(erasure: Erasure, event: Erasable): boolean {
  return new Erasures([erasure]).reach(event);
}

function at(seq: number, draft: EventDraft, over: Partial<Erasable> = {}): Erasable {
  return { seq, provider: "dlive", platform: "dlive", data: { ...draft.data }, ...over };
}

describe("an order to erase", () => {
  it.for([
    ["chat.message.deleted", { kind: "messages", ids: ["m-1", "m-2"] }],
    ["chat.cleared", { kind: "user", userId: "900000002" }],
    ["moderation.ban", { kind: "user", userId: "900000001" }],
    ["moderation.timeout", { kind: "user", userId: "900000001" }],
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
      { ...samples["moderation.ban"], data: { user: { ...ada, id: "" } } },
    ];
    expect(nameless.map(findErasedScope)).toEqual([null, null, null, null]);
  });
});

describe("an erasure", () => {
  it("reaches what was said up to and with its own place, and nothing later", ({ expect }) => {
    const reached = [1, 9, 10, 11].map((seq) => isErased(ALL, at(seq, samples["chat.message"])));
    expect(reached).toEqual([true, true, true, false]);
  });

  it("reaches its own provider's platform only", ({ expect }) => {
    const said = samples["chat.message"];
    expect(isErased(ALL, at(1, said, { provider: "restream" }))).toBe(false);
    expect(isErased(ALL, at(1, said, { platform: "twitch" }))).toBe(false);
  });

  it("reaches only what somebody said", ({ expect }) => {
    const reached = allSamples.filter((draft) => isErased(ALL, at(1, draft)));
    expect(reached.map(({ type }) => type)).toEqual(WITH_MESSAGE);
  });

  it("of messages reaches those it names", ({ expect }) => {
    const erasure: Erasure = { ...ALL, scope: { kind: "messages", ids: ["m-1", "m-7"] } };
    const reached = ["m-1", "m-2", "m-7", ""].map((id) =>
      isErased(
        erasure,
        at(1, { ...samples["chat.message"], data: { user: ada, message: { ...hello, id } } }),
      ),
    );
    expect(reached).toEqual([true, false, true, false]);
  });

  it("of a user reaches that user's lines, gifts and tips with words included", ({ expect }) => {
    const erasure: Erasure = { ...ALL, scope: { kind: "user", userId: ada.id } };
    const grace = { ...ada, id: "900000002" };
    for (const type of WITH_MESSAGE) {
      expect(isErased(erasure, at(1, samples[type]))).toBe(true);
      const other = { ...samples[type].data, user: grace };
      expect(isErased(erasure, at(1, samples[type], { data: other }))).toBe(false);
    }
  });

  it("passes over what is no message and no user, whatever stands there", ({ expect }) => {
    const user: Erasure = { ...ALL, scope: { kind: "user", userId: "undefined" } };
    const strange = [
      {},
      { message: null },
      { message: "hi" },
      { message: [] },
      { message: { id: 7 } },
    ];
    for (const data of strange)
      expect(isErased(user, at(1, samples["chat.message"], { data }))).toBe(false);
  });

  it("is read back from what it is kept as", ({ expect }) => {
    const kept: unknown = JSON.parse(JSON.stringify(ALL));
    expect(Erasure.parse(kept)).toEqual(ALL);
    expect(Erasure.safeParse({ ...ALL, scope: { kind: "some" } }).success).toBe(false);
  });
});

describe("a tombstone", () => {
  it.for(WITH_MESSAGE)(
    "of %s carries nothing of what was said, and is still of its type",
    (type, { expect }) => {
      const { event } = numbered(samples[type], 1);
      const tombstone = erase(event);
      const { message } = tombstone.data as { message: Record<string, unknown> };
      expect(message).toMatchObject({ id: "m-1", text: "", fragments: [], deleted: true });
      expect(JSON.stringify(message)).not.toMatch(/Hello|Kappa|pictures\.example|A cat/);
      expect(findDataSchema(type).safeParse(tombstone.data).error).toBeUndefined();
    },
  );

  it("keeps all of the event but the words", ({ expect }) => {
    const { event } = numbered(samples["channel.tip"], 1);
    const tombstone = erase(event);
    const { message: _said, ...about } = event.data;
    const { message: _left, ...left } = tombstone.data;
    expect({ ...tombstone, data: left }).toEqual({ ...event, data: about });
    const { replyTo, to, action, highlighted, first } = hello;
    expect(tombstone.data["message"]).toMatchObject({ replyTo, to, action, highlighted, first });
  });

  it("keeps no field that a program has put beside the text", ({ expect }) => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.constant("what was said")), (more) => {
        const message = { ...more, ...hello, html: "<b>what was said</b>" };
        const { event } = numbered(samples["chat.message"], 1);
        expect(JSON.stringify(erase({ ...event, data: { message } }))).not.toContain(
          "what was said",
        );
      }),
    );
  });

  it("is not erased twice, and would be the same", ({ expect }) => {
    const { event } = numbered(samples["chat.message"], 1, { provider: "dlive" });
    const tombstone = erase(event);
    expect(isErased(ALL, at(1, samples["chat.message"], { data: tombstone.data }))).toBe(false);
    expect(erase(tombstone)).toEqual(tombstone);
  });

  it("leaves the event it is made of as it was, and what has no message alone", ({ expect }) => {
    const { event } = numbered(samples["chat.message"], 1);
    const before = JSON.stringify(event);
    erase(event);
    expect(JSON.stringify(event)).toBe(before);
    const follow = numbered(samples["channel.follow"], 2).event;
    expect(erase(follow)).toBe(follow);
  });
});
