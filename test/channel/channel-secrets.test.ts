import { describe, it } from "vitest";

import { decide, type ChannelInput } from "../../src/channel/channel.ts";
import type { EventDraft } from "../../src/event/event.ts";
import { ada, allSamples, connection, RECORDED_AT, said, samples } from "../support/samples.ts";
import { channelState, eventsOf, LINK, stored, told } from "./support/log.ts";

const SECRET = "S3CR3T-4711";
const WORDS = "words that nobody may read";

/** All that a decision says to anybody, as text. */
function everything(inputs: readonly ChannelInput[]): string {
  return JSON.stringify(decide(channelState(), inputs));
}

describe("what was said and deleted within one group", () => {
  const line = { ...said("m-1", WORDS), raw: { words: WORDS } };
  const orders: Record<string, EventDraft> = {
    "by its id": samples["chat.message.deleted"],
    "with all of its writer's": {
      ...samples["chat.cleared"],
      data: { scope: "user", user: { id: ada.id } },
    },
    "with the whole chat": { ...samples["chat.cleared"], data: { scope: "all" } },
    "by a ban": samples["moderation.ban"],
    "by a timeout": samples["moderation.timeout"],
  };

  it.for(Object.entries(orders))("is in none of the effects: %s", ([, order], { expect }) => {
    for (const inputs of [[told([line, order])], [told([line]), told([order])]]) {
      expect(everything(inputs)).not.toContain(WORDS);
      const [tombstone] = eventsOf(decide(channelState(), inputs));
      expect(tombstone?.raw).toBeNull();
      expect(tombstone?.event.data).toMatchObject({
        message: { id: "m-1", text: "", deleted: true },
      });
      expect(JSON.parse(tombstone?.text ?? "")).toEqual(tombstone?.event);
    }
  });

  it("is still numbered, and still known when it is told of again", ({ expect }) => {
    const order = samples["chat.message.deleted"];
    const { places } = decide(channelState(), [told([line, order]), told([line])]);
    expect(places).toEqual([1, 2, 1]);
  });

  it("leaves everybody else's words, and what is said afterwards", ({ expect }) => {
    const grace = { ...ada, id: "900000002", key: "twitch:900000002" };
    const inputs = [
      told([said("m-7", "before", grace), line, samples["moderation.ban"], said("m-8", "after")]),
      told([{ ...said("m-9", "elsewhere"), platform: "dlive" }], { provider: "dlive" }),
    ];
    const texts = eventsOf(decide(channelState(), inputs)).map(
      ({ event }) => (event.data["message"] as { text?: string } | undefined)?.text,
    );
    expect(texts).toEqual(["before", "", undefined, "after", "elsewhere"]);
  });

  it("is told to whoever keeps older words, with the place it reaches up to", ({ expect }) => {
    const decision = decide(channelState({ head: 10 }), [
      told([line, samples["chat.message.deleted"], samples["moderation.ban"]]),
    ]);
    expect(stored(decision)?.erasures).toEqual([
      {
        seq: 12,
        platform: "twitch",
        scope: { kind: "messages", ids: ["m-1", "m-2"] },
      },
      {
        seq: 13,
        platform: "twitch",
        scope: { kind: "user", userId: ada.id, names: [ada.login, ada.name] },
      },
    ]);
  });
});

describe("a secret", () => {
  const dirty = `${SECRET} and ada@example.com`;

  it("is in none of the effects, wherever a provider says it", ({ expect }) => {
    for (const sample of allSamples) {
      const draft = {
        ...sample,
        raw: { deep: [dirty] },
        subject: dirty,
        data: { ...sample.data, more: dirty },
      };
      const text = everything([told([draft as EventDraft], { secrets: [SECRET] })]);
      expect(text).not.toMatch(/S3CR3T|ada@/);
    }
  });

  it("is not told of a connection either: neither to sockets nor to the map", ({ expect }) => {
    const observed: ChannelInput = {
      type: "connection-observed",
      link: LINK,
      connection: {
        ...connection,
        status: "error",
        reason: "ada@example.com is not live",
        target: { platform: "facebook", name: dirty, page: { access_token: "abc" } },
      },
      secrets: [SECRET],
      at: RECORDED_AT,
    };
    const dropped: ChannelInput = {
      type: "connection-dropped",
      link: LINK,
      uuid: connection.uuid,
      reason: `?token=abc ${SECRET}`,
      final: false,
      secrets: [SECRET],
      at: RECORDED_AT,
    };
    expect(everything([observed])).toContain("[redacted] is not live");
    expect(everything([observed])).not.toMatch(/S3CR3T|ada@|"abc"/);
    expect(everything([observed, dropped])).not.toMatch(/S3CR3T|token=abc/);
  });
});
