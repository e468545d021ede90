import * as fc from "fast-check";
import { describe, it } from "vitest";

import { failForGood, failLater } from "../../src/client/errors.ts";
import type { Frame } from "../../src/client/frames.ts";
import { isAfter } from "../../src/client/place.ts";
import type { SessionEffect, SessionInput, TimerName } from "../../src/client/session-state.ts";
import { at, Driven, eventAt, framed } from "./support/session.ts";

/** A connection as the relay has it: what it has sent, and the client has not read. */
interface Socket {
  /** Up to where it was sent. */
  at: number;
  readonly unread: Frame[];
  hasHello: boolean;
}

const WAIT_MAX_MS = 300_000 * 1.25;

/** A relay with one log, and a session that talks to it. */
class Model {
  readonly session: Driven;
  readonly sockets = new Map<number, Socket>();
  readonly timers = new Map<TimerName, number>();
  readonly settled: string[] = [];
  readonly asked: string[] = [];
  readonly faults: string[] = [];
  head = 0;
  pending: { id: number; step: "credential" | "ticket" } | null = null;
  #position: string | null = null;
  #posted: string[] = [];

  constructor(gaps: "tell" | "fill") {
    this.session = new Driven({ gaps, asks: true });
  }

  take(input: SessionInput): void {
    const wasStopped = this.session.state.shown.name === "stopped";
    this.session.take(input);
    for (const effect of this.session.effects) this.#perform(effect);
    const { position, line, attempt } = this.session.state;
    if (position !== null && this.#position !== null && isAfter(this.#position, position)) {
      this.faults.push("the place went back");
    }
    this.#position = position;
    const dials = this.session.effectsOf("credential-ask");
    if (wasStopped && dials.length > 0 && input.type !== "wanted") {
      this.faults.push(`dialled after it stopped, on ${JSON.stringify(input)}`);
    }
    const open = [...this.sockets.keys()];
    if (open.some((id) => id !== line?.id && id !== attempt?.id)) {
      this.faults.push("a socket is open that nobody wants");
    }
  }

  #perform(effect: SessionEffect): void {
    switch (effect.type) {
      case "credential-ask":
        this.pending = { id: effect.id, step: "credential" };
        return;
      case "ticket-ask":
        this.pending = { id: effect.id, step: "ticket" };
        return;
      case "socket-open": {
        const { id, after } = effect;
        const from = after === null ? this.head : Number(after.split("-")[1]);
        this.sockets.set(id, { at: from, unread: [], hasHello: false });
        return;
      }
      case "socket-close":
        this.sockets.delete(effect.id);
        return;
      case "socket-send":
        return this.#answer(effect.id, effect.frame as Record<string, unknown>);
      case "timer-set":
        if (!(effect.ms >= 0 && (effect.ms <= WAIT_MAX_MS || effect.name === "renew"))) {
          this.faults.push(`a timer of ${effect.ms} ms: ${effect.name}`);
        }
        this.timers.set(effect.name, effect.ms);
        return;
      case "timer-clear":
        this.timers.delete(effect.name);
        return;
      case "command-post":
        this.#posted.push(effect.key);
        return;
      case "command-settle":
        this.settled.push(effect.key);
        return;
      default:
    }
  }

  #answer(id: number, frame: Record<string, unknown>): void {
    const socket = this.sockets.get(id);
    if (socket === undefined) return;
    const { type, id: command, after } = frame;
    if (type === "ping") return void socket.unread.push({ type: "pong" });
    if (typeof after === "string") socket.at = Number(after.split("-")[1]);
    const data = type === "subscribe" ? { position: at(this.head) } : { targets: ["a"] };
    socket.unread.push({ type: "result", id: command, ok: true, data });
  }

  /** The relay sends what there is: all of it, or with some left out. */
  send(id: number, isShed: boolean): void {
    const socket = this.sockets.get(id);
    if (socket === undefined || socket.at >= this.head) return;
    const frame = framed(socket.at, this.head);
    if (isShed) {
      const { from, to } = frame;
      const shed = this.head - socket.at - 1;
      socket.unread.push({ type: "gap", from, to, cause: "slow", shed });
      socket.unread.push({ ...frame, events: [eventAt(this.head)] });
    } else socket.unread.push(frame);
    socket.at = this.head;
  }

  /** The client reads the next frame of a socket. */
  read(id: number): void {
    const socket = this.sockets.get(id);
    if (socket === undefined) return;
    if (!socket.hasHello) {
      socket.hasHello = true;
      const frame = { type: "hello", position: at(this.head) } as const;
      return this.take({ type: "frame", id, frame });
    }
    const frame = socket.unread.shift();
    if (frame !== undefined) this.take({ type: "frame", id, frame });
  }

  grant(): void {
    const { pending } = this;
    this.pending = null;
    if (pending === null) return;
    const { id, step } = pending;
    if (step === "ticket") this.take({ type: "ticket-got", id });
    else this.take({ type: "credential-got", id, lastsMs: 60_000 });
  }

  refuse(status: number | null): void {
    const { pending } = this;
    this.pending = null;
    if (pending === null) return;
    const isForGood = status === 404 || status === 401;
    const failure = (isForGood ? failForGood : failLater)("refused", "refused");
    this.take({ type: `${pending.step}-failed`, id: pending.id, failure: { ...failure, status } });
  }

  fire(name: TimerName | undefined): void {
    if (name === undefined) return;
    this.session.now += this.timers.get(name) ?? 0;
    this.timers.delete(name);
    this.take({ type: "timer", name });
  }

  lose(id: number, code: number): void {
    if (this.sockets.delete(id)) this.take({ type: "socket-closed", id, code });
  }

  /** Brings it to where nothing is under way any more. */
  settle(): void {
    for (let rounds = 0; rounds < 200; rounds++) {
      const { name } = this.session.state.shown;
      if (name === "stopped" || name === "idle") this.take({ type: "wanted" });
      while (this.pending !== null) this.grant();
      for (const key of this.#posted.splice(0)) {
        this.take({ type: "command-answered", key, answer: { ok: true, data: null } });
      }
      if (name === "waiting") this.fire("retry");
      for (const [id, socket] of this.sockets) {
        this.send(id, false);
        do this.read(id);
        while (this.sockets.get(id) === socket && socket.unread.length > 0);
      }
      const { position, asked } = this.session.state;
      if (position === at(this.head) && this.sockets.size === 1 && asked.length === 0) return;
    }
    this.faults.push(`never came to rest: ${JSON.stringify(this.session.state)}`);
  }
}

