import { describe, it } from "vitest";

import type { Json } from "../../../../src/lib/json.ts";
import { gateway } from "../../../../src/protocols/interactive-sync/index.ts";
import { AT } from "../../support/drive.ts";
import { serve } from "../../support/gateway.ts";
import conversation from "../conversation.json";
import { Room, type Told } from "../room.ts";

const ok = { status: "ok", context: "message", data: null };
const accepted = { ...ok, message: "Message was well received and transfered to Twitch API." };
const ignored = (words: string, data: unknown = null): Told => ({
  status: "warning",
  context: "message",
  message: `${words} ; message is ignored.`,
  data,
});
const TOO_SOON = ignored("The time between your previous message and message received is too high");
const UNPARSABLE = ignored("A parsing error occured with the JSON received");
const INCOMPLETE = ignored("Context or data is missing");
const IDENTICAL = "JSON received has an identical ID than the previous";
const ended = (words: string, data: unknown = null) => ({
  status: "error",
  context: "message",
  message: `${words} ; connection will be terminated.`,
  data,
});

// What a game sees of a room is the same whether or not everything sleeps in between.
const rooms = [
  ["awake", false],
  ["that sleeps between any two inputs", true],
] as const;

describe.for(rooms)("a game on a channel %s", ([, sleeps]) => {
  it("is greeted, and nobody has to wait for it", ({ expect }) => {
    const game = new Room({ sleeps }).greeted();
    expect(game.hears()).toEqual([
      {
        status: "ok",
        context: "connection",
        message: "You are well connected with the channel",
        data: { displayName: "Demo", channelId: "7" },
      },
    ]);
    // The real server loses what comes before its ok. There is no before here.
    expect(game.shows({ id: "dawn" }, 0).hears()).toEqual([accepted]);
  });

  it("gets the answers that the real server gives, in its order", ({ expect }) => {
    const game = new Room({ sleeps }).game();
    for (const { afterMs, says, hears } of conversation) {
      expect(game.says(says, afterMs).hears(), JSON.stringify(says)).toEqual(hears);
    }
    expect(game.closed).toBeNull();
  });

  it("is told the first rule that a message breaks", ({ expect }) => {
    const room = new Room({ sleeps });
    const game = room.game();
    game.shows({ id: "dawn" }).hears();
    const padding = (chars: number) => {
      const frame = JSON.stringify({ context: "user_interface", data: { id: "dusk", x: "" } });
      return frame.replace('"x":""', `"x":"${"é".repeat(chars - frame.length)}"`);
    };
    expect(game.says("x".repeat(2095), 500).hears()).toEqual([TOO_SOON]);
    expect(game.says(padding(2095)).hears()).toEqual([
      ignored("Size of the JSON received is too big"),
    ]);
    const [invalid] = game.says(padding(2094)).hears();
    expect(invalid).toMatchObject({ message: "JSON received is invalid ; message is ignored." });
    expect(game.shows({ id: "dawn", x: 1 }).hears()[0]).toMatchObject({
      message: invalid?.message,
    });
  });

  it.for([
    ["nothing", ""],
    ["no JSON", "{not json"],
    ["a binary frame", null],
  ] as const)("sends what cannot be read: %s", ([, frame], { expect }) => {
    expect(new Room({ sleeps }).game().says(frame).hears()).toEqual([UNPARSABLE]);
  });

  it.for(
    [
      "null",
      "[]",
      "7",
      '"text"',
      '{"context":"input","data":{}}',
      '{"data":{"id":"1"}}',
      '{"context":"user_interface"}',
      '{"context":"user_interface","data":null}',
      '{"context":"user_interface","data":0}',
      '{"context":"user_interface","data":""}',
      '{"context":["user_interface"],"data":{}}',
    ].map((frame) => [frame]),
  )("sends what lacks something: %s", ([frame], { expect }) => {
    expect(new Room({ sleeps }).game().says(frame).hears()).toEqual([INCOMPLETE]);
  });

  it("a message that is too soon does not move the clock, and one that is refused does", ({
    expect,
  }) => {
    const game = new Room({ sleeps }).game();
    expect(game.shows({ id: "a" }).hears()).toEqual([accepted]);
    expect(game.shows({ id: "b" }, 999).hears()).toEqual([TOO_SOON]);
    expect(game.shows({ id: "b" }, 1).hears()).toEqual([accepted]);
    expect(game.says("{", 1000).hears()).toEqual([UNPARSABLE]);
    expect(game.shows({ id: "c" }, 100).hears()).toEqual([TOO_SOON]);
    expect(game.shows({ id: "c" }, 900).hears()).toEqual([accepted]);
    expect(game.closed).toBeNull();
  });

  it("two messages within 100 ms end the connection", ({ expect }) => {
    const game = new Room({ sleeps }).game();
    game.shows({ id: "a" }).hears();
    expect(game.shows({ id: "b" }, 99).hears()).toEqual([ended("We have detected spam")]);
    expect(game.closed).toEqual({ code: 1008, reason: "" });
  });

  it("does not lose its pace to a clock that is put back", ({ expect }) => {
    const game = new Room({ sleeps }).game();
    game.shows({ id: "a" }).hears();
    expect(game.shows({ id: "b" }, -5000).hears()).toEqual([accepted]);
  });

  it("the fifth warning is followed by one more message, and then the cut", ({ expect }) => {
    const game = new Room({ sleeps }).game();
    for (const words of ["{", "[", '"', "'"]) {
      expect(game.says(words).hears()).toEqual([UNPARSABLE]);
      expect(game.closed).toBeNull();
    }
    // The count never goes back.
    expect(game.shows({ id: "a" }).hears()).toEqual([accepted]);
    expect(game.says("}").hears()).toEqual([
      UNPARSABLE,
      ended("You have exceeded the warning limit", { limit: 5 }),
    ]);
    expect(game.closed).toEqual({ code: 1008, reason: "" });
  });

  it("sends the id that is shown already", ({ expect }) => {
    const room = new Room({ sleeps });
    const [game, other] = [room.game(), room.game()];
    game.shows({ id: "a" }).hears();
    const twin = ignored(IDENTICAL, { previousID: "a", newID: "a" });
    expect(game.shows({ id: "a", config: { ripple: 0 } }).hears()).toEqual([twin]);
    // What is shown is the channel's, whoever showed it; the last to write is who is seen.
    expect(other.shows({ id: "a" }).hears()).toEqual([twin]);
    expect(other.shows({ id: "b" }).hears()).toEqual([accepted]);
    expect(game.shows({ id: "a" }).hears()).toEqual([accepted]);
  });

  it("an empty interface is none, and what a closed socket leaves behind is an empty one", ({
    expect,
  }) => {
    const room = new Room({ sleeps });
    const [game, other] = [room.game(), room.game()];
    expect(room.shown).toBeNull();
    for (const data of [{}, {}, { id: "a" }, {}, {}]) {
      expect(game.shows(data).hears()).toEqual([accepted]);
    }
    expect(room.shown).toBeNull();
    other.leaves();
    expect(room.shown).toEqual({});
    expect(game.shows({}).hears()).toEqual([ignored(IDENTICAL, {})]);
    expect(game.shows({ id: "a" }).hears()).toEqual([accepted]);
  });

  it("any socket's end takes away what is shown, whoever showed it", ({ expect }) => {
    const room = new Room({ sleeps });
    const [game, other] = [room.game(), room.game()];
    const page = room.viewer();
    game.shows({ id: "a" }).hears();
    page.hears();
    other.leaves();
    expect(page.hears()).toEqual([{ type: "user_interface", data: {} }]);
    expect(room.shown).toEqual({});
    expect(room.passed).toEqual([{ id: "a" }, {}]);
    game.shows({ id: "a" });
    // A page's end is nothing to anybody.
    page.leaves();
    expect(room.shown).toMatchObject({ id: "a" });
    game.leaves();
    expect(room.passed).toEqual([{ id: "a" }, {}, { id: "a" }, {}]);
  });

  it("ends with its object, and with it what is shown", ({ expect }) => {
    const room = new Room({ sleeps });
    const [game, other] = [room.game(), room.game()];
    game.shows({ id: "a" }).hears();
    room.restarts();
    expect(room.shown).toMatchObject({ id: "a" });
    room.restarts([other]);
    expect(room.shown).toEqual({});
    expect(game.shows({ id: "a" }).hears()).toEqual([accepted]);
  });

  it("is told why what it sent was not taken on, and nothing is counted", ({ expect }) => {
    const room = new Room({ sleeps });
    const game = room.game();
    room.refusal = "Too much waits to be sent.";
    for (const id of ["a", "b", "c", "d", "e", "f"]) {
      expect(game.shows({ id }).hears()).toEqual([
        { status: "error", context: "message", message: room.refusal, data: null },
      ]);
    }
    expect(game.closed).toBeNull();
    room.refusal = null;
    expect(game.shows({ id: "g" }).hears()).toEqual([accepted]);
  });

  it("is cut where its channel is no longer known", ({ expect }) => {
    const game = new Room({ sleeps }).game();
    game.session.handle({
      type: "frame-received",
      at: 0,
      frame: JSON.stringify({ context: "user_interface", data: { id: "a" } }),
    });
    game.hand({ type: "channel-looked", at: 0, requestId: "0", channel: null });
    expect(game.hears()).toEqual([ended("For unknown reasons, channelID is undefined")]);
    expect(game.closed?.code).toBe(1008);
  });
});

