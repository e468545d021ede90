import * as fc from "fast-check";
import { describe, it } from "vitest";

import { gateway } from "../../../../src/protocols/astro/index.ts";
import { TOPICS } from "../../../../src/protocols/astro/wire/topics.ts";
import { allSamples } from "../../../support/samples.ts";
import { everything, facts, Room, type Client } from "../../support/gateway-room.ts";
import { hostile, pathsOf, replaced } from "../../support/hostile.ts";

const ERRORS = [
  "err_bad_request",
  "err_unauthorized",
  "invalid_message",
  "invalid_message_type",
  "rate_limit_exceeded",
];

function room(): Room {
  const on = new Room(gateway, [facts(), facts({ id: "other", number: 22 })]);
  on.credentials.set("t", everything);
  on.credentials.set("key", { ...everything, credentialId: "c-2", channels: null });
  return on;
}

const command = fc
  .record({
    type: fc.constantFrom("subscribe", "unsubscribe"),
    nonce: fc.constantFrom("n-1", "n-2", 3, null),
    topic: fc.constantFrom(...TOPICS.slice(0, 6), "channel.stream.status"),
    room: fc.constantFrom(undefined, "", "demo", "other", "nowhere"),
    token: fc.constantFrom("t", "key", "nope", undefined),
    token_type: fc.constantFrom("jwt", "oauth", "oauth2", undefined),
  })
  .map(({ type, nonce, ...data }) => ({ type, nonce, data }));

const mutant = fc
  .tuple(command, fc.nat(), fc.oneof(fc.jsonValue(), fc.string()))
  .map(([frame, at, by]) => {
    const paths = pathsOf(frame);
    return replaced(frame, paths[at % paths.length] ?? [], by);
  });

const frames = fc.array(
  fc.oneof(
    { weight: 4, arbitrary: command },
    mutant,
    fc.json(),
    fc.constantFrom(...Object.values(hostile)),
  ),
  { maxLength: 8 },
);

const input = fc.oneof(
  frames.map((said) => ({ said })),
  fc.record({
    told: fc.subarray([...allSamples]),
    channel: fc.constantFrom("demo", "other"),
  }),
  fc.constant({ token: "sealed" }),
);

function say(client: Client, said: readonly unknown[]): void {
  for (const frame of said) client.says(frame);
}

describe("whatever a client sends", () => {
  it("is answered in Astro's own words, once each, and throws nothing", ({ expect }) => {
    fc.assert(
      fc.property(frames, (said) => {
        const on = room();
        const [wild, calm] = [on.join(null, null), on.join(null, null)];
        wild.hears();
        say(wild, said);
        const answers = wild.hears();
        expect(answers).toHaveLength(said.length);
        for (const { type, error } of answers) {
          expect(type).toBe("response");
          if (error !== undefined) expect(ERRORS).toContain(error);
        }
        expect(new Set(answers.map(({ id }) => id)).size).toBe(answers.length);
        expect(wild.closed).toBeNull();
        expect(calm.hears()).toMatchObject([{ type: "welcome" }]);
      }),
      { numRuns: 300 },
    );
  });

  it("is passed over where it is binary", ({ expect }) => {
    const client = room().join(null, null);
    client.hears();
    expect([client.says(null).hears(), client.closed]).toEqual([[], null]);
  });

  it("is refused where it is longer than any command", ({ expect }) => {
    const client = room().join(null, null);
    client.hears();
    const data = { topic: "channel.tips", token: "t", pad: "m".repeat(20_000) };
    expect(client.says({ type: "subscribe", data }).hearsOne()).toMatchObject({
      error: "err_bad_request",
    });
  });
});

describe("a session that slept", () => {
  it("goes on as if it had not, whenever it did", ({ expect }) => {
    fc.assert(
      fc.property(fc.array(input, { maxLength: 12 }), (inputs) => {
        const [awake, asleep] = [room(), room()].map((on, at) => {
          const client = on.join(null, null);
          client.sleeps = at === 1;
          for (const each of inputs) {
            if ("told" in each) on.happens(each.told, { channel: each.channel });
            else if ("said" in each) say(client, each.said);
            else client.hand({ type: "hand-over-planned", at: on.at, token: each.token });
          }
          const follows = [...(on.follows.get(client)?.keys() ?? [])];
          return [client.hears(), client.closed, client.session.snapshot(), follows];
        });
        expect(asleep).toEqual(awake);
      }),
      { numRuns: 200 },
    );
  });

  it("follows just the rooms that something is subscribed in", ({ expect }) => {
    fc.assert(
      fc.property(frames, (said) => {
        const on = room();
        const client = on.join(null, null);
        say(client, said);
        const { rooms } = client.session.snapshot() as { rooms: object };
        expect(new Set(on.follows.get(client)?.keys())).toEqual(new Set(Object.keys(rooms)));
      }),
      { numRuns: 300 },
    );
  });
});
