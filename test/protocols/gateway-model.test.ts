import * as fc from "fast-check";
import { describe, it } from "vitest";

import type { Scope } from "../../src/event/principal.ts";
import { catalogue, marked, marksIn } from "./support/gateway-events.ts";
import type { SentFrame } from "./support/gateway-samples.ts";
import { socketSuites, type SocketSuite } from "./support/gateway-suites.ts";
import { GatewayWorld } from "./support/gateway-world.ts";
import { empty, hostile, pathsOf, replaced, wrong } from "./support/hostile.ts";

// What every gateway promises, in whatever order things happen: what a client says, what happens on
// channels, answers that come late, in another order or never, and sleep in between.

const CHANNELS = ["demo", "constructor"] as const;

type Step =
  | { readonly type: "say"; readonly frame: unknown; readonly afterMs: number }
  | { readonly type: "happen"; readonly channel: string; readonly which: readonly number[] }
  | { readonly type: "answer"; readonly which: number; readonly no: number }
  | { readonly type: "overhear"; readonly which: number }
  | { readonly type: "gone"; readonly channel: string }
  | { readonly type: "heartbeat" | "settle" | "sleep" | "lose" | "plan" };

function steps({ socket }: SocketSuite): fc.Arbitrary<Step[]> {
  const known = [...socket.greeting, ...Object.values(socket.frames)];
  const mutant = fc
    .tuple(fc.constantFrom(...known), fc.nat(), fc.constantFrom(...wrong, ...empty))
    .map(([frame, at, by]) => {
      const paths = pathsOf(frame);
      return replaced(frame, paths[at % paths.length] ?? [], by);
    });
  const frame = fc.oneof(
    { weight: 8, arbitrary: fc.constantFrom(...known) },
    { weight: 2, arbitrary: mutant },
    fc.constantFrom(...Object.values(hostile), null),
    fc.json(),
  );
  const nth = fc.nat({ max: 7 });
  const channel = fc.constantFrom(...CHANNELS);
  const step = fc.oneof(
    {
      weight: 6,
      arbitrary: fc.record({
        type: fc.constant("say" as const),
        frame,
        afterMs: fc.constantFrom(0, 99, 1000, 1000, 20_000),
      }),
    },
    {
      weight: 5,
      arbitrary: fc.record({
        type: fc.constant("happen" as const),
        channel,
        which: fc.array(fc.nat({ max: catalogue.length - 1 }), { maxLength: 4 }),
      }),
    },
    {
      weight: 5,
      arbitrary: fc.record({
        type: fc.constant("answer" as const),
        which: nth,
        no: fc.constantFrom(0, 0, 0, 1, 2, 3, 4),
      }),
    },
    fc.record({ type: fc.constant("overhear" as const), which: nth }),
    fc.record({ type: fc.constant("gone" as const), channel }),
    fc.record({ type: fc.constantFrom("heartbeat", "settle", "sleep", "lose", "plan" as const) }),
  );
  return fc.array(step, { maxLength: 40 });
}

let marks = 0;

function take(world: GatewayWorld, step: Step, seat: "channel" | "hub"): void {
  const { at } = world;
  switch (step.type) {
    case "say":
      world.at += step.afterMs;
      world.say(step.frame);
      return;
    case "happen": {
      marks += 1;
      const drafts = step.which.flatMap((each) => catalogue[each] ?? []);
      world.happen([...drafts, marked(marks)], step.channel);
      return;
    }
    case "answer":
      world.answer(step.which, step.no);
      return;
    case "overhear":
      world.overhear(step.which);
      return;
    case "gone":
      // One that is about a channel ends with it, and is not told.
      if (seat === "hub" && world.follows.delete(step.channel)) {
        world.hand({ type: "channel-gone", at, channel: step.channel });
      }
      return;
    case "heartbeat":
      world.hand({ type: "heartbeat", at });
      return;
    case "plan":
      world.hand({ type: "hand-over-planned", at, token: "sealed" });
      return;
    case "settle":
      world.settle();
      return;
    case "sleep":
      world.sleep();
      return;
    case "lose":
      world.lose();
  }
}

/** The marks that each subscription was told, in their order. */
function toldBy({ samples }: SocketSuite, sent: readonly SentFrame[]): number[][] {
  const bySubscription = new Map<string, number[]>();
  for (const frame of sent) {
    const key = samples.subscriptionOf?.(frame) ?? "";
    bySubscription.set(key, [...(bySubscription.get(key) ?? []), ...marksIn(frame)]);
  }
  return [...bySubscription.values()];
}

