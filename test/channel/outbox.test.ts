import { describe, it } from "vitest";

import { OUTCOME_MAX_MS, WAIT_MAX_MS } from "../../src/channel/job.ts";
import { job, outbox, P } from "./support/outbox.ts";

const PACE = 1_000;
const HERE = "dlive:otterbrook";

describe("a send", () => {
  it("is kept before anything is done with it, and offered once its line is free", ({ expect }) => {
    const box = outbox();
    box.opens(P, PACE);
    expect(box.asks(job("a")).map(({ type }) => type)).toEqual([
      "job-keep",
      "jobs-accept",
      "job-offer",
      "clock-set",
    ]);
  });

  it("waits for its line, and leaves by the next one", ({ expect }) => {
    const box = outbox();
    expect(box.offered(box.asks(job("a")))).toEqual([]);
    expect(box.offered(box.opens(P, PACE))).toEqual(["a"]);
  });

  it("that its session had and had not sent leaves by the next one", ({ expect }) => {
    const box = outbox();
    box.opens(P, PACE);
    box.asks(job("a"));
    expect(box.ends(box.closes(P))).toEqual([]);
    expect(box.offered(box.opens(P, PACE))).toEqual(["a"]);
  });

  it("that has left is never offered again: its outcome is unknown", ({ expect }) => {
    const box = outbox();
    box.opens(P, PACE);
    box.asks(job("a"));
    box.issued("a");
    expect(box.ends(box.closes(P))).toEqual([["a", "outcome_unknown"]]);
    expect(box.offered(box.opens(P, PACE))).toEqual([]);
  });

  it("whose answer comes apart from its session is not ended with that", ({ expect }) => {
    const box = outbox();
    box.opens(P, 1_000);
    box.asks(job("a"), job("b"));
    box.issued("a");
    box.askedApart("a");
    expect(box.ends(box.closes(P))).toEqual([]);
    expect(box.ends(box.opens(P, 1_000))).toEqual([]);
    expect(box.ends(box.confirmed("a"))).toEqual([["a", null]]);
  });

  it("ends once, whatever is told of it afterwards", ({ expect }) => {
    const box = outbox();
    box.opens(P, PACE);
    box.asks(job("a"));
    box.issued("a");
    expect(box.ends(box.confirmed("a"))).toEqual([["a", null]]);
    expect(box.ends(box.confirmed("a"))).toEqual([]);
    expect(box.ends(box.fails("a", "refused"))).toEqual([]);
    expect(box.ends(box.closes(P))).toEqual([]);
  });

  it("is told of as taken on once it is kept, before it leaves, for all it goes to at once", ({
    expect,
  }) => {
    const box = outbox();
    box.opens(P, PACE);
    const effects = box.asks(job("a"), job("b", { identifier: "dlive:elsewhere" }));
    expect(effects.map(({ type }) => type)).toEqual([
      "job-keep",
      "job-keep",
      "jobs-accept",
      "job-offer",
      "job-offer",
      "clock-set",
    ]);
    expect(box.accepts(effects)).toEqual(["a", "b"]);
    expect(box.accepts(box.confirmed("a"))).toEqual([]);
  });

  it("that has not left within a minute does not leave any more", ({ expect }) => {
    expect(WAIT_MAX_MS).toBe(60_000);
    const box = outbox();
    box.asks(job("a"));
    box.at += WAIT_MAX_MS - 1;
    expect(box.ends(box.passes())).toEqual([]);
    box.at += 1;
    expect(box.ends(box.passes())).toEqual([["a", "not_sent_in_time"]]);
    expect(box.offered(box.opens(P, PACE))).toEqual([]);
  });

  it("that its session says nothing of has an end even so", ({ expect }) => {
    const box = outbox();
    box.opens(P, PACE);
    box.asks(job("a"), job("b"));
    box.issued("a");
    box.at += PACE;
    box.passes();
    box.at += WAIT_MAX_MS + OUTCOME_MAX_MS;
    expect(box.ends(box.passes())).toEqual([
      ["a", "outcome_unknown"],
      ["b", "not_sent_in_time"],
    ]);
  });
});