describe("a viewer's socket", () => {
  it("is told at once what is shown, and from then on what else is", ({ expect }) => {
    const room = new Room({ sleeps: true });
    const early = room.viewer();
    expect(early.hears()).toEqual([{ type: "user_interface" }]);
    const game = room.game();
    game.shows({ id: "a" });
    const shown = { id: "a", config: { transparent: false, ripple: true } };
    expect(early.hears()).toEqual([{ type: "user_interface", data: shown }]);
    expect(room.viewer().hears()).toEqual([{ type: "user_interface", data: shown }]);
    game.shows({});
    expect(early.hears()).toEqual([{ type: "user_interface" }]);
  });

  it("is told in a text that is written once, for however many there are", ({ expect }) => {
    const room = new Room({ sleeps: false });
    const pages = [room.viewer(), room.viewer(), room.viewer()];
    let written = 0;
    const note = {
      toJSON() {
        written += 1;
        return { type: "user_interface" };
      },
    } as unknown as Json;
    for (const page of pages) {
      page.hears();
      page.hand({ type: "peer-told", at: 0, channel: "demo", note });
      expect(page.hears()).toEqual([{ type: "user_interface" }]);
    }
    expect(written).toBe(1);
  });

  it("may say whatever it likes", ({ expect }) => {
    const room = new Room({ sleeps: true });
    const page = room.viewer();
    page.hears();
    for (const frame of ["{", null, '{"context":"user_interface","data":{"id":"a"}}']) {
      page.says(frame, 1);
    }
    expect(page.hears()).toEqual([]);
    expect(page.closed).toBeNull();
    expect(room.shown).toBeNull();
  });
});

describe("a game's or a page's session", () => {
  it("remembers three messages without an answer, and ends with the fourth", ({ expect }) => {
    const session = serve(gateway);
    const show = (at: number) =>
      session.hears({
        type: "frame-received",
        at: AT + at * 1000,
        frame: JSON.stringify({ context: "user_interface", data: { id: `id${at}` } }),
      });
    for (const at of [0, 1, 2]) {
      expect(show(at)).toEqual([{ type: "channel-look", requestId: String(at), channel: "demo" }]);
    }
    expect(show(3)).toEqual([{ type: "socket-close", code: 1013, reason: "try again later" }]);
  });

  it.for([null, {}, { role: "streamer" }, { role: "game" }, "game"])(
    "is not made of %j",
    (snapshot, { expect }) => {
      expect(gateway.restore(snapshot)).toBeNull();
    },
  );
});
