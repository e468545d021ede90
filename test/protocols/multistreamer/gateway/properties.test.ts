import * as fc from "fast-check";
import { describe, it } from "vitest";

import type { DraftOf, EventDraft } from "../../../../src/event/event.ts";
import { splitAtSpans, makeMessage } from "../../../../src/event/message.ts";
import { gateway, provider } from "../../../../src/protocols/multistreamer/index.ts";
import { draftsOf, greeted } from "../../support/drive.ts";
import { AT, everything, facts, linked, Room } from "../../support/gateway-room.ts";
import { hostile, pathsOf, replaced } from "../../support/hostile.ts";
import { linkTo } from "../../support/samples.ts";
import { samples } from "../samples.ts";

const CONNECTIONS = ["multistreamer:14", "multistreamer:31", "dlive:otter"] as const;

function room(): Room {
  const connections = CONNECTIONS.map((each) => linked(each, { platform: "twitch", live: true }));
  return new Room(gateway, [facts({ connections })]);
}

const word = fc.oneof(
  fc.constantFrom(
    "Kappa",
    "lol",
    "*bold*",
    "_x_",
    "![a](http://b/c)",
    "<b>",
    "http://a.b/c_d",
    "@mo",
  ),
  fc.string({ unit: "grapheme", minLength: 1, maxLength: 12 }).filter((text) => /^\S+$/.test(text)),
);
const text = fc.array(word, { minLength: 1, maxLength: 6 }).map((words) => words.join(" "));
const id = fc.stringMatching(/^[A-Za-z0-9_-]{1,12}$/);
const name = fc.string({ unit: "grapheme", minLength: 1, maxLength: 12 });

const chat: fc.Arbitrary<DraftOf<"chat.message">> = fc
  .record({
    platform: fc.constantFrom("twitch", "youtube", "kick", "irc", "dlive"),
    connectionId: fc.constantFrom(...CONNECTIONS),
    time: fc.integer({ min: 1, max: AT }),
    id,
    name,
    avatar: fc.option(fc.constant("https://cdn.example/p.png"), { nil: undefined }),
    text,
    action: fc.boolean(),
    to: fc.option(fc.record({ id, name }), { nil: undefined }),
  })
  .map(({ platform, connectionId, time, avatar, action, to, ...some }) => ({
    type: "chat.message" as const,
    platform,
    connectionId,
    time,
    data: {
      user: {
        key: `${platform}:${some.id}`,
        id: some.id,
        name: some.name,
        ...(avatar !== undefined && { avatar }),
        roles: [],
        badges: [],
        anonymous: false,
      },
      message: {
        ...makeMessage("", splitAtSpans(some.text, [])),
        action,
        ...(to !== undefined && { to: { key: `${platform}:${to.id}`, ...to } }),
      },
    },
  }));

const viewers: fc.Arbitrary<DraftOf<"stream.viewers">> = fc
  .record({ account: fc.integer({ min: 1, max: 999 }), count: fc.nat() })
  .map(({ account, count }) => ({
    type: "stream.viewers" as const,
    platform: "unknown",
    connectionId: `multistreamer:${account}`,
    data: { count, account: String(account) },
  }));

/** What our own client makes of what the gateway says of a draft. */
function loop(draft: EventDraft): EventDraft[] {
  const on = room();
  const client = on.join(everything);
  on.happens([draft]);
  const session = greeted(provider.open(linkTo(samples)), []);
  return client.hears<object>().flatMap((frame) => draftsOf(session.receives(frame)));
}

describe("what the gateway says, our own client", () => {
  it("takes for the same message", ({ expect }) => {
    fc.assert(
      fc.property(chat, (draft) => {
        const drafts = loop(draft);
        const { connectionId: given = "", ...said } = draft;
        const same = drafts.map(({ raw: _raw, key: _key, connectionId: _own, ...rest }) => rest);
        expect(same).toEqual([said]);
        const [connectionId] = drafts.map((each) => each.connectionId);
        // A connection that is no multistreamer's has a number for a name.
        if (given.startsWith("multistreamer:")) expect(connectionId).toBe(given);
        else expect(connectionId).toMatch(/^multistreamer:\d{10,15}$/);
      }),
      { numRuns: 300 },
    );
  });

  it("takes for the same count", ({ expect }) => {
    fc.assert(
      fc.property(viewers, (draft) => {
        const [heard] = loop(draft);
        expect(heard).toMatchObject(draft);
      }),
    );
  });

  it("finds the emotes in", ({ expect }) => {
    const url = "http://static-cdn.jtvnw.net/emoticons/v1/25/1.0";
    fc.assert(
      fc.property(chat, fc.nat(), (draft, at) => {
        const words = draft.data.message.text.split(" ").filter((each) => each !== "Kappa");
        const before = words.slice(0, at % (words.length + 1)).join(" ");
        const start = before === "" ? 0 : before.length + 1;
        const all = [before, "Kappa", ...words.slice(at % (words.length + 1))];
        const said = all.filter((each) => each !== "").join(" ");
        const fragment = { type: "emote" as const, id: "25", image: url };
        const fragments = splitAtSpans(said, [{ start, end: start + 5, fragment }]);
        const { user } = draft.data;
        const [heard] = loop({ ...draft, data: { user, message: makeMessage("", fragments) } });
        expect(heard).toMatchObject({ data: { message: { text: said, fragments } } });
      }),
    );
  });

  it("takes for the same accounts, on the air and off it", ({ expect }) => {
    const on = room();
    const client = on.join(everything);
    const session = greeted(provider.open(linkTo(samples)), []);
    const effects = session.receives(client.says({ type: "status" }).hearsOne());
    const told = effects.flatMap((each) =>
      each.type === "connection-observe" ? [each.connection] : [],
    );
    expect(told).toHaveLength(4);
    expect(told.find(({ identifier }) => identifier === "multistreamer:14")).toMatchObject({
      platform: "twitch",
      live: true,
      writable: true,
      ready: true,
    });
    on.change("demo", { connections: [] });
    on.happens([
      {
        type: "connection.closed",
        platform: "twitch",
        data: { identifier: "multistreamer:14", uuid: "u" },
      },
    ]);
    const after = client.hearsOne();
    const dropped = session.receives(after).filter(({ type }) => type === "connection-drop");
    expect(dropped).toHaveLength(3);
  });
});