describe("the life of a send", () => {
  const P2 = "p_2";

  it("is kept as issued before anything else is done, and what is asked apart is not", ({
    expect,
  }) => {
    const box = outbox();
    box.opens(P, PACE);
    box.asks(job("a"));
    expect(box.issued("a")[0]).toEqual({
      type: "job-keep",
      job: job("a", { phase: "issued" }),
    });
    const over = box.at + WAIT_MAX_MS + OUTCOME_MAX_MS;
    expect(box.askedApart("a")).toEqual([{ type: "clock-set", at: over }]);
  });

  it("ends as it failed, with the reason and whether another try may help", ({ expect }) => {
    const box = outbox();
    box.opens(P, PACE);
    box.opens(P2, PACE);
    box.asks(job("a"), job("b", { providerId: P2 }));
    const end = box.fails("b", "refused").find(({ type }) => type === "job-end");
    expect(end).toMatchObject({
      job: { id: "b" },
      outcome: { confirmed: false, reason: "refused", retryable: false },
    });
    expect(box.jobs()).toEqual(["a"]);
  });

  it("is changed by what is told of it, and not by what is told of another", ({ expect }) => {
    const box = outbox();
    box.opens(P, PACE);
    box.opens(P2, PACE);
    box.asks(job("a"), job("b", { providerId: P2 }));
    box.issued("b");
    expect(box.ends(box.closes(P))).toEqual([]);
    expect(box.ends(box.closes(P2))).toEqual([["b", "outcome_unknown"]]);
    expect(box.jobs()).toEqual(["a"]);
  });

  it("is untouched by the end of another provider's session", ({ expect }) => {
    const box = outbox();
    box.opens(P, PACE);
    box.opens(P2, PACE);
    box.asks(job("a"), job("b", { providerId: P2 }));
    box.issued("a");
    expect(box.ends(box.closes(P2))).toEqual([]);
    expect(box.ends(box.confirmed("a"))).toEqual([["a", null]]);
  });

  it("is not begun by what is told of one that is not known", ({ expect }) => {
    const box = outbox();
    for (const told of [box.issued, box.askedApart, box.confirmed]) {
      expect(told("nobody")).toEqual([]);
    }
    expect(box.fails("nobody", "refused")).toEqual([]);
    expect(box.passes()).toEqual([]);
    expect(box.jobs()).toEqual([]);
  });

  it.for([
    ["handed to a session", "not_sent_in_time"],
    ["sent", "outcome_unknown"],
    ["asked apart", "outcome_unknown"],
  ] as const)("that was %s has two minutes more to be heard of", ([how, reason], { expect }) => {
    expect(OUTCOME_MAX_MS).toBe(120_000);
    const box = outbox();
    box.opens(P, PACE);
    box.asks(job("a"));
    if (how !== "handed to a session") box.issued("a");
    if (how === "asked apart") box.askedApart("a");
    box.at += WAIT_MAX_MS + OUTCOME_MAX_MS - 1;
    expect(box.passes()).toEqual([{ type: "clock-set", at: box.at + 1 }]);
    box.at += 1;
    expect(box.ends(box.passes())).toEqual([["a", reason]]);
  });
});

describe("after the object was lost", () => {
  it("what had left has an unknown outcome, and the rest goes on", ({ expect }) => {
    const box = outbox();
    const restored = box.restores(job("a", { phase: "issued" }), job("b"));
    // Whether it was told of as taken on is not known: told twice it is one event.
    expect(box.accepts(restored)).toEqual(["a", "b"]);
    expect(box.ends(restored)).toEqual([["a", "outcome_unknown"]]);
    expect(box.offered(box.opens(P, PACE))).toEqual(["b"]);
  });
});

