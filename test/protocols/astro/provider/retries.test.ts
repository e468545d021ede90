import { describe, it } from "vitest";

import { only, typesOf } from "../../support/drive.ts";
import handshake from "../frames/handshake.json";
import {
  CHAT,
  connectionIn,
  type Effects,
  failureIn,
  granted,
  open,
  pacedThrough,
  refused,
  sent,
  start,
  TIPS,
  topicsIn,
} from "../session.ts";

const timersIn = (effects: Effects) =>
  only(effects, "timer-set").filter(({ timer }) => timer !== "probe" && timer !== "silence");

describe("a topic that is refused for now", () => {
  it.for([
    ["err_internal_error", "provider_error"],
    ["err_deadline_exceeded", "provider_error"],
  ] as const)("is asked for again, later and later: %s", ([error, reason], { expect }) => {
    const session = start();
    const waits = Array.from({ length: 7 }, () => {
      const [again] = timersIn(session.receives(refused(TIPS, error)));
      expect(sent(session.fires(`retry:${TIPS}`))).toHaveLength(1);
      session.fires("pace");
      return again?.afterMs;
    });
    expect(waits).toEqual([1000, 2000, 4000, 8000, 16_000, 30_000, 30_000]);
    const effects = session.receives(granted(CHAT));
    expect(connectionIn(effects)).toMatchObject({ reason: "topics_pending" });
    expect(topicsIn(effects)).toMatchObject({ [TIPS]: { status: "pending", reason } });
    expect(typesOf(effects)).toContain("session-settled");
    const healed = session.receives(granted(TIPS));
    expect(connectionIn(healed)).toMatchObject({ status: "connected", reason: null });
    expect(topicsIn(healed)).toMatchObject({ [TIPS]: { status: "subscribed" } });
  });

  it("is asked for again where no answer comes within 15 s", ({ expect }) => {
    const session = start();
    const [again] = timersIn(session.fires(`answer:${TIPS}`));
    expect(again).toEqual({ type: "timer-set", timer: `retry:${TIPS}`, afterMs: 1000 });
    expect(topicsIn(session.receives(granted(CHAT)))).toMatchObject({
      [TIPS]: { status: "pending", reason: "no_answer" },
    });
    expect(session.fires(`answer:${CHAT}`)).toEqual([]);
    expect(session.fires(`retry:${CHAT}`)).toEqual([]);
    expect(session.fires("answer:channel.unknown")).toEqual([]);
  });

  it("is not given up a second time by the timers of its earlier tries", ({ expect }) => {
    const session = start();
    session.receives(refused(TIPS, "err_internal_error"));
    expect(session.fires(`answer:${TIPS}`)).toEqual([]);
    session.fires(`retry:${TIPS}`);
    session.fires("pace");
    expect(session.fires(`retry:${TIPS}`)).toEqual([]);
  });

  it("settles nothing while nothing is granted: there is no connection to tell of", ({
    expect,
  }) => {
    const session = start();
    const before = [TIPS, CHAT].flatMap((topic) => [
      ...session.receives(refused(topic, "err_internal_error")),
    ]);
    expect(typesOf(before)).not.toContain("session-settled");
    expect(connectionIn(before)).toBeUndefined();
    const after = typesOf(session.receives(granted(TIPS))).filter((type) => type !== "timer-set");
    expect(after).toEqual(["session-ready", "connection-observe", "session-settled"]);
  });

  it("stays subscribed where it was: asking again takes nothing away", ({ expect }) => {
    const session = start();
    session.receives(granted(TIPS));
    session.receives(granted(CHAT));
    for (const error of ["err_internal_error", "rate_limit_exceeded", "err_bad_request", "odd"]) {
      const effects = session.receives(refused(TIPS, error));
      expect(connectionIn(effects)).toBeUndefined();
      expect(timersIn(effects).map(({ timer }) => timer)).not.toContain(`retry:${TIPS}`);
    }
  });

  it.for([
    ["rate_limit_exceeded", { remedy: "slow", reason: "rate_limited" }],
    ["err_internal_error", { remedy: "retry", reason: "provider_error" }],
  ] as const)(
    "ends the session where nothing is ever granted: %s",
    ([error, failure], { expect }) => {
      const session = start();
      session.receives(refused(TIPS, error));
      expect(failureIn(session.fires("ready"))).toMatchObject(failure);
    },
  );
});

describe("a refusal over the rate", () => {
  const pause = { type: "timer-set", timer: "pace", afterMs: 10_000 };

  it("a rate refusal carries no nonce: it may be meant for any command that waits", ({
    expect,
  }) => {
    const session = open({ topics: ["channel.a", "channel.b", "channel.c"] });
    session.opened();
    session.fires("pace");
    expect(timersIn(session.receives(handshake["rate limit"]))).toEqual([pause]);
    expect(sent(session.fires("retry:channel.a"))).toEqual([]);
    // The answer to one of them comes all the same: it need not be asked for again.
    session.receives(granted("channel.a"));
    const asked = pacedThrough(session).map(({ data }) => data.topic);
    expect(asked).toEqual(["channel.c", "channel.b"]);
  });

  it("with a nonce is meant for that command", ({ expect }) => {
    const session = start();
    expect(timersIn(session.receives(refused(CHAT, "rate_limit_exceeded")))).toEqual([pause]);
    expect(pacedThrough(session).map(({ data }) => data.topic)).toEqual([CHAT]);
    session.fires(`answer:${CHAT}`);
    expect(topicsIn(session.receives(granted(TIPS)))).toMatchObject({
      [TIPS]: { status: "subscribed" },
      [CHAT]: { status: "pending", reason: "no_answer" },
    });
  });
});
