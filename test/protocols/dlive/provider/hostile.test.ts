import * as fc from "fast-check";
import { describe, it } from "vitest";

import { gateway } from "../../../../src/protocols/dlive/index.ts";
import type { GatewayInput } from "../../../../src/protocols/gateway-session.ts";
import { allSamples } from "../../../support/samples.ts";
import { attachedBytes } from "../../support/attachment.ts";
import { hostile, mutantsOf, wrong, empty } from "../../support/hostile.ts";
import { AT, Client, eventOf, factsOf, INIT, reader, start } from "../client.ts";

const streamer = fc.constantFrom("otterbrook", "heron", "constructor", "Not A Slug");
const id = fc.constantFrom<unknown>("1", "2", 2, "", null, undefined, {}, "x".repeat(200));

const payload = fc.oneof(
  fc
    .tuple(streamer, fc.constantFrom("streamMessageReceived", "treasureChestMessageReceived"))
    .map(([streamer, field]) => start(streamer, "1", field).payload),
  streamer.map((streamer) => ({ variables: { streamer }, operationName: "TreasureChest" })),
  fc.record({ query: fc.string() }),
  fc.jsonValue({ maxDepth: 2 }),
);

const frame = fc.oneof(
  { arbitrary: fc.constant<unknown>(INIT), weight: 2 },
  { arbitrary: fc.record({ type: fc.constant("start"), id, payload }), weight: 5 },
  { arbitrary: fc.record({ type: fc.constant("stop"), id }), weight: 3 },
  { arbitrary: fc.jsonValue({ maxDepth: 3 }), weight: 1 },
  { arbitrary: fc.constantFrom(...Object.values(hostile)), weight: 1 },
  { arbitrary: fc.constant({ type: "connection_terminate" }), weight: 1 },
);

const events = fc
  .array(fc.constantFrom(...allSamples), { maxLength: 4 })
  .map((drafts) => drafts.map((draft, index) => eventOf(draft, index + 1)));

const at = fc.integer({ min: AT, max: AT + 60_000 });

const input: fc.Arbitrary<GatewayInput> = fc.oneof(
  {
    arbitrary: fc.record({
      type: fc.constant("frame-received" as const),
      at,
      frame: fc.oneof(
        { arbitrary: frame.map((each) => JSON.stringify(each) ?? ""), weight: 20 },
        { arbitrary: fc.constant(null), weight: 1 },
      ),
    }),
    weight: 8,
  },
  {
    arbitrary: fc.record({
      type: fc.constant("credential-checked" as const),
      at,
      requestId: fc.constant("init"),
      principal: fc.constantFrom(reader, reader, reader, null),
    }),
    weight: 3,
  },
  {
    arbitrary: fc.tuple(streamer, fc.boolean()).map(([requestId, ok]) => ({
      type: "follow-answered" as const,
      at: AT,
      requestId,
      answer: ok
        ? { ok, value: factsOf(requestId) }
        : { ok, code: "forbidden" as const, detail: "no" },
    })),
    weight: 3,
  },
  {
    arbitrary: fc.record({
      type: fc.constant("events-observed" as const),
      at,
      channel: streamer,
      events,
    }),
    weight: 3,
  },
  { arbitrary: fc.record({ type: fc.constant("heartbeat" as const), at }), weight: 2 },
);

const TYPES = ["connection_ack", "ka", "data", "error", "complete", "connection_error"];