describe("a line", () => {
  it("is given one job at a time, at its pace", ({ expect }) => {
    const box = outbox();
    box.opens(P, PACE);
    expect(box.offered(box.asks(job("a"), job("b")))).toEqual(["a"]);
    box.at += PACE - 1;
    expect(box.offered(box.passes())).toEqual([]);
    box.at += 1;
    expect(box.offered(box.passes())).toEqual(["b"]);
  });

  it("says when it is to be looked at again", ({ expect }) => {
    const box = outbox();
    box.opens(P, PACE);
    const effects = box.asks(job("a"), job("b"));
    expect(effects).toContainEqual({ type: "clock-set", at: box.at + PACE });
  });

  it("sets the time by what waits for it, not by what it has given away", ({ expect }) => {
    const box = outbox();
    box.opens(P, PACE);
    const over = { type: "clock-set", at: box.at + WAIT_MAX_MS + OUTCOME_MAX_MS };
    expect(box.asks(job("a")).at(-1)).toEqual(over);
    expect(box.asks(job("b")).at(-1)).toEqual({ type: "clock-set", at: box.at + PACE });
    box.issued("a");
    expect(box.confirmed("a").at(-1)).toEqual({ type: "clock-set", at: box.at + PACE });
  });

  it("remembers the last hundred who were served, each of them once", ({ expect }) => {
    const box = outbox();
    box.opens(P, PACE);
    const serve = (id: string, sender: string): void => {
      box.asks(job(id, { sender, at: box.at }));
      box.issued(id);
      box.confirmed(id);
      box.at += PACE;
    };
    for (let turn = 0; turn < 130; turn++) serve(`a${turn}`, turn === 0 ? "quiet" : "loud");
    expect(box.served(P, HERE)).toEqual(["quiet", "loud"]);
    for (let turn = 0; turn < 120; turn++) serve(`b${turn}`, `sender ${turn}`);
    expect(box.served(P, HERE)).toHaveLength(100);
    expect(box.served(P, HERE).at(-1)).toBe("sender 119");
  });

  it("to three accounts takes a message to each of them at once: the pace is an account's", ({
    expect,
  }) => {
    const box = outbox();
    box.opens(P, PACE);
    const to = ["multistreamer:3", "multistreamer:14", "multistreamer:15"];
    const asked = to.map((identifier, at) => job(`a${at}`, { identifier }));
    const again = to.map((identifier, at) => job(`b${at}`, { identifier }));
    expect(box.offered(box.asks(...asked))).toEqual(["a0", "a1", "a2"]);
    expect(box.offered(box.asks(...again))).toEqual([]);
    box.at += PACE - 1;
    expect(box.offered(box.passes())).toEqual([]);
    box.at += 1;
    expect(box.offered(box.passes())).toEqual(["b0", "b1", "b2"]);
  });

  it("keeps no pace after what failed before it was sent", ({ expect }) => {
    const box = outbox();
    box.opens(P, PACE);
    box.asks(job("a"), job("b"), job("c"), job("d"));
    expect(box.offered(box.fails("a", "not_live"))).toEqual(["b"]);
    expect(box.offered(box.fails("b", "not_live"))).toEqual(["c"]);
    box.issued("c");
    expect(box.offered(box.fails("c", "rate_limited"))).toEqual([]);
    box.at += PACE;
    expect(box.offered(box.passes())).toEqual(["d"]);
  });

  it("keeps its pace after what was sent since, whatever fails of what came before", ({
    expect,
  }) => {
    const box = outbox();
    box.opens(P, PACE);
    box.asks(job("waits"), job("a"), job("b"));
    box.at += PACE;
    expect(box.offered(box.passes())).toEqual(["a"]);
    box.issued("a");
    expect(box.offered(box.fails("waits", "writer_not_granted"))).toEqual([]);
    box.at += PACE;
    expect(box.offered(box.passes())).toEqual(["b"]);
  });

  it("serves those who send little at one account, whoever sends to others", ({ expect }) => {
    const box = outbox();
    const other = { identifier: "multistreamer:3" };
    const crowd = ["a1", "a2", "a3"].map((id) => job(id, { sender: "loud" }));
    const elsewhere = ["x1", "x2", "x3"].map((id) => job(id, { sender: "quiet", ...other }));
    box.asks(...crowd, ...elsewhere, job("b1", { sender: "quiet" }));
    const order = [...box.offered(box.opens(P, PACE))];
    for (let turn = 0; turn < 3; turn++) {
      box.at += PACE;
      order.push(...box.offered(box.passes()));
    }
    expect(order).toEqual(["a1", "x1", "b1", "x2", "a2", "x3", "a3"]);
  });

  it("remembers a hundred accounts at most, the last ones that were sent to", ({ expect }) => {
    const box = outbox();
    box.opens(P, PACE);
    for (let turn = 0; turn < 130; turn++) {
      box.asks(job(`a${turn}`, { identifier: `multistreamer:${turn}`, at: box.at }));
      box.issued(`a${turn}`);
      box.confirmed(`a${turn}`);
    }
    expect(box.accounts(P)).toHaveLength(100);
    expect(box.accounts(P).at(-1)).toBe("multistreamer:129");
  });

  it("does not slow down the others", ({ expect }) => {
    const box = outbox();
    box.opens(P, PACE);
    box.opens("p_2", PACE);
    const effects = box.asks(job("a"), job("b"), job("c", { providerId: "p_2" }));
    expect(box.offered(effects)).toEqual(["a", "c"]);
  });

  it("serves those who send little between those who send much", ({ expect }) => {
    const box = outbox();
    const crowd = ["a1", "a2", "a3", "a4"].map((id) => job(id, { sender: "loud" }));
    box.asks(...crowd, job("b1", { sender: "quiet" }), job("c1", { sender: "calm" }));
    const order = [...box.offered(box.opens(P, PACE))];
    for (let turn = 0; turn < 5; turn++) {
      box.at += PACE;
      order.push(...box.offered(box.passes()));
    }
    expect(order).toEqual(["a1", "b1", "c1", "a2", "a3", "a4"]);
  });

  it.for([
    ["a session takes over from another", false],
    ["its session was lost and another is ready", true],
  ] as const)("keeps whose turn it is when %s", ([, isLost], { expect }) => {
    const box = outbox();
    const crowd = ["a1", "a2", "a3", "a4"].map((id) => job(id, { sender: "loud" }));
    box.asks(...crowd, job("b1", { sender: "quiet" }), job("c1", { sender: "calm" }));
    const order: string[] = [];
    for (let session = 0; session < 6; session++) {
      for (const id of box.offered(box.opens(P, PACE))) {
        order.push(id);
        box.issued(id);
        box.confirmed(id);
      }
      if (isLost) box.closes(P);
    }
    expect(order).toEqual(["a1", "b1", "c1", "a2", "a3", "a4"]);
  });

  it("is not remembered once its session is gone and nothing waits for another", ({ expect }) => {
    const box = outbox();
    box.opens(P, PACE);
    box.asks(job("a"), job("b"));
    box.issued("a");
    box.confirmed("a");
    box.closes(P);
    expect(box.lines()).toEqual([P]);
    box.at += WAIT_MAX_MS;
    expect(box.ends(box.passes())).toEqual([["b", "not_sent_in_time"]]);
    expect(box.lines()).toEqual([]);
  });

  it("is not remembered for what others wait for, and others are", ({ expect }) => {
    const box = outbox();
    box.opens(P, PACE);
    box.opens("p_2", PACE);
    box.asks(job("elsewhere", { providerId: "p_3" }));
    box.closes("p_2");
    expect(box.lines()).toEqual([P]);
    expect(box.offered(box.asks(job("a")))).toEqual(["a"]);
  });

  it("without a session sets no time but that at which what waits is over", ({ expect }) => {
    const box = outbox();
    box.opens(P, PACE);
    box.asks(job("a"));
    const effects = box.closes(P);
    expect(effects).toEqual([{ type: "clock-set", at: box.at + WAIT_MAX_MS }]);
  });
});

