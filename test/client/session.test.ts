import { describe, it } from "vitest";

import { failForGood, failLater } from "../../src/client/errors.ts";
import { EVERYTHING } from "../../src/client/session-state.ts";
import { at, Driven, eventAt, framed } from "./support/session.ts";

const NOTES = { ...EVERYTHING, types: ["custom.note"] };
const SEND = { type: "send", sendId: "s1", text: "hello" } as const;

function refused(status: number, retryAfterMs: number | null = null) {
  const isLater = status === 429 || status >= 500;
  const failure = (isLater ? failLater : failForGood)(`http_${status}`, "refused");
  return { ...failure, status, retryAfterMs };
}

/** A session whose ticket is asked for. */
function asking(options: ConstructorParameters<typeof Driven>[0] = {}): Driven {
  const session = new Driven(options).take({ type: "wanted" });
  return session.take({ type: "credential-got", id: session.state.last, lastsMs: null });
}

/** Goes as far as an open socket without a hello. */
function opened(session: Driven): Driven {
  const id = session.state.last;
  session.take({ type: "credential-got", id, lastsMs: null });
  return session.take({ type: "ticket-got", id });
}

describe("a session", () => {
  it("asks for a credential, a ticket and a socket, one after the other", ({ expect }) => {
    const session = new Driven().take({ type: "wanted" });
    expect(session.the("credential-ask")).toMatchObject({ reason: null });
    expect(session.state.shown).toEqual({ name: "connecting", attempt: 1, via: "socket" });
    const id = session.state.last;
    session.take({ type: "credential-got", id, lastsMs: null });
    session.the("ticket-ask");
    session.take({ type: "ticket-got", id });
    expect(session.the("socket-open")).toMatchObject({ via: "socket", after: null, rewind: null });
    session.take({ type: "frame", id, frame: { type: "hello", position: at(7) } });
    expect(session.state.shown).toEqual({ name: "live" });
    expect(session.state.position).toBe(at(7));
  });

  it("gives each event once and in order, whatever a connection sends twice", ({ expect }) => {
    const session = Driven.live(0).frame(framed(0, 3)).frame(framed(0, 3)).frame(framed(1, 5));
    expect(session.given()).toEqual([1, 2, 3, 4, 5].map((seq) => at(seq)));
    expect(session.state.position).toBe(at(5));
  });

  it("moves its place by a frame that the filter has left nothing of", ({ expect }) => {
    const session = Driven.live(0).frame({ ...framed(0, 9), events: [] });
    expect(session.state.position).toBe(at(9));
  });

  it("resumes after its place when it was cut", ({ expect }) => {
    const session = Driven.live(0).frame(framed(0, 4)).close(1006);
    session.take({ type: "timer", name: "retry" });
    expect(opened(session).the("socket-open").after).toBe(at(4));
    const id = session.state.last;
    session.take({ type: "frame", id, frame: { type: "hello", position: at(6) } });
    expect(session.state.shown).toEqual({ name: "replaying", behind: 2 });
    session.frame({ ...framed(4, 6), events: [eventAt(5), eventAt(6)] });
    expect(session.state.shown).toEqual({ name: "live" });
  });

  it("hears nothing of a connection that it has let go", ({ expect }) => {
    const session = Driven.live(0);
    const old = session.state.line?.id ?? -1;
    session.close(1006).take({ type: "frame", id: old, frame: framed(0, 3) });
    expect(session.given()).toEqual([]);
  });

  it("begins as many events back as it was told, and is live where there are none", ({
    expect,
  }) => {
    const session = opened(new Driven({ rewind: 50 }).take({ type: "wanted" }));
    expect(session.the("socket-open")).toMatchObject({ after: null, rewind: 50 });
    const id = session.state.last;
    session.take({ type: "frame", id, frame: { type: "hello", position: at(9) } });
    expect(session.state.shown.name).toBe("replaying");
    expect(session.timer("rewound")).toBe(1_000);
    session.take({ type: "timer", name: "rewound" });
    expect(session.state).toMatchObject({ shown: { name: "live" }, position: null });
    session.frame(framed(7, 10));
    expect(session.given()).toEqual([8, 9, 10].map((seq) => at(seq)));
  });

  it("ends when nobody wants it, and goes on from its place when somebody does", ({ expect }) => {
    const session = Driven.live(0).frame(framed(0, 3));
    const { id } = session.state.line ?? { id: -1 };
    session.take({ type: "unwanted" });
    expect(session.the("socket-close").id).toBe(id);
    expect(session.state).toMatchObject({ shown: { name: "idle" }, line: null, attempt: null });
    session.take({ type: "wanted" });
    expect(opened(session).the("socket-open").after).toBe(at(3));
  });
});