const which = fc.nat(3);
const action = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      type: fc.constant("publish" as const),
      count: fc.integer({ min: 1, max: 3 }),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({ type: fc.constant("send" as const), which, isShed: fc.boolean() }),
  },
  { weight: 8, arbitrary: fc.record({ type: fc.constant("read" as const), which }) },
  { weight: 6, arbitrary: fc.constant({ type: "grant" as const }) },
  fc.record({
    type: fc.constant("refuse" as const),
    status: fc.constantFrom(null, 401, 404, 429, 503),
  }),
  { weight: 3, arbitrary: fc.record({ type: fc.constant("fire" as const), which: fc.nat(8) }) },
  fc.record({
    type: fc.constant("lose" as const),
    which,
    code: fc.constantFrom(1006, 1012, 4001, 4004, 4100, 4103, 4108, 4200),
  }),
  fc.record({
    type: fc.constant("say" as const),
    which,
    frame: fc.constantFrom<Frame>(
      { type: "reconnect", afterMs: 1_000 },
      { type: "closing", code: 4103, reason: "" },
      { type: "pong" },
    ),
  }),
  fc.constant({ type: "woken" as const }),
  fc.constant({ type: "command" as const }),
  fc.constantFrom({ type: "wanted" as const }, { type: "unwanted" as const }),
);

function run(
  gaps: "tell" | "fill",
  actions: readonly (typeof action extends fc.Arbitrary<infer A> ? A : never)[],
): Model {
  const model = new Model(gaps);
  model.take({ type: "wanted" });
  // It begins somewhere: what was published before is nobody's.
  model.settle();
  for (const each of actions) {
    const ids = [...model.sockets.keys()];
    const id = "which" in each ? (ids[each.which % Math.max(1, ids.length)] ?? -1) : -1;
    switch (each.type) {
      case "publish":
        model.head += each.count;
        break;
      case "send":
        model.send(id, each.isShed);
        break;
      case "read":
        model.read(id);
        break;
      case "grant":
        model.grant();
        break;
      case "refuse":
        model.refuse(each.status);
        break;
      case "fire": {
        const names = [...model.timers.keys()];
        model.fire(names[each.which % Math.max(1, names.length)]);
        break;
      }
      case "lose":
        model.lose(id, each.code);
        break;
      case "say":
        model.sockets.get(id)?.unread.push(each.frame);
        break;
      case "command": {
        const key = `s${model.asked.length}`;
        model.asked.push(key);
        const command = { type: "send", sendId: key, text: "x" } as const;
        model.take({ type: "command-asked", key, command });
        break;
      }
      default:
        model.take(each);
    }
  }
  model.settle();
  return model;
}

describe("a session, whatever happens in whatever order", () => {
  const actions = fc.array(action, { maxLength: 120 });

  it("gives every event once and in order, and misses none where gaps are filled", ({ expect }) => {
    fc.assert(
      fc.property(actions, (list) => {
        const model = run("fill", list);
        expect(model.faults).toEqual([]);
        const all = Array.from({ length: model.head }, (_, index) => at(index + 1));
        expect(model.session.given()).toEqual(all);
      }),
      { numRuns: 1_000 },
    );
  });

  it("gives none twice and none out of order where gaps are told, and tells of each that is missing", ({
    expect,
  }) => {
    fc.assert(
      fc.property(actions, (list) => {
        const model = run("tell", list);
        expect(model.faults).toEqual([]);
        const given = model.session.given().map((id) => Number(id.split("-")[1]));
        expect(given).toEqual([...new Set(given)].toSorted((a, b) => a - b));
        const gaps = model.session.all.flatMap((each) =>
          each.type === "gap-give" ? [each.gap] : [],
        );
        const seq = (id: string): number => Number(id.split("-")[1]);
        const missing = Array.from({ length: model.head }, (_, index) => index + 1)
          .filter((each) => !given.includes(each))
          .filter((each) => !gaps.some(({ from, to }) => seq(from) < each && each <= seq(to)));
        expect(missing).toEqual([]);
      }),
      { numRuns: 1_000 },
    );
  });

  it("answers each command once", ({ expect }) => {
    fc.assert(
      fc.property(actions, (list) => {
        const model = run("tell", list);
        expect(model.settled.toSorted()).toEqual(model.asked.toSorted());
      }),
      { numRuns: 1_000 },
    );
  });
});