describe("what is shown", () => {
  const ui = (id: string, identifier = "interactive-sync:1") =>
    job(id, { identifier, content: { kind: "ui", interface: { id } } });

  it("takes the place of what waits to be shown there, and of nothing else", ({ expect }) => {
    const box = outbox();
    box.asks(job("chat"));
    box.shows(ui("one"));
    box.shows(ui("elsewhere", "interactive-sync:2"));
    expect(box.ends(box.shows(ui("two")))).toEqual([["one", "superseded"]]);
    expect(box.jobs()).toEqual(["chat", "elsewhere", "two"]);
  });

  it("takes the place of nothing of another kind, though it waits for the same", ({ expect }) => {
    const box = outbox();
    const identifier = "interactive-sync:1";
    box.asks(job("chat", { identifier }));
    expect(box.ends(box.shows(ui("one")))).toEqual([]);
    expect(box.ends(box.shows(ui("two"), ui("three", "interactive-sync:3")))).toEqual([
      ["one", "superseded"],
    ]);
    expect(box.ends(box.shows(job("line", { identifier }), ui("four")))).toEqual([
      ["chat", "superseded"],
      ["two", "superseded"],
    ]);
  });

  it("does not call back what has left", ({ expect }) => {
    const box = outbox();
    box.opens(P, PACE);
    box.shows(ui("one"));
    box.issued("one");
    expect(box.ends(box.shows(ui("two")))).toEqual([]);
  });
});