describe("a log that is another", () => {
  it("is told as a gap, and its places are the ones that count", ({ expect }) => {
    const other = "zzzzzzzzzz";
    const session = Driven.live(0).frame(framed(0, 9)).close(4201);
    opened(session).connect(2, other);
    const gap = { from: at(9), to: at(2, other), cause: "unknown_position", shed: null } as const;
    session.frame({ type: "gap", ...gap });
    expect(session.the("gap-give").gap).toEqual({ ...gap, filled: false });
    expect(session.state).toMatchObject({ position: at(2, other), shown: { name: "live" } });
    session.frame(framed(2, 3, other));
    expect(session.given().at(-1)).toBe(at(3, other));
  });

  it("may be the same one put back: the place goes back with it", ({ expect }) => {
    const session = Driven.live(0).frame(framed(0, 9)).close(4201);
    opened(session).connect(4);
    session.frame({ type: "gap", from: at(9), to: at(4), cause: "unknown_position", shed: null });
    session.frame(framed(4, 5));
    expect(session.given().at(-1)).toBe(at(5));
  });
});

describe("a ticket that is refused", () => {
  it.for([400, 403, 404, 410, 422])("stops it with %i", (status, { expect }) => {
    const session = asking();
    session.take({ type: "ticket-failed", id: session.state.last, failure: refused(status) });
    expect(session.state.shown).toMatchObject({ name: "stopped", reason: { status } });
    session.take({ type: "timer", name: "retry" }, { type: "woken" });
    expect(session.effectsOf("credential-ask")).toEqual([]);
    session.take({ type: "wanted" });
    session.the("credential-ask");
  });

  it("with 401 has another credential asked for once, and then stops it", ({ expect }) => {
    const session = asking();
    session.take({ type: "ticket-failed", id: session.state.last, failure: refused(401) });
    expect(session.the("credential-ask").reason).toBe("refused");
    session.take({ type: "credential-got", id: session.state.last, lastsMs: null });
    session.take({ type: "ticket-failed", id: session.state.last, failure: refused(401) });
    expect(session.state.shown).toMatchObject({ name: "stopped", reason: { status: 401 } });
  });

  it("with 401 stops it where the credential is fixed", ({ expect }) => {
    const session = asking({ asks: false });
    session.take({ type: "ticket-failed", id: session.state.last, failure: refused(401) });
    expect(session.state.shown.name).toBe("stopped");
  });

  it("with 429 or 503 is asked for again when the relay says", ({ expect }) => {
    const session = asking();
    session.random = 0.8;
    session.take({ type: "ticket-failed", id: session.state.last, failure: refused(429, 5_000) });
    expect(session.timer("retry")).toBe(6_000);
    expect(session.state.shown).toMatchObject({ name: "waiting", nextAt: session.now + 6_000 });
  });

  it("with 503 and no time is asked for again down the slow ladder", ({ expect }) => {
    const session = asking();
    session.random = 0;
    const waits = Array.from({ length: 5 }, () => {
      session.take({ type: "ticket-failed", id: session.state.last, failure: refused(503) });
      const ms = session.timer("retry");
      session.take({ type: "timer", name: "retry" });
      session.take({ type: "credential-got", id: session.state.last, lastsMs: null });
      return ms;
    });
    expect(waits).toEqual([2_000, 30_000, 60_000, 300_000, 300_000]);
  });
});

describe("a credential that cannot be got", () => {
  it("is asked for again", ({ expect }) => {
    const session = new Driven().take({ type: "wanted" });
    const failure = failLater("credential_failed", "no network");
    session.take({ type: "credential-failed", id: session.state.last, failure });
    expect(session.state.shown).toMatchObject({ name: "waiting", reason: failure });
    session.take({ type: "timer", name: "retry" });
    session.the("credential-ask");
  });

  it("stops it where whoever gets it says that it is for good", ({ expect }) => {
    const session = new Driven().take({ type: "wanted" });
    const failure = failForGood("unauthorized", "logged out");
    session.take({ type: "credential-failed", id: session.state.last, failure });
    expect(session.state.shown).toEqual({ name: "stopped", reason: failure });
  });

  it("that never comes is given up after half a minute", ({ expect }) => {
    const session = new Driven().take({ type: "wanted" });
    expect(session.timer("attempt")).toBe(30_000);
    session.take({ type: "timer", name: "attempt" });
    expect(session.state.shown).toMatchObject({ name: "waiting", reason: { code: "timeout" } });
  });
});

