import { describe, it } from "vitest";

import type { StreamEvent } from "../../src/client/event-types.ts";
import { dropLines, takeEvents } from "../../src/console/state/lines.ts";

let seq = 0;

function event(type: string, data: object, platform = "twitch"): StreamEvent {
  seq += 1;
  const sequence = String(seq).padStart(12, "0");
  return {
    id: `epoch00000-${seq}`,
    type,
    platform,
    data,
    sequence,
    provider: "restream",
    recordedtime: "2026-11-29T01:00:00.000Z",
  } as StreamEvent;
}

const said = (name: string, id: string, platform = "twitch") =>
  event(
    "chat.message",
    { user: { id: name, name }, message: { id, text: `by ${name}`, fragments: [] } },
    platform,
  );

const standing = (lines: ReturnType<typeof takeEvents>) =>
  lines
    .filter(({ struck }) => struck === null)
    .map(({ event: { data } }) => (data as { user: { name: string } }).user.name);

describe("the chat's lines", () => {
  it("are struck out when they are deleted, and gone three seconds later", ({ expect }) => {
    const deleted = event("chat.message.deleted", { messageIds: ["m1"], by: { name: "Mod" } });
    const lines = takeEvents([], [said("Ada", "m1"), said("Bo", "m2"), deleted], 1_000);
    expect(lines.map(({ struck }) => struck)).toEqual(["deleted by Mod", null]);
    expect(dropLines(lines, 3_999)).toHaveLength(2);
    expect(dropLines(lines, 4_000)).toHaveLength(1);
    expect(standing(takeEvents(lines, [], 5_000))).toEqual(["Bo"]);
  });

  it("of another platform with the same id stay", ({ expect }) => {
    const deleted = event("chat.message.deleted", { messageIds: ["m1"] });
    const lines = takeEvents([], [said("Ada", "m1", "youtube"), deleted], 0);
    expect(standing(lines)).toEqual(["Ada"]);
  });

  it("without an id are none that a deletion means", ({ expect }) => {
    const deleted = event("chat.message.deleted", { messageIds: [""] });
    expect(standing(takeEvents([], [said("Ada", ""), deleted], 0))).toEqual(["Ada"]);
  });

  it.for([
    ["moderation.ban", { user: { id: "Ada" } }],
    ["moderation.timeout", { user: { name: "ada" } }],
    ["chat.cleared", { scope: "user", user: { id: "Ada" } }],
  ] as const)("of somebody go with %s, and nobody else's", ([type, data], { expect }) => {
    const lines = takeEvents([], [said("Ada", "m1"), said("Bo", "m2"), event(type, data)], 0);
    expect(standing(lines)).toEqual(["Bo"]);
  });

  it("all go when the chat is cleared, but on that platform alone", ({ expect }) => {
    const lines = takeEvents(
      [],
      [said("Ada", "m1"), said("Bo", "m2", "youtube"), event("chat.cleared", { scope: "all" })],
      0,
    );
    expect(standing(lines)).toEqual(["Bo"]);
  });

  it("are each there once, however often they are told of, and never more than so many", ({
    expect,
  }) => {
    const many = Array.from({ length: 400 }, (_, at) => said(`u${at}`, `m${at}`));
    const lines = takeEvents(takeEvents([], many, 0), many.slice(-10), 0);
    expect(lines).toHaveLength(300);
    expect(lines.at(-1)?.event.id).toBe(many.at(-1)?.id);
  });
});
