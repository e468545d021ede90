import { describe, it } from "vitest";

import { makeHealth } from "../../src/delivery/health.ts";
import type { AttemptOutcome } from "../../src/delivery/outcome.ts";
import {
  settle,
  type Attempted,
  type DeliveryState,
  type Settlement,
} from "../../src/delivery/settle.ts";

const NOW = Date.parse("2026-11-21T12:00:00Z");
const SECOND = 1_000;
const HOUR = 3_600 * SECOND;

/** The wait before each attempt, written out again: 0, 5 s, 5 min, 30 min, 2 h, 5 h, 10 h, 14 h … */
const LADDER = [0, 5, 300, 1_800, 7_200, 18_000, 36_000, 50_400, 72_000, 86_400].map(
  (seconds) => seconds * SECOND,
);

const fresh: DeliveryState = {
  status: "pending",
  attempts: 0,
  step: 0,
  deferrals: 0,
  dueAt: NOW,
  plannedAt: null,
};

function attempted(outcome: AttemptOutcome, change: Partial<Attempted> = {}): Attempted {
  return {
    delivery: fresh,
    endpoint: { enabled: true, health: makeHealth(NOW), pausedUntil: 0, mayPassOver: true },
    outcome,
    ordering: "none",
    isOnce: false,
    isMoved: false,
    now: NOW,
    random: 0.5,
    ...change,
  };
}

const answered = (status: number, retryAfter: string | null = null): AttemptOutcome => ({
  type: "answered",
  status,
  retryAfter,
});

type Kind = "success" | "permanent" | "transient";

/** What each status means, by RFC 9110 and the policy, in one line a range or exception. */
function kindOf(status: number): Kind {
  if (status < 300) return "success";
  if (status === 301 || status === 308) return "permanent";
  if (status < 400) return "transient";
  if ([408, 409, 421, 423, 425, 429].includes(status)) return "transient";
  return status < 500 ? "permanent" : "transient";
}

/** `Retry-After`, in all forms, and the wait that is meant; null for none. */
const HEADERS: readonly (readonly [string | null, number | null])[] = [
  [null, null],
  ["120", 120 * SECOND],
  ["0", null],
  ["999999999", 24 * HOUR],
  ["Sat, 21 Nov 2026 12:10:00 GMT", 600 * SECOND],
  ["Saturday, 21-Nov-26 12:10:00 GMT", 600 * SECOND],
  ["Sat Nov 21 12:10:00 2026", 600 * SECOND],
  ["Sat, 21 Nov 2026 11:00:00 GMT", null],
  ["Sat, 21 Nov 2026 12:00:00 GMT", null],
  ["Thu, 01 Jan 1970 00:00:00 GMT", null],
  ["1", SECOND],
  ["1.5", null],
  ["soon", null],
  ["-1", null],
];

const STATUSES = Array.from({ length: 400 }, (_, index) => 200 + index);

interface Expected {
  readonly status: DeliveryState["status"];
  readonly dueAt: number | null;
  readonly why: string;
}

/** The next state and time, in the words of the policy. */
function expected(
  status: number,
  wait: number | null,
  ordering: "none" | "channel",
  step: number,
): Expected {
  const kind = kindOf(status);
  if (kind === "success") return { status: "succeeded", dueAt: null, why: "delivered" };
  if (kind === "permanent") return { status: "failed", dueAt: null, why: "permanent" };
  if (wait !== null) return { status: "pending", dueAt: NOW + wait, why: "retry_after" };
  const isAbsent = [429, 502, 503, 504].includes(status);
  if (ordering === "channel" && !isAbsent && step + 1 >= 5) {
    return { status: "failed", dueAt: null, why: "passed_over" };
  }
  const ladder = LADDER[step + 1];
  if (ladder === undefined) return { status: "failed", dueAt: null, why: "exhausted" };
  return { status: "pending", dueAt: NOW + ladder, why: "schedule" };
}

describe.for(["none", "channel"] as const)("an attempt, ordering %s,", (ordering) => {
  it.for(HEADERS)("with Retry-After %j, whatever the status and the attempt", (row, { expect }) => {
    const [header, wait] = row;
    for (const status of STATUSES) {
      for (let step = 0; step < LADDER.length; step++) {
        const delivery = { ...fresh, attempts: step, step };
        const outcome = answered(status, header);
        const settled = settle(attempted(outcome, { delivery, ordering }));
        const wanted = expected(status, wait, ordering, step);
        const { status: state, dueAt, attempts } = settled.delivery;
        expect([status, step, state, settled.why, attempts]).toEqual([
          status,
          step,
          wanted.status,
          wanted.why,
          step + 1,
        ]);
        if (wanted.dueAt !== null)
          expect([status, step, dueAt]).toEqual([status, step, wanted.dueAt]);
      }
    }
  });
});

