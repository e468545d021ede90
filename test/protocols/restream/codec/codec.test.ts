import { describe, it } from "vitest";

import { toPlatform } from "../../../../src/protocols/restream/codec/envelope.ts";
import { provider } from "../../../../src/protocols/restream/index.ts";
import { messageIn } from "../../support/drafts.ts";
import { draftOf, greeted } from "../../support/drive.ts";
import { linkTo } from "../../support/samples.ts";
import events from "../frames/events.json";
import other from "../frames/other.json";
import { changed, eventFrame, samples, TWITCH } from "../samples.ts";

const read = (frame: object) =>
  draftOf(greeted(provider.open(linkTo(samples)), []).receives(frame));

describe("an event", () => {
  it("an event of a type we do not know is kept as provider.event", ({ expect }) => {
    const draft = read(events["99"]);
    expect(draft.raw).toEqual(events["99"].payload);
    expect(draft.data).toEqual({ nativeType: "event.99", payload: { regatta: { boats: 7 } } });
  });

  it("an action we do not know is kept as provider.event", ({ expect }) => {
    const frame = other["an action nobody knows"];
    const draft = read(frame);
    expect(draft).toMatchObject({ type: "provider.event", platform: "restream", raw: frame });
    expect(draft.data).toEqual({ nativeType: "show_started", payload: frame.payload });
  });

  it.for([
    [4, {}],
    [4, { text: null }],
    [4, { text: 7 }],
    [4, { text: "hello", author: "pikefan" }],
    [3, { text: "no link" }],
    [7, { text: "no donation" }],
    [7, { donation: { amount: "a lot" } }],
    [7, { donation: { amount: "9".repeat(41) } }],
    [8, { donation: {} }],
    [99, { text: "hello" }],
  ] as const)("an event that lacks what makes it one is kept: %j", ([id, payload], { expect }) => {
    const draft = read(eventFrame(id, payload));
    expect(draft).toMatchObject({ type: "provider.event", connectionId: `restream:${TWITCH}` });
    expect(draft.data).toEqual({ nativeType: `event.${id}`, payload });
    expect(draft.key).toContain("river-4");
  });
});

describe("an event whose fields are not as they are described", () => {
  const { eventPayload } = events["4"].payload;
  const { author } = eventPayload;
  const said = (payload: object, changes: object = {}) =>
    read(eventFrame(4, { ...eventPayload, ...payload }, changes));
  const whole = read(events["4"]).data as { user: object; message: object };

  it("what is beside the point and cannot be read is not there", ({ expect }) => {
    const odd = ["bot", "replaces", "link", "parent"].map((name) => ({ [name]: { odd: [7] } }));
    const people = Object.keys(author).map((name) => ({
      author: { ...author, [name]: { odd: 7 } },
    }));
    const more = [
      { author: { ...author, isVerified: "yes", roles: 7, discriminator: 7, picture: 7 } },
    ];
    for (const payload of [...odd, ...people, ...more]) {
      const draft = said(payload);
      expect(draft.type).toBe("chat.message");
      expect(messageIn(draft).text).toBe(eventPayload.text);
    }
    const me = { contentModifiers: { me: "perhaps", whisper: false } };
    expect(said(me).data).toMatchObject({ message: { action: false } });
    const stray = [{ eventSourceId: "river" }, { eventIdentifier: {}, eventId: null }];
    for (const changes of stray) expect(said({}, changes).type).toBe("chat.message");
    expect(read({ ...events["4"], timestamp: "noon" })).not.toHaveProperty("time");
  });

  it("of which nobody knows whether it was whispered is kept as it is", ({ expect }) => {
    for (const contentModifiers of ["whisper", { whisper: "perhaps" }, { whisper: 1 }]) {
      expect(said({ contentModifiers }).type).toBe("provider.event");
    }
  });

  it("numbers may come as text, and the names of events as numbers", ({ expect }) => {
    expect(said({}, { eventTypeId: "4", eventSourceId: "2" })).toMatchObject({
      type: "chat.message",
      platform: "twitch",
      data: whole,
    });
    expect(read({ ...events["4"], timestamp: "1732401004" }).time).toBe(1_732_401_004_000);
    const named = said({}, { eventIdentifier: null, eventId: 81_234_567 });
    expect(named).toMatchObject({ data: { message: { id: "81234567" } } });
    expect(named.key).toContain("/81234567/4/");
  });

  it("has nothing that is empty", ({ expect }) => {
    const badges = ["", { title: "" }, { title: "Ferry", imageUrl: "" }];
    const [replace] = eventPayload.replaces;
    const replaces = [{ ...replace, payload: { url: "" } }];
    const draft = said({ author: { ...author, badges }, replaces });
    expect(draft.data).toMatchObject({ user: { badges: [{ set: "ferry", title: "Ferry" }] } });
    expect(JSON.stringify(draft.data)).not.toContain('""');
    expect(said({}, { eventIdentifier: "", eventId: "river-9" }).data).toMatchObject({
      message: { id: "river-9" },
    });
    const donation = { amount: "5.00", currencyString: "" };
    expect(read(eventFrame(7, { text: "hello", donation })).data).toMatchObject({
      amount: { currency: "XXX" },
    });
  });
});