describe("no answer", () => {
  it("is waited for longer each time, by chance, 20 s at most", ({ expect }) => {
    const session = asking();
    session.random = 0.999;
    const waits = Array.from({ length: 8 }, () => {
      const failure = failLater("offline", "no network");
      session.take({ type: "ticket-failed", id: session.state.last, failure });
      const ms = Math.ceil(session.timer("retry") ?? 0);
      session.take({ type: "timer", name: "retry" });
      session.take({ type: "credential-got", id: session.state.last, lastsMs: null });
      return ms;
    });
    expect(waits).toEqual([500, 999, 1_998, 3_996, 7_992, 15_984, 19_980, 19_980]);
  });

  it("is a new failure after half a minute live, and not as soon as it opens", ({ expect }) => {
    const lost = (liveMs: number): number | null => {
      const session = Driven.live(0);
      session.random = 0.5;
      for (let times = 0; times < 4; times++) {
        session.close(1006).take({ type: "timer", name: "retry" });
        opened(session).connect(0);
      }
      session.now += liveMs;
      session.close(1006);
      return session.timer("retry");
    };
    expect(lost(29_999)).toBe(0.5 * 500 * 2 ** 4);
    expect(lost(30_000)).toBe(0.5 * 500);
  });
});

describe("a close", () => {
  const after = (code: number, options = {}, openMs = 60_000): Driven => {
    const session = Driven.live(0, options);
    session.now += openMs;
    return session.close(code);
  };

  it.for([4003, 4004, 4009])("with %i stops it", (code, { expect }) => {
    expect(after(code).state.shown.name).toBe("stopped");
  });

  it("with 4001 has a credential asked for, or stops it where there is none to ask for", ({
    expect,
  }) => {
    expect(after(4001).the("credential-ask").reason).toBe("revoked");
    expect(after(4001, { asks: false }).state.shown).toMatchObject({
      name: "stopped",
      reason: { code: "unauthorized" },
    });
  });

  it("with 4103 has a credential asked for and is dialled at once, again and again", ({
    expect,
  }) => {
    const session = Driven.live(0);
    for (let times = 0; times < 5; times++) {
      session.now += 2_000;
      session.close(4103);
      expect(session.the("credential-ask").reason).toBe("expired");
      opened(session).connect(0);
    }
    session.now += 10;
    session.close(4103);
    expect(session.state.shown.name).toBe("waiting");
  });

  it.for([4100, 4129])("with %i goes down the slow ladder", (code, { expect }) => {
    expect(after(code).timer("retry")).toBeGreaterThanOrEqual(2_000);
  });

  it("with 4108 is dialled within a second", ({ expect }) => {
    expect(after(4108).timer("retry")).toBe(500);
  });

  it.for([4200, 4201])("with %i is dialled at once, the first time", (code, { expect }) => {
    const session = after(code);
    session.the("credential-ask");
    opened(session).connect(0);
    session.close(code);
    expect(session.timer("retry")).toBe(0.5 * 1_000);
  });

  it.for([1001, 1006, 1012])(
    "with %i, as a deploy makes it, is dialled by chance within the time that hello says",
    (code, { expect }) => {
      const session = opened(new Driven().take({ type: "wanted" }));
      const limits = { reconnectWithinMs: 5_000 };
      const id = session.state.last;
      session.take({ type: "frame", id, frame: { type: "hello", position: at(0), limits } });
      session.random = 0.4;
      session.close(code);
      expect(session.timer("retry")).toBe(2_000);
    },
  );

  it("that is told in a frame is not waited for", ({ expect }) => {
    const session = Driven.live(0);
    session.now += 60_000;
    session.frame({ type: "closing", code: 4103, reason: "credential expired" });
    expect(session.the("credential-ask").reason).toBe("expired");
  });
});