describe("whatever a client of DLive's does", () => {
  it("nothing throws, and all that is answered is a frame of the protocol", ({ expect }) => {
    fc.assert(
      fc.property(fc.array(input, { maxLength: 30 }), (inputs) => {
        const client = new Client();
        for (const each of inputs) client.handle(each);
        for (const frame of client.frames()) {
          expect(TYPES).toContain(frame["type"]);
          if (frame["type"] === "ka" || frame["type"] === "connection_ack") {
            expect(Object.keys(frame)).toEqual(["type"]);
          }
        }
        const closes = client.asked.filter(({ type }) => type === "socket-close");
        expect(closes.length).toBeLessThanOrEqual(1);
      }),
      { numRuns: 2000 },
    );
  });

  it("its object may sleep between any two things, and nobody notices", ({ expect }) => {
    fc.assert(
      fc.property(fc.array(input, { maxLength: 30 }), (inputs) => {
        const awake = new Client();
        const asleep = new Client(true);
        for (const each of inputs) expect(asleep.handle(each)).toEqual(awake.handle(each));
        expect(asleep.principals).toEqual(awake.principals);
      }),
      { numRuns: 2000 },
    );
  });

  it("each channel is followed at most once at a time, and let go of as often", ({ expect }) => {
    fc.assert(
      fc.property(fc.array(input, { maxLength: 40 }), (inputs) => {
        const client = new Client();
        const held = new Map<string, number>();
        for (const each of inputs) {
          // Nothing is answered that was not asked.
          if (each.type === "follow-answered" && held.get(each.requestId) !== 1) continue;
          const isRefused = each.type === "follow-answered" && !each.answer.ok;
          for (const effect of client.handle(each)) {
            if (effect.type === "channel-unfollow") held.delete(effect.channel);
            if (effect.type !== "channel-follow") continue;
            const isAgain = each.type === "heartbeat";
            expect(held.has(effect.channel)).toBe(isAgain);
            held.set(effect.channel, 1);
          }
          if (each.type !== "follow-answered") continue;
          if (isRefused) held.delete(each.requestId);
          else if (held.has(each.requestId)) held.set(each.requestId, 2);
        }
      }),
      { numRuns: 2000 },
    );
  });

  it.for(Object.entries(hostile))(
    "%s ends the socket with words of the protocol",
    ([, text], { expect }) => {
      for (const client of [
        new Client(),
        new Client().says(INIT),
        new Client().says(INIT).isKnown(),
      ]) {
        client.texts();
        client.says(text);
        expect(client.frames()).toMatchObject([{ type: "connection_error" }]);
        expect(client.asked.at(-1)).toMatchObject({ type: "socket-close", code: 1002 });
      }
    },
  );

  it("no frame with something else in one of its places is more than refused", ({ expect }) => {
    const frames = [
      start("otterbrook"),
      {
        ...start("otterbrook"),
        payload: {
          variables: { streamer: "x" },
          query: "subscription($streamer:String!){streamMessageReceived(streamer:$streamer){type}}",
          operationName: "S",
        },
      },
    ];
    for (const { where, frame } of frames.flatMap((each) =>
      mutantsOf(each, [...wrong, ...empty]),
    )) {
      const client = new Client().says(INIT).isKnown();
      client.texts();
      client.says(frame);
      for (const { type } of client.frames())
        expect([where, type]).toEqual([where, expect.stringMatching(/error$/)]);
    }
  });
});

describe("what a socket remembers", () => {
  it("is nothing that can be told from a state of ours", ({ expect }) => {
    for (const snapshot of [null, {}, { phase: "asleep" }, { phase: "ready" }, "new"]) {
      expect(gateway.restore(snapshot)).toBeNull();
    }
  });

  it("holds no credential", ({ expect }) => {
    const { session } = gateway.open({
      at: AT,
      session: "s",
      about: null,
      principal: null,
      channel: null,
    });
    session.handle({ type: "frame-received", at: AT, frame: JSON.stringify(INIT) });
    expect(JSON.stringify(session.snapshot())).not.toContain("YOUR_APP");
  });

  it("is little, whatever is asked for", ({ expect }) => {
    const { session } = gateway.open({
      at: AT,
      session: "s",
      about: null,
      principal: null,
      channel: null,
    });
    const say = (frame: object) =>
      session.handle({ type: "frame-received", at: AT, frame: JSON.stringify(frame) });
    say(INIT);
    session.handle({ type: "credential-checked", at: AT, requestId: "init", principal: reader });
    for (let i = 0; i < 500; i += 1)
      say(start(`s${i}-${"x".repeat(50)}`, `${i}${"\u{1F9A6}".repeat(60)}`));
    const bytes = attachedBytes(session.snapshot());
    expect(bytes).toBeLessThan(14_500);
    expect(bytes).toBeGreaterThan(9_000);
  });
});