describe("an attempt that got no whole answer", () => {
  it.for([
    ["timeout", "transient", "pending", NOW + 5 * SECOND],
    ["connection", "transient", "pending", NOW + 5 * SECOND],
    ["internal", "ours", "pending", NOW + 5 * SECOND],
    ["address_refused", "permanent", "failed", null],
    ["too_large", "permanent", "failed", null],
  ] as const)("%s is %s: %s", ([fault, kind, status, dueAt], { expect }) => {
    const settled = settle(attempted({ type: "failed", fault }));
    expect([settled.verdict.class, settled.delivery.status]).toEqual([kind, status]);
    if (dueAt !== null) expect(settled.delivery.dueAt).toBe(dueAt);
  });

  it("through our own doing is held against nobody, and costs no step", ({ expect }) => {
    const before = attempted({ type: "failed", fault: "internal" });
    const { delivery, endpoint } = settle(before);
    expect(endpoint).toEqual(before.endpoint);
    expect(delivery).toMatchObject({ step: 0, deferrals: 1, attempts: 1 });
  });
});

describe("the waits", () => {
  it.for([
    [0, 4_000],
    [0.5, 5_000],
    [0.999_999, 6_000],
  ] as const)("are up to a fifth shorter or longer: %d", ([random, wait], { expect }) => {
    const { delivery } = settle(attempted(answered(500), { random }));
    expect(delivery.dueAt).toBe(NOW + wait);
  });

  it("are never shorter than was asked for, though the endpoint may ask ten times only", ({
    expect,
  }) => {
    let delivery = fresh;
    const whys: string[] = [];
    for (let attempt = 0; attempt < 12; attempt++) {
      const settled = settle(attempted(answered(503, "3600"), { delivery }));
      whys.push(settled.why);
      delivery = settled.delivery;
      expect(delivery.dueAt).toBeGreaterThanOrEqual(NOW + HOUR);
    }
    expect(whys).toEqual([...Array<string>(10).fill("retry_after"), "schedule", "schedule"]);
    expect(delivery).toMatchObject({ step: 2, deferrals: 10, attempts: 12 });
  });

  it.for(["0", "-5", "soon", "1.5", "", "Fri, 20 Nov 2026 12:00:00 GMT", "9".repeat(20)])(
    "are never shorter than the schedule's, though Retry-After is %j",
    (header, { expect }) => {
      let delivery = fresh;
      for (let step = 1; step < LADDER.length; step++) {
        const settled = settle(attempted(answered(503, header), { delivery, random: 0 }));
        ({ delivery } = settled);
        expect(delivery).toMatchObject({
          step,
          deferrals: 0,
          dueAt: NOW + 0.8 * (LADDER[step] ?? 0),
        });
        expect(settled.endpoint.pausedUntil).toBe(0);
      }
      const last = settle(attempted(answered(503, header), { delivery }));
      expect([last.delivery.status, last.why]).toEqual(["failed", "exhausted"]);
    },
  );

  it("that 429 and 503 ask for hold the whole endpoint, others' only the delivery", ({
    expect,
  }) => {
    const pause = (status: number): number =>
      settle(attempted(answered(status, "60"))).endpoint.pausedUntil;
    expect([429, 503, 500, 408].map(pause)).toEqual([NOW + 60_000, NOW + 60_000, 0, 0]);
  });

  it("end for good after ten attempts", ({ expect }) => {
    let delivery = fresh;
    for (let attempt = 0; attempt < 10; attempt++) {
      expect(delivery.status).toBe("pending");
      ({ delivery } = settle(attempted(answered(500), { delivery })));
    }
    expect(delivery).toMatchObject({ status: "failed", attempts: 10, step: 10 });
  });
});

describe("an ordered queue", () => {
  it("passes over a head that its endpoint does not take, and not over the next one too", ({
    expect,
  }) => {
    const delivery = { ...fresh, attempts: 4, step: 4 };
    const first = settle(attempted(answered(500), { delivery, ordering: "channel" }));
    expect([first.delivery.status, first.why]).toEqual(["failed", "passed_over"]);
    const { endpoint } = first;
    const second = settle(attempted(answered(500), { delivery, ordering: "channel", endpoint }));
    expect([second.delivery.status, second.why]).toEqual(["pending", "schedule"]);
    const healed = settle(attempted(answered(200), { endpoint, ordering: "channel" }));
    expect(healed.endpoint.mayPassOver).toBe(true);
  });

  it("does not pass over a head because nobody was there", ({ expect }) => {
    const delivery = { ...fresh, attempts: 4, step: 4 };
    for (const outcome of [
      answered(503),
      answered(429),
      { type: "failed", fault: "timeout" } as const,
      { type: "failed", fault: "connection" } as const,
    ]) {
      expect(settle(attempted(outcome, { delivery, ordering: "channel" })).why).toBe("schedule");
    }
  });
});