const FRAMES = [
  { type: "status" },
  { type: "viewcount" },
  { type: "writer", account_id: 31, cur_stream_account_id: 14 },
  { type: "text", account_id: 14, cur_stream_account_id: 14, text: "hi" },
  { type: "emote", account_id: 0, cur_stream_account_id: 0, text: "waves" },
  { type: "text", account_id: 0, cur_stream_account_id: 0, text: "/msg john psst" },
];

const mutant = fc
  .tuple(fc.constantFrom(...FRAMES), fc.nat(), fc.oneof(fc.jsonValue(), fc.string()))
  .map(([frame, at, by]) => {
    const paths = pathsOf(frame);
    return replaced(frame, paths[at % paths.length] ?? [], by);
  });

const frames = fc.array(
  fc.oneof(
    fc.constantFrom(...FRAMES),
    mutant,
    fc.json(),
    fc.constantFrom(...Object.values(hostile)),
  ),
  { maxLength: 8 },
);

const input = fc.oneof(
  frames.map((said) => ({ said })),
  fc.array(fc.oneof(chat, viewers), { minLength: 1, maxLength: 4 }).map((told) => ({ told })),
);

describe("whatever a client sends", () => {
  it("throws nothing, and troubles nobody else", ({ expect }) => {
    fc.assert(
      fc.property(frames, (said) => {
        const on = room();
        const [wild, calm] = [on.join(everything), on.join(everything)];
        for (const frame of said) wild.says(frame);
        if (wild.closed !== null) expect([1008, 1009]).toContain(wild.closed.code);
        expect(calm.closed).toBeNull();
        calm.hears();
        expect(calm.says({ type: "status" }).hears()).toMatchObject([{ type: "status" }]);
      }),
      { numRuns: 300 },
    );
  });

  it("what is no JSON ends the socket", ({ expect }) => {
    const on = room();
    const cut = on.join(everything).says("hello");
    expect(cut.closed).toMatchObject({ code: 1008 });
    const long = on.join(everything).says({ type: "status", pad: "m".repeat(65_535) });
    expect(long.closed).toMatchObject({ code: 1009 });
    const wide = on.join(everything).says({ type: "status", pad: "é".repeat(32_768) });
    expect(wide.closed).toMatchObject({ code: 1009 });
    const mute = on.join(everything).says({ type: "text", account_id: 0 });
    expect(mute.closed).toMatchObject({ code: 1008 });
  });

  it("is passed over where it is binary, or of a type that nobody knows", ({ expect }) => {
    const client = room().join(everything).says(null).says({ type: "nope" }).says({});
    expect([client.hears(), client.closed]).toEqual([[], null]);
  });
});

describe("a session that slept", () => {
  it("goes on as if it had not, whenever it did", ({ expect }) => {
    fc.assert(
      fc.property(fc.array(input, { maxLength: 12 }), (inputs) => {
        const [awake, asleep] = [room(), room()].map((on, at) => {
          const clients = [on.join(everything), on.join({ ...everything, name: "mo" })];
          for (const client of clients) client.sleeps = at === 1;
          for (const each of inputs) {
            if ("told" in each) on.happens(each.told);
            else for (const frame of each.said) clients[0]?.says(frame);
          }
          const states = clients.map(({ session }) => session.snapshot());
          return [
            clients.map((client) => [client.hears(), client.closed]),
            on.sends,
            on.log,
            states,
          ];
        });
        expect(asleep).toEqual(awake);
      }),
      { numRuns: 200 },
    );
  });

  it("is none where its memory is of another kind", ({ expect }) => {
    for (const kept of [null, {}, [], "state", { session: "s" }]) {
      expect(gateway.restore(kept)).toBeNull();
    }
  });
});
