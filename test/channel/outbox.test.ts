import { describe, it } from "vitest";

import { OUTCOME_MAX_MS, WAIT_MAX_MS } from "../../src/channel/job.ts";
import { job, outbox, P } from "./support/outbox.ts";

const PACE = 1_000;

describe("a send", () => {
  it("is kept before anything is done with it, and offered once its line is free", ({ expect }) => {
    const box = outbox();
    box.opens(P, PACE);
    expect(box.asks(job("a")).map(({ type }) => type)).toEqual([
      "job-keep",
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

  it("may be confirmed without having been accepted, and accepted without an end", ({ expect }) => {
    const box = outbox();
    box.opens(P, PACE);
    box.asks(job("a"));
    expect(box.accepted("a").filter(({ type }) => type === "job-accept")).toHaveLength(1);
    expect(box.ends(box.confirmed("a"))).toEqual([["a", null]]);
    expect(box.accepted("a")).toEqual([]);
  });

  it("that has not left within a minute does not leave any more", ({ expect }) => {
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

describe("after the object was lost", () => {
  it("what had left has an unknown outcome, and the rest goes on", ({ expect }) => {
    const box = outbox();
    const restored = box.restores(job("a", { phase: "issued" }), job("b"));
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

  it("does not call back what has left", ({ expect }) => {
    const box = outbox();
    box.opens(P, PACE);
    box.shows(ui("one"));
    box.issued("one");
    expect(box.ends(box.shows(ui("two")))).toEqual([]);
  });
});
