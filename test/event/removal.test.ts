import { describe, it } from "vitest";

import { listErasedPlaces } from "../../src/event/erasure.ts";
import { findErasure, type Erasure } from "../../src/event/erasure.ts";
import type { EventDraft, StreamEvent } from "../../src/event/event.ts";
import { makeRemoval } from "../../src/event/removal.ts";
import { Erasures } from "../../src/event/tombstone.ts";
import { allSamples, numbered, samples } from "../support/samples.ts";

const WORDS = { said: "as the provider had it" };

function eventOf(draft: EventDraft, seq = 7): StreamEvent {
  return numbered(draft, seq).event;
}

/** The order that the relay's own word of an event's removal gives. */
function orderOf(event: StreamEvent, raw: unknown = WORDS): Erasure {
  const removal = makeRemoval(event, raw);
  const order = removal === null ? null : findErasure(removal, "relay", 20);
  if (order === null) throw new Error("nothing is erased");
  return order;
}

describe("the removal of an event", () => {
  it("takes the provider's words of any event, and reaches it by its own id", ({ expect }) => {
    for (const draft of allSamples) {
      const event = eventOf(draft);
      const order = orderOf(event);
      expect(new Erasures([order]).apply(7, event, WORDS)).toMatchObject({ raw: null });
      expect(listErasedPlaces(order)).toEqual([7]);
    }
  });

  it("takes the words of it, whoever said them, and leaves who it was", ({ expect }) => {
    const said: [EventDraft, object][] = [
      [samples["chat.message"], { message: { id: "m-1", text: "", deleted: true } }],
      [samples["channel.tip"], { message: { text: "", deleted: true } }],
      [samples["chat.notice"], { text: "" }],
      [samples["provider.event"], { payload: {} }],
      [{ type: "custom.poll", platform: "api", data: { question: "who?" } }, {}],
    ];
    for (const [draft, left] of said) {
      const event = eventOf(draft);
      const told = new Erasures([orderOf(event)]).apply(7, event, WORDS)?.event;
      expect(told?.data).toMatchObject(left);
      expect(told?.data["user"]).toEqual(event.data["user"]);
    }
    const ban = eventOf(samples["moderation.ban"]);
    const after = new Erasures([orderOf(ban)]).apply(7, ban, WORDS)?.event;
    expect([after?.data["reason"], after?.data["user"]]).toEqual([undefined, ban.data["user"]]);
  });

  it("reaches no other event, of this log or another", ({ expect }) => {
    const nameless = { ...samples["chat.message"].data.message, id: "" };
    const data = { ...samples["chat.message"].data, message: nameless };
    const draft = { ...samples["chat.message"], data };
    const orders = new Erasures([orderOf(eventOf(draft, 7))]);
    const other = { ...eventOf(draft, 7), id: "zzzzzzzzzz-7" };
    expect(orders.apply(8, eventOf(draft, 8), WORDS)).toBeNull();
    expect(orders.apply(7, other, WORDS)).toBeNull();
    expect(orders.apply(7, eventOf(draft, 7))).not.toBeNull();
  });

  it("names a message by the platform's id as well, where it has one", ({ expect }) => {
    const event = eventOf(samples["chat.message"]);
    expect(makeRemoval(event, null)).toMatchObject({
      type: "chat.message.deleted",
      platform: event.platform,
      data: { messageIds: ["m-1"], eventIds: [event.id] },
    });
    const follow = eventOf(samples["channel.follow"]);
    expect(makeRemoval(follow, WORDS)?.data).toEqual({ messageIds: [], eventIds: [follow.id] });
  });

  it("is nothing where there is nothing left to take", ({ expect }) => {
    const event = eventOf(samples["chat.message"]);
    const tombstone = new Erasures([orderOf(event)]).apply(7, event, WORDS)?.event;
    expect(makeRemoval(tombstone ?? event, null)).toBeNull();
    expect(makeRemoval(eventOf(samples["channel.follow"]), null)).toBeNull();
  });
});