describe("a planned hand-over", () => {
  it("opens the new socket before it lets go of the old one, and gives what both say once", ({
    expect,
  }) => {
    const session = Driven.live(0).frame(framed(0, 2));
    const old = session.state.line?.id ?? -1;
    session.frame({ type: "reconnect", afterMs: 4_000 });
    expect(session.timer("hand-over")).toBe(2_000);
    session.take({ type: "timer", name: "hand-over" });
    expect(opened(session).the("socket-open").after).toBe(at(2));
    session.take({ type: "frame", id: old, frame: framed(2, 4) });
    expect(session.state.shown.name).toBe("live");
    const id = session.state.last;
    session.take({ type: "frame", id, frame: { type: "hello", position: at(5) } });
    expect(session.effectsOf("socket-close")).toContainEqual({ type: "socket-close", id: old });
    session.frame(framed(2, 5));
    expect(session.given()).toEqual([1, 2, 3, 4, 5].map((seq) => at(seq)));
    const states = session.all.flatMap((each) =>
      each.type === "state-tell" ? [each.shown.name] : [],
    );
    expect(states).toEqual(["connecting", "live"]);
    // All of it is new: it was up to date the whole time.
    const heads = session.all.flatMap((each) => (each.type === "events-give" ? [each.head] : []));
    expect(new Set(heads)).toEqual(new Set([at(0)]));
  });

  it("that fails leaves the old socket as it is, and is tried again", ({ expect }) => {
    const session = Driven.live(0);
    session.take({ type: "timer", name: "hand-over" });
    session.take({ type: "credential-got", id: session.state.last, lastsMs: null });
    session.take({ type: "ticket-failed", id: session.state.last, failure: refused(403) });
    expect(session.state.shown.name).toBe("live");
    expect(session.timer("retry")).toBeGreaterThan(0);
    session.frame(framed(0, 1));
    expect(session.given()).toEqual([at(1)]);
  });

  it("goes on with the new socket where the old one ends meanwhile", ({ expect }) => {
    const session = Driven.live(0);
    session.take({ type: "timer", name: "hand-over" });
    session.close(1006);
    expect(session.state.shown.name).toBe("connecting");
    expect(session.effectsOf("credential-ask")).toEqual([]);
    opened(session).connect(0);
    expect(session.state.shown.name).toBe("live");
  });
});

describe("a credential that runs out", () => {
  it("is made anew half a minute before, on a new socket, without a break", ({ expect }) => {
    const session = new Driven().take({ type: "wanted" });
    session.take({ type: "credential-got", id: session.state.last, lastsMs: 3_600_000 });
    expect(session.timer("renew")).toBe(3_570_000);
    session.take({ type: "ticket-got", id: session.state.last });
    const id = session.state.last;
    session.take({ type: "frame", id, frame: { type: "hello", position: at(0) } });
    session.take({ type: "timer", name: "renew" });
    expect(session.the("credential-ask").reason).toBe("expiring");
    expect(session.state.shown.name).toBe("live");
  });

  it("after seconds is made anew at the half of its time", ({ expect }) => {
    const session = new Driven().take({ type: "wanted" });
    session.take({ type: "credential-got", id: session.state.last, lastsMs: 2_000 });
    expect(session.timer("renew")).toBe(1_000);
  });

  it("and has run out before it was got is not made anew without a pause", ({ expect }) => {
    const session = new Driven().take({ type: "wanted" });
    session.take({ type: "credential-got", id: session.state.last, lastsMs: -1e12 });
    expect(session.timer("renew")).toBe(250);
  });
});

describe("a connection that says nothing", () => {
  it("is asked whether it is there, and let go after ten seconds without waiting for its close", ({
    expect,
  }) => {
    const session = Driven.live(0);
    expect(session.timer("ping")).toBe(25_000);
    session.now += 25_000;
    session.take({ type: "timer", name: "ping" });
    expect(session.the("socket-send").frame).toEqual({ type: "ping" });
    expect(session.timer("pong")).toBe(10_000);
    session.take({ type: "timer", name: "pong" });
    session.the("socket-close");
    session.the("credential-ask");
  });

  it("that answers is asked again as long after", ({ expect }) => {
    const session = Driven.live(0);
    session.now += 25_000;
    session.take({ type: "timer", name: "ping" }).frame({ type: "pong" });
    expect(session.effectsOf("timer-clear")).toContainEqual({ type: "timer-clear", name: "pong" });
    expect(session.timer("ping")).toBe(25_000);
  });

  it("when the machine has slept is given three seconds", ({ expect }) => {
    const session = Driven.live(0).take({ type: "woken" });
    expect(session.timer("pong")).toBe(3_000);
  });
});

