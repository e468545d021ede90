import { describe, it } from "vitest";

import { KeptFilter } from "../../src/event/filter.ts";
import { parseRow, type DeliveryRow } from "../../src/store/queue/deliveries.ts";

const ROW: DeliveryRow = {
  number: 7,
  lane: "live",
  kind: "event",
  message_id: "k3f9w2ab7q-4711",
  first_seq: 4711,
  last_seq: 4712,
  seqs: "[4711,4712]",
  is_batch: 1,
  body: "{}",
  status: "pending",
  why: null,
  attempts: 0,
  step: 0,
  deferrals: 0,
  is_once: 0,
  due_at: 1,
  created_at: 1,
  settled_at: null,
  recovery: null,
  planned_at: null,
};

describe("a row of the queue", () => {
  it("is the delivery that it says", ({ expect }) => {
    const { lane, kind, status, seqs } = parseRow(ROW);
    expect({ lane, kind, status, seqs }).toEqual({
      lane: "live",
      kind: "event",
      status: "pending",
      seqs: [4711, 4712],
    });
  });

  it.for([
    { lane: "elsewhere" },
    { kind: "letter" },
    { status: "lost" },
    { seqs: '["4711"]' },
    { seqs: "null" },
  ])("is taken for no delivery where it says %j", (change, { expect }) => {
    expect(() => parseRow({ ...ROW, ...change })).toThrow();
  });
});

describe("a filter that was kept", () => {
  it("is taken for none where a list of it is missing", ({ expect }) => {
    expect(KeptFilter.safeParse({ types: [], providers: [] }).success).toBe(false);
  });
});
