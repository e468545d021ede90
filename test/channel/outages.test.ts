import { describe, it } from "vitest";

import { ID, Story } from "./support/map.ts";

const IDLE = { status: "error", reason: "event_not_started", idle: true } as const;
const CONNECTING = { status: "connecting" } as const;
const ERROR = { status: "error", reason: "internal" } as const;

function gaps({ told }: Story): string[] {
  return told.filter((each) => each.startsWith("gap"));
}

/** Stories in which events may have been missed, and what is to be told of it. */
const MISSED: [name: string, story: () => Story, gap: string][] = [
  [
    "the link was down",
    () => new Story().seen(10, "u-1").lost(50, { lastSeenAt: 40 }).seen(90, "u-2"),
    "gap 40-90 silent",
  ],
  [
    "the link was down, and the same comes back",
    () => new Story().seen(10, "u-1").lost(50).seen(90, "u-1"),
    "gap 50-90 silent",
  ],
  [
    "it failed",
    () => new Story().seen(10, "u-1").seen(50, "u-1", ERROR).seen(90, "u-1"),
    "gap 50-90 internal",
  ],
  [
    "it failed without a reason",
    () => new Story().seen(10, "u-1").seen(50, "u-1", CONNECTING).seen(90, "u-1"),
    "gap 50-90 connecting",
  ],
  [
    "it was closed before its successor came",
    () => new Story().seen(10, "u-1").dropped(50, "u-1").seen(90, "u-2"),
    "gap 50-90 replaced",
  ],
  [
    "it was closed before its successor was there",
    () =>
      new Story().seen(10, "u-1").seen(20, "u-2", CONNECTING).dropped(50, "u-1").seen(90, "u-2"),
    "gap 50-90 replaced",
  ],
  [
    "its successor failed, and then it was closed",
    () =>
      new Story()
        .seen(10, "u-1")
        .seen(20, "u-2", ERROR)
        .dropped(50, "u-1", "shutdown")
        .seen(90, "u-3"),
    "gap 50-90 shutdown",
  ],
  [
    "the link was down while its successor was on its way",
    () =>
      new Story()
        .seen(10, "u-1")
        .seen(20, "u-2", CONNECTING)
        .lost(50, { lastSeenAt: 40 })
        .seen(90, "u-3"),
    "gap 40-90 silent",
  ],
  [
    "its successor was closed while it was on its way",
    () =>
      new Story().seen(10, "u-1").seen(20, "u-2", CONNECTING).dropped(50, "u-2").seen(90, "u-3"),
    "gap 50-90 replaced",
  ],
  [
    "it was announced again, as failed",
    () =>
      new Story()
        .seen(10, "u-1")
        .seen(20, "u-2", CONNECTING)
        .seen(50, "u-1", ERROR)
        .seen(90, "u-1"),
    "gap 50-90 internal",
  ],
  [
    "it went through many states on its way back",
    () =>
      new Story()
        .seen(10, "u-1")
        .lost(50)
        .lost(60, { reason: "refused", status: "error" })
        .seen(70, "u-2", CONNECTING)
        .lost(75, { reason: "socket_closed" })
        .seen(80, "u-3", ERROR)
        .dropped(85, "u-3")
        .seen(90, "u-4"),
    "gap 50-90 silent",
  ],
  [
    "nobody wanted it for a while",
    () =>
      new Story()
        .seen(10, "u-1")
        .lost(50, { status: "closed", reason: "on_demand" })
        .seen(90, "u-2"),
    "gap 50-90 on_demand",
  ],
  [
    "nobody wanted it for a while, and then it was heard before its link was up",
    () =>
      new Story()
        .seen(10, "u-1")
        .lost(50, { status: "closed", reason: "on_demand" })
        .lost(70, { isHeard: true })
        .seen(90, "u-1"),
    "gap 50-90 on_demand",
  ],
  [
    "it came back, and then there was nothing to connect to any more",
    () => new Story().seen(10, "u-1").lost(50).seen(90, "u-2", IDLE),
    "gap 50-90 silent",
  ],
  [
    "there was nothing to connect to, and it began while the link was down",
    () => new Story().seen(10, "u-1", IDLE).lost(50).seen(80, "u-2", CONNECTING).seen(90, "u-2"),
    "gap 50-90 silent",
  ],
  [
    "the clock went back meanwhile",
    () => new Story().seen(10, "u-1").lost(90).seen(50, "u-2"),
    "gap 90-90 silent",
  ],
  [
    "the last sign of life is said to be older than the connection, or to come",
    () => new Story().seen(30, "u-1").lost(50, { lastSeenAt: 5 }).seen(90, "u-2"),
    "gap 30-90 silent",
  ],
];