describe.for(socketSuites)("a socket of $name, whatever happens in whatever order", (suite) => {
  const { gateway, socket, samples } = suite;
  const scopes: Scope[] = socket.writesWith === null ? [] : [socket.writesWith];
  const play = (all: readonly Step[], given: readonly Scope[], isForgetful: boolean) => {
    marks = 0;
    const world = new GatewayWorld(suite, given);
    world.isForgetful = isForgetful;
    for (const step of all) take(world, step, gateway.seat);
    return world;
  };

  it("asks for nothing that it may not, says nothing after its close, and throws nothing", ({
    expect,
  }) => {
    fc.assert(
      fc.property(steps(suite), fc.boolean(), (all, mayWrite) => {
        const world = play(all, mayWrite ? scopes : [], false);
        expect(world.faults).toEqual([]);
      }),
      { numRuns: 100 },
    );
  });

  it("says each event at most once, in order", ({ expect }) => {
    fc.assert(
      fc.property(steps(suite), (all) => {
        for (const told of toldBy(suite, play(all, scopes, false).sent)) {
          expect(told).toEqual([...new Set(told)].toSorted((a, b) => a - b));
        }
      }),
      { numRuns: 100 },
    );
  });

  it("is the same whether or not it sleeps before each input", ({ expect }) => {
    fc.assert(
      fc.property(steps(suite), (all) => {
        const [awake, asleep] = [play(all, scopes, false), play(all, scopes, true)];
        expect(asleep.sent).toEqual(awake.sent);
        expect(asleep.pending).toEqual(awake.pending);
        expect(asleep.snapshot).toEqual(awake.snapshot);
        expect([asleep.closed, asleep.faults]).toEqual([awake.closed, awake.faults]);
      }),
      { numRuns: 100 },
    );
  });

  it("says what happens once it is greeted, with everything that a client may say before", ({
    expect,
  }) => {
    fc.assert(
      fc.property(steps(suite), (before) => {
        const world = play(before, scopes, false);
        world.lose();
        world.at += 60_000;
        for (const frame of socket.greeting) world.say(frame).settle();
        if (world.closed !== null || !world.follows.has("demo")) return;
        world.sent = [];
        world.happen([marked(1_000_000)]);
        const isSaid = socket.says["chat.message"] !== undefined;
        const told = world.sent.flatMap(marksIn);
        expect(told.length > 0).toBe(isSaid);
      }),
      { numRuns: 100 },
    );
  });

  it("answers each request once, in whatever order its own are answered", ({ expect }) => {
    const { exchange } = socket;
    if (exchange === undefined) return;
    const order = fc.array(fc.tuple(fc.nat({ max: 5 }), fc.nat({ max: 2 }), fc.boolean()), {
      minLength: 1,
      maxLength: 12,
    });
    fc.assert(
      fc.property(order, (all) => {
        const world = new GatewayWorld(suite, scopes);
        world.sent = [];
        for (const [at, [which, no, isSettled]] of all.entries()) {
          world.at += exchange.paceMs;
          world.say(exchange.request(at)).sleep();
          // No more wait than a client could have under way.
          if (isSettled || at % 3 === 2) world.settle();
          else world.answer(which, no);
        }
        world.settle();
        const answered = world.sent.flatMap((frame) => exchange.keyOf(frame) ?? []);
        expect(answered.toSorted()).toEqual([...all.keys()].map(exchange.key).toSorted());
        expect([world.faults, world.closed]).toEqual([[], null]);
      }),
      { numRuns: 100 },
    );
  });

  it("goes on as the one that it takes over from, where the protocol hands over", ({ expect }) => {
    if (gateway.handOver === undefined) return;
    const before = new GatewayWorld(suite, scopes);
    for (const frame of socket.greeting) before.say(frame).settle();
    const left = gateway.handOver(before.snapshot);
    expect(JSON.stringify(left)).not.toContain(samples.token);
    const after = new GatewayWorld(suite, scopes, left).settle();
    expect([...after.follows]).toEqual([...before.follows]);
    expect(after.sent.map((frame) => samples.kindOf(frame))).toEqual(socket.opened);
    after.sent = [];
    after.happen([marked(1)]);
    expect(after.sent.flatMap(marksIn)).toEqual([1]);
    expect(after.faults).toEqual([]);
    const none = new GatewayWorld(suite, scopes, null).settle();
    expect(none.faults).toEqual([]);
    expect(none.follows.size).toBe(0);
  });
});