describe("a delivery that is tried once", () => {
  it.for([answered(500), answered(503, "60"), { type: "failed", fault: "internal" } as const])(
    "is not tried again, whatever comes: %j",
    (outcome, { expect }) => {
      const { delivery, why } = settle(attempted(outcome, { isOnce: true }));
      expect([delivery.status, why]).toEqual(["failed", "tried_once"]);
    },
  );
});

describe("an endpoint that has moved meanwhile", () => {
  it("is sent it at once, and what the old address said is held against nobody", ({ expect }) => {
    for (const outcome of [answered(410), answered(500), answered(503, "3600")]) {
      const before = attempted(outcome, { isMoved: true });
      const { delivery, endpoint, notices, why } = settle(before);
      expect(delivery).toEqual({ ...fresh, attempts: 1 });
      expect([endpoint, notices, why]).toEqual([before.endpoint, [], "endpoint_changed"]);
    }
  });

  it("is not sent what was to be tried once", ({ expect }) => {
    const { delivery, notices, why } = settle(
      attempted(answered(500), { isMoved: true, isOnce: true }),
    );
    expect([delivery.status, notices, why]).toEqual(["failed", [], "tried_once"]);
  });

  it("is not sent what the old address took", ({ expect }) => {
    const { delivery } = settle(attempted(answered(204), { isMoved: true }));
    expect(delivery.status).toBe("succeeded");
  });
});

describe("what an attempt does to its endpoint's health", () => {
  const DAY = 24 * HOUR;

  /** The endpoint after the same answer again and again, and all that was told of it. */
  function after(outcome: AttemptOutcome, count: number, everyMs: number): Settlement[] {
    let { endpoint } = attempted(outcome);
    return Array.from({ length: count }, (_, index) => {
      const settled = settle(attempted(outcome, { endpoint, now: NOW + index * everyMs }));
      ({ endpoint } = settled);
      return settled;
    });
  }

  it("is nothing where it was told to be slower, for however many days", ({ expect }) => {
    for (const outcome of [answered(429), answered(429, "60")]) {
      const all = after(outcome, 240, HOUR);
      expect(all.flatMap(({ notices }) => notices)).toEqual([]);
      expect(all.at(-1)?.endpoint).toMatchObject({ enabled: true, health: makeHealth(NOW) });
    }
  });

  it.for([answered(500), answered(503, "60"), answered(408), answered(404), answered(302)])(
    "is a failure that counts, whether it is tried again or not: %j",
    (outcome, { expect }) => {
      const { health } = settle(attempted(outcome)).endpoint;
      expect(health).toMatchObject({ failures: 1, failingSince: NOW, failedAttempts: 1 });
    },
  );

  it("is told once when it begins to fail, and once when it is well again", ({ expect }) => {
    const all = after(answered(500), 12, 2 * SECOND);
    expect(all.flatMap(({ notices }) => notices)).toEqual([
      { type: "failing", since: NOW, attempts: 5 },
    ]);
    const endpoint = all.at(-1)?.endpoint;
    const now = NOW + HOUR;
    const back = settle(attempted(answered(200), { ...(endpoint && { endpoint }), now }));
    expect(back.notices).toEqual([{ type: "recovered", failedSince: NOW }]);
    const again = settle(attempted(answered(200), { endpoint: back.endpoint, now }));
    expect(again.notices).toEqual([]);
  });

  it("disables it after five days of nothing but failures, and tells that once", ({ expect }) => {
    const all = after(answered(500), 30, DAY / 4);
    const told = all.map(({ notices }) => notices.map(({ type }) => type));
    expect(told.findIndex((each) => each.includes("disabled"))).toBe(20);
    expect(told.flat()).toEqual(["disabled"]);
    expect(all[20]?.notices).toContainEqual({ type: "disabled", reason: "failing" });
    expect(all.map(({ endpoint }) => endpoint.enabled).lastIndexOf(true)).toBe(19);
  });
});

describe("410", () => {
  it("disables the endpoint, once", ({ expect }) => {
    const first = settle(attempted(answered(410)));
    expect(first.endpoint.enabled).toBe(false);
    expect(first.notices).toEqual([{ type: "disabled", reason: "gone" }]);
    const second = settle(attempted(answered(410), { endpoint: first.endpoint }));
    expect(second.notices).toEqual([]);
  });
});