/** Stories in which nothing can have been missed. */
const NOT_MISSED: [name: string, story: () => Story][] = [
  [
    "the provider was heard all the same while its link was down",
    () =>
      new Story()
        .seen(10, "u-1")
        .lost(50, { isHeard: true })
        .lost(60, { isHeard: true, status: "error", reason: "refused" })
        .seen(90, "u-1"),
  ],
  ["it comes for the first time", () => new Story().seen(10, "u-1", CONNECTING).seen(20, "u-1")],
  [
    "it never was there",
    () =>
      new Story()
        .lost(10, { claims: [ID] })
        .seen(20, "u-1", CONNECTING)
        .lost(30)
        .seen(40, "u-2"),
  ],
  [
    "the new one was there before the old one went",
    () =>
      new Story().seen(10, "u-1").seen(20, "u-2", CONNECTING).seen(30, "u-2").dropped(40, "u-1"),
  ],
  [
    "the new one was there at once",
    () => new Story().seen(10, "u-1").seen(20, "u-2").dropped(30, "u-1"),
  ],
  [
    "the new one failed while the old one was still there",
    () =>
      new Story()
        .seen(10, "u-1")
        .seen(20, "u-2")
        .seen(30, "u-2", ERROR)
        .seen(40, "u-2")
        .dropped(50, "u-1"),
  ],
  [
    "the broadcast ended, and a new one begins",
    () =>
      new Story().seen(10, "u-1").seen(20, "u-1", IDLE).seen(90, "u-1", CONNECTING).seen(95, "u-1"),
  ],
  [
    "the broadcast ended with a new connection, and a new one begins",
    () => new Story().seen(10, "u-1").seen(20, "u-2", IDLE).dropped(30, "u-1").seen(90, "u-3"),
  ],
  [
    "there was nothing to connect to before and after",
    () =>
      new Story()
        .seen(10, "u-1", IDLE)
        .lost(50)
        .seen(80, "u-2", CONNECTING)
        .seen(90, "u-2", IDLE)
        .seen(95, "u-2"),
  ],
  [
    "what had nothing to connect to was closed",
    () => new Story().seen(10, "u-1", IDLE).dropped(50, "u-1").seen(90, "u-2"),
  ],
  [
    "somebody removed it and put it back",
    () => new Story().seen(10, "u-1").dropped(50, "u-1", "removed").seen(90, "u-2"),
  ],
];

describe("a gap is told once it is over", () => {
  it.for(MISSED)("where %s", ([, tell, gap], { expect }) => {
    const story = tell();
    expect(gaps(story)).toEqual([gap]);
    expect(story.told.at(-1)).toBe(gap);
    expect(story.told.at(-2)).toMatch(/^updated/);
  });

  it.for(MISSED)("and not again, nor with the next: %s", ([, tell], { expect }) => {
    const again = tell().seen(100, "u-1", { live: null }).lost(110).seen(120, "u-9");
    expect(gaps(again)).toHaveLength(2);
    expect(gaps(again).at(-1)).toBe("gap 110-120 silent");
  });
});

describe("no gap is told", () => {
  it.for(NOT_MISSED)("where %s", ([, tell], { expect }) => {
    const story = tell();
    expect(gaps(story)).toEqual([]);
    expect(story.told.at(-1)).toMatch(/^updated/);
  });
});