describe("an event's envelope", () => {
  it("timestamps are seconds", ({ expect }) => {
    expect(read(events["4"]).time).toBe(1_732_401_004_000);
    expect(read({ ...events["4"], timestamp: 1_732_401_004.25 }).time).toBe(1_732_401_004_250);
    expect(read({ ...events["4"], timestamp: 1_732_401_004.0009 }).time).toBe(1_732_401_004_000);
    for (const timestamp of [null, 0, -1, 1e300]) {
      expect(read({ ...events["4"], timestamp })).not.toHaveProperty("time");
    }
  });

  it("eventIdentifier alone does not tell events apart", ({ expect }) => {
    const keyOf = (changes: object, timestamp = 1) =>
      read({ ...eventFrame(4, { text: "yes" }, changes), timestamp }).key;
    const keys = [
      keyOf({}),
      keyOf({ eventPayload: { text: "no" } }),
      keyOf({ connectionIdentifier: "6100042-kick-7001" }),
      keyOf({ eventTypeId: 5 }),
      keyOf({}, 2),
    ];
    expect(new Set(keys).size).toBe(keys.length);
    expect(keyOf({ showId: "s-1", eventSourceId: 2 })).toBe(keys[0]);
  });

  it("is known by its eventId where it has no eventIdentifier", ({ expect }) => {
    const frame = changed(events["4"], { eventIdentifier: null, eventId: "other-4" });
    expect(messageIn(read(frame)).id).toBe("other-4");
    expect(messageIn(read(events["4"])).id).toBe("river-4");
    expect(messageIn(read(changed(events["4"], { eventId: "other-4" }))).id).toBe("river-4");
  });

  it("a platform without a known source is the second part of its identifier", ({ expect }) => {
    expect(toPlatform("6100042-kick-7001", 2)).toBe("twitch");
    expect(toPlatform("6100042-Canalcast-5", 77)).toBe("canalcast");
    expect(toPlatform("6100042-kick-7001", null)).toBe("kick");
    expect(toPlatform("kick", 77)).toBe("source-77");
    expect(toPlatform("a-7b-c", 77)).toBe("source-77");
    expect(toPlatform("__proto__", null)).toBe("unknown");
    for (const source of [1.5, 1e300, -0.1]) expect(toPlatform("kick", source)).toBe("unknown");
  });
});

describe("a message", () => {
  it("replaces come in reverse order", ({ expect }) => {
    const image = (name: string) => `https://images.example/emote/${name}.png`;
    expect(messageIn(read(events["4"])).fragments).toEqual([
      { type: "emote", text: "riverTea1", image: image("rivertea") },
      { type: "text", text: " hello " },
      { type: "emote", text: "riverWave", image: image("riverwave") },
    ]);
  });

  it.for([
    [[{ from: 9, to: 3 }]],
    [[{ from: 0, to: 99 }]],
    [["emote", null, { from: "0", to: 4 }]],
    [
      [
        { from: 0, to: 4 },
        { from: 2, to: 8 },
      ],
    ],
  ])("keeps its words where replaces make no sense: %j", ([replaces], { expect }) => {
    const text = "riverTea1 hello";
    const { fragments } = messageIn(read(eventFrame(4, { text, replaces })));
    expect(fragments.map((each) => each.text).join("")).toBe(text);
  });

  it("the unit of replaces is not documented: it is the one in which the picture is a word", ({
    expect,
  }) => {
    const url = "https://images.example/emote/roocry.png";
    const read4 = (text: string, from: number) => {
      const replaces = [{ from, to: from + 5, type: "imageUrl", payload: { url } }];
      return messageIn(read(eventFrame(4, { text, replaces }))).fragments;
    };
    for (const from of [3, 5, 9]) {
      expect(read4("😂😂 rooCry", from)).toEqual([
        { type: "text", text: "😂😂 " },
        { type: "emote", text: "rooCry", image: url },
      ]);
    }
  });

  it("/me of Twitch may come between control characters, with its emotes", ({ expect }) => {
    const url = "https://images.example/emote/kappa.png";
    for (const from of [6, 14]) {
      const replaces = [{ from, to: from + 4, type: "imageUrl", payload: { url } }];
      const text = "\u0001ACTION waves Kappa\u0001";
      expect(messageIn(read(eventFrame(4, { text, replaces })))).toMatchObject({
        action: true,
        text: "waves Kappa",
        fragments: [
          { type: "text", text: "waves " },
          { type: "emote", text: "Kappa", image: url },
        ],
      });
    }
  });

  it("an emote of Kick is in brackets in the text", ({ expect }) => {
    const text = "😂 [emote:37226:KEKW]";
    const frame = eventFrame(
      25,
      { text, author: { username: "kingfisher" } },
      { eventSourceId: 29 },
    );
    const draft = read(frame);
    expect(draft.platform).toBe("kick");
    expect(messageIn(draft).fragments[1]).toEqual({
      type: "emote",
      text: "[emote:37226:KEKW]",
      id: "37226",
      image: "https://files.kick.com/emotes/37226/fullsize",
    });
  });

  it("a sticker has a link where others have a text", ({ expect }) => {
    const image = "https://images.example/dl/sticker/moss.png";
    expect(messageIn(read(events["3"])).fragments).toEqual([{ type: "sticker", text: "", image }]);
    const worded = { text: "moss", link: image };
    expect(messageIn(read(eventFrame(12, worded))).fragments).toEqual([
      { type: "sticker", text: "moss", image },
    ]);
  });

  it("says whether it is /me, and whether it is for the streamer alone", ({ expect }) => {
    const said = (contentModifiers: unknown) =>
      messageIn(read(eventFrame(4, { text: "waves", contentModifiers })));
    expect(said({ me: true, whisper: false })).toMatchObject({ action: true });
    expect(said({ me: true })).not.toHaveProperty("to");
    expect(said({ me: false, whisper: true })).toMatchObject({ action: false, to: {} });
    expect(said(null)).toMatchObject({ action: false });
  });
});