describe("a session that waits", () => {
  it("dials at once when the machine wakes, but once a second", ({ expect }) => {
    const session = asking();
    const fail = (): Driven =>
      session.take({
        type: "ticket-failed",
        id: session.state.last,
        failure: failLater("offline", "no network"),
      });
    const wake = (): number => session.take({ type: "woken" }).effectsOf("credential-ask").length;
    fail();
    expect(wake()).toBe(1);
    session.now += 500;
    session.take({ type: "credential-got", id: session.state.last, lastsMs: null });
    fail();
    expect(wake()).toBe(0);
    session.now += 500;
    expect(wake()).toBe(1);
  });
});

describe("sockets that are not let through", () => {
  const block = (session: Driven): Driven => {
    opened(session).take({ type: "socket-closed", id: session.state.last, code: 1006 });
    return session.take({ type: "timer", name: "retry" });
  };

  it("twice in a row are given up for a stream, which needs no ticket", ({ expect }) => {
    const session = block(block(new Driven().take({ type: "wanted" })));
    expect(session.state.shown).toMatchObject({ name: "connecting", via: "stream" });
    session.take({ type: "credential-got", id: session.state.last, lastsMs: null });
    expect(session.the("socket-open")).toMatchObject({ via: "stream" });
    expect(session.effectsOf("ticket-ask")).toEqual([]);
  });

  it("are tried again every five minutes, and the stream stays where one fails", ({ expect }) => {
    const session = block(block(new Driven().take({ type: "wanted" }))).connect(0);
    expect(session.state.line?.via).toBe("stream");
    expect(session.timer("upgrade")).toBe(300_000);
    session.take({ type: "timer", name: "upgrade" });
    opened(session).take({ type: "socket-closed", id: session.state.last, code: 1006 });
    expect(session.state.line?.via).toBe("stream");
    expect(session.timer("retry")).toBe(null);
    session.take({ type: "timer", name: "upgrade" });
    opened(session).connect(0);
    expect(session.state.line?.via).toBe("socket");
  });

  it("are not given up where the transport was chosen", ({ expect }) => {
    const session = block(
      block(block(new Driven({ transport: "socket" }).take({ type: "wanted" }))),
    );
    expect(session.state.attempt?.via).toBe("socket");
  });
});

describe("a stream that is refused", () => {
  it("has another credential asked for once", ({ expect }) => {
    const session = new Driven({ transport: "stream" }).take({ type: "wanted" });
    for (const name of ["connecting", "stopped"]) {
      const id = session.state.last;
      session.take({ type: "credential-got", id, lastsMs: null });
      session.take({ type: "socket-closed", id, code: 1006, failure: refused(401) });
      expect(session.state.shown.name).toBe(name);
    }
  });
});

describe("a gap of a slow socket", () => {
  const gap = { type: "gap", from: at(2), to: at(5), cause: "slow", shed: 2 } as const;

  it("is told, and what was not left out is given", ({ expect }) => {
    const session = Driven.live(0).frame(framed(0, 2)).frame(gap);
    expect(session.the("gap-give").gap).toMatchObject({ shed: 2, filled: false });
    session.frame({ ...framed(2, 5), events: [eventAt(4)] });
    expect(session.given()).toEqual([1, 2, 4].map((seq) => at(seq)));
    expect(session.state.position).toBe(at(5));
  });

  it("is filled: all after the place is asked for again, and what comes before is left out", ({
    expect,
  }) => {
    const session = Driven.live(0, { gaps: "fill" }).frame(framed(0, 2)).frame(gap);
    expect(session.the("gap-give").gap).toMatchObject({ filled: true });
    const { frame } = session.the("socket-send") as { frame: { id: string } };
    expect(frame).toMatchObject({ type: "subscribe", after: at(2) });
    session
      .frame({ ...framed(2, 5), events: [eventAt(4)] })
      .frame({ ...gap, from: at(5), to: at(6) });
    expect(session.given()).toEqual([at(1), at(2)]);
    session.frame({ type: "result", id: frame.id, ok: true, data: { position: at(6) } });
    expect(session.state.shown).toEqual({ name: "replaying", behind: 4 });
    session.frame(framed(2, 6));
    expect(session.given()).toEqual([1, 2, 3, 4, 5, 6].map((seq) => at(seq)));
    expect(session.state.shown.name).toBe("live");
  });

  it("that is filled is filled also where the socket is lost meanwhile", ({ expect }) => {
    const session = Driven.live(0, { gaps: "fill" }).frame(framed(0, 2)).frame(gap).close(4108);
    session.take({ type: "timer", name: "retry" });
    expect(opened(session).the("socket-open").after).toBe(at(2));
  });
});

describe("a gap of what is no longer kept", () => {
  it("is told, and moves the place", ({ expect }) => {
    const session = Driven.live(0, { gaps: "fill" });
    session.frame({ type: "gap", from: at(0), to: at(40), cause: "expired", shed: 40 });
    expect(session.the("gap-give").gap).toMatchObject({ cause: "expired", filled: false });
    expect(session.state.position).toBe(at(40));
  });
});

describe("a filter", () => {
  it("that changes is told after a moment, once", ({ expect }) => {
    const session = Driven.live(0).take({ type: "filter-changed", filter: NOTES });
    expect(session.timer("filter")).toBe(20);
    session.take({ type: "timer", name: "filter" });
    expect(session.the("socket-send").frame).toMatchObject({ type: "subscribe", ...NOTES });
    session.take({ type: "filter-changed", filter: NOTES }, { type: "timer", name: "filter" });
    expect(session.effectsOf("socket-send")).toEqual([]);
  });

  it("that changes while a socket is being opened is told at its hello", ({ expect }) => {
    const session = opened(new Driven().take({ type: "wanted" }));
    session.take({ type: "filter-changed", filter: NOTES }).connect(0);
    expect(session.the("socket-send").frame).toMatchObject({ type: "subscribe", ...NOTES });
  });

  it("of a stream is told by a new stream, from the place that was reached", ({ expect }) => {
    const session = Driven.live(0, { transport: "stream" }).frame(framed(0, 3));
    session.take({ type: "filter-changed", filter: NOTES }, { type: "timer", name: "filter" });
    session.take({ type: "credential-got", id: session.state.last, lastsMs: null });
    expect(session.the("socket-open")).toMatchObject({ filter: NOTES, after: at(3) });
  });

  it("that the relay cannot read is told of", ({ expect }) => {
    const session = Driven.live(0);
    const error = { code: "bad_filter", message: "unknown: chat.mesage", retryable: false };
    session.frame({ type: "result", id: "f9", ok: false, error });
    expect(session.the("error-tell").failure).toEqual(error);
  });
});

describe("a command", () => {
  it("is asked after the filter that hears its outcomes", ({ expect }) => {
    const session = Driven.live(0).take({ type: "filter-changed", filter: NOTES });
    session.take({ type: "command-asked", key: "s1", command: SEND });
    const frames = session.effectsOf("socket-send").map(({ frame }) => frame);
    expect(frames).toMatchObject([{ type: "subscribe" }, { ...SEND, id: "s1" }]);
  });

  it("is asked again on the next socket where its answer was lost, and settles once", ({
    expect,
  }) => {
    const session = Driven.live(0).take({ type: "command-asked", key: "s1", command: SEND });
    session.close(4200);
    opened(session).connect(0);
    expect(session.the("socket-send").frame).toEqual({ ...SEND, id: "s1" });
    const data = { sendId: "s1", targets: ["a"] };
    const result = { type: "result", id: "s1", ok: true, data } as const;
    session.frame(result);
    expect(session.the("command-settle")).toMatchObject({ key: "s1", answer: { ok: true, data } });
    session.frame(result);
    expect(session.effectsOf("command-settle")).toEqual([]);
  });

  it("that is refused says why, and when it may work", ({ expect }) => {
    const session = Driven.live(0).take({ type: "command-asked", key: "s1", command: SEND });
    const error = { code: "send_queue_full", message: "full", retryable: true, retryAfter: 3 };
    session.frame({ type: "result", id: "s1", ok: false, error });
    expect(session.the("command-settle").answer).toEqual({
      ok: false,
      failure: { code: "send_queue_full", message: "full", retryable: true, retryAfterMs: 3_000 },
    });
  });

  it("fails where the session stops, and at once where it has stopped", ({ expect }) => {
    const session = Driven.live(0).take({ type: "command-asked", key: "s1", command: SEND });
    session.close(4004);
    expect(session.the("command-settle")).toMatchObject({ key: "s1", answer: { ok: false } });
    session.take({ type: "command-asked", key: "s2", command: SEND });
    expect(session.the("command-settle")).toMatchObject({ key: "s2", answer: { ok: false } });
  });

  it("goes by a request where there is a stream", ({ expect }) => {
    const session = Driven.live(0, { transport: "stream" });
    session.take({ type: "command-asked", key: "s1", command: SEND });
    expect(session.the("command-post")).toMatchObject({ key: "s1", command: SEND });
  });
});
