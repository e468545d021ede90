import { describe, it } from "vitest";

import { provider } from "../../../../src/protocols/restream/index.ts";
import { drive, draftsOf, greeted, only, typesOf } from "../../support/drive.ts";
import { linkTo } from "../../support/samples.ts";
import closings from "../frames/closings.json";
import connections from "../frames/connections.json";
import events from "../frames/events.json";
import other from "../frames/other.json";
import { changed, samples, TWITCH } from "../samples.ts";

const silence = { type: "timer-set", timer: "silence", afterMs: 60_000 } as const;

/** A session that has told of its connections. */
const start = (...greeting: object[]) =>
  greeted(provider.open(linkTo(samples)), [other.heartbeat, ...greeting]);

const observed = (effects: Parameters<typeof only>[0]) =>
  only(effects, "connection-observe").map(({ connection }) => connection);

const successor = `successor:${TWITCH}`;

describe("a session", () => {
  it("says nothing, ever: whatever a client says is ignored", ({ expect }) => {
    const session = drive(provider.open(linkTo(samples)));
    const said = [
      session.opened(),
      ...samples.greeting.map((frame) => session.receives(frame)),
      ...Object.values(samples.occurrences).map(({ frame }) => session.receives(frame)),
    ].flat();
    expect(typesOf(said)).not.toContain("frame-send");
  });

  it("the first frame proves that the token was taken", ({ expect }) => {
    const session = drive(provider.open(linkTo(samples)));
    expect(session.opened()).toEqual([silence]);
    expect(typesOf(session.receives("not JSON"))).toEqual(["frame-reject"]);
    const settled = { type: "timer-set", timer: "settled", afterMs: 10_000 };
    const first = [{ type: "session-ready" }, settled, silence];
    expect(session.receives(other.heartbeat)).toEqual(first);
    expect(session.receives(other.heartbeat)).toEqual([silence]);
  });

  it("has been told of every connection ten seconds after the first frame", ({ expect }) => {
    expect(start().fires("settled")).toEqual([{ type: "session-settled" }]);
  });

  it("is over after 60 s without a frame", ({ expect }) => {
    const [failed] = only(start().fires("silence"), "session-fail");
    expect(failed?.failure).toMatchObject({ remedy: "retry", reason: "silent" });
  });

  it("takes any frame it can read for a sign of life, and none that it cannot", ({ expect }) => {
    const session = start();
    expect(session.receives(events["4"])).toContainEqual(silence);
    expect(session.receives({ action: "event" })).toContainEqual(silence);
    expect(session.receives({ beat: true })).not.toContainEqual(silence);
  });

  it.for(["connection_info", "connection_closed", "event", "reply_accepted"])(
    "counts what it cannot read: %s",
    (action, { expect }) => {
      for (const payload of [undefined, null, 7, [], {}]) {
        const rejected = { type: "frame-reject", problem: `unreadable ${action}` };
        expect(start().receives({ action, payload })).toEqual([silence, rejected]);
      }
    },
  );
});

describe("a connection", () => {
  it("is told of with everything that is known of it", ({ expect }) => {
    const [connection] = observed(start().receives(connections.twitch));
    expect(connection).toEqual({
      identifier: `restream:${TWITCH}`,
      uuid: connections.twitch.payload.connectionUuid,
      platform: "twitch",
      status: "connected",
      reason: null,
      target: {
        ...connections.twitch.payload.target,
        platform: "twitch",
        id: "440021",
        name: "RiverMill",
        url: "https://twitch.example/rivermill",
        avatar: "https://images.example/restream/rivermill.png",
      },
      writable: false,
      ready: false,
      live: null,
      idle: false,
    });
  });

  it("exactly the same connection_info may come again", ({ expect }) => {
    const session = start(connections.twitch);
    const again = session.receives(connections.twitch);
    expect(again).toEqual(start(connections.twitch).receives(connections.twitch));
    expect(observed(again)).toHaveLength(1);
    expect(session.fires(successor)).toEqual([]);
  });

  it.for([
    ["youtube_livechat_ended", true],
    ["youtube_broadcast_completed", true],
    ["facebook_event_not_live", true],
    ["event_not_started", true],
    ["restream_channel_connection_expired", false],
    ["discord_invalid_refresh_token", false],
    ["channel_added_manually", false],
    ["internal", false],
    [null, false],
  ] as const)("in error over %s is idle: %s", ([reason, idle], { expect }) => {
    const frame = changed(connections.youtube, { status: "error", reason });
    const told = { status: "error", reason, idle };
    expect(observed(start().receives(frame))).toMatchObject([told]);
  });

  it("a connection that has nothing to connect to is idle", ({ expect }) => {
    const [connection] = observed(start().receives(connections["youtube ended"]));
    expect(connection).toMatchObject({ status: "error", idle: true });
  });

  it("is rejected with a status that nobody knows", ({ expect }) => {
    const effects = start().receives(changed(connections.twitch, { status: "dreaming" }));
    expect(typesOf(effects)).toEqual(["timer-set", "frame-reject"]);
  });
});

describe("a connection that is closed", () => {
  const { connectionUuid: uuid } = connections.twitch.payload;

  it.for(["removed", "expired"] as const)("for good has no successor: %s", (reason, { expect }) => {
    const session = start(connections.twitch);
    const drop = { type: "connection-drop", uuid, reason, final: true };
    expect(session.receives(closings[reason])).toEqual([silence, drop]);
    expect(session.fires(successor)).toEqual([]);
  });

  it.for([
    "replaced",
    "superseded",
    "shutdown",
    "connection_establish_too_long",
    "internal",
  ] as const)("is given 30 s for its successor: %s", (reason, { expect }) => {
    const session = start(connections.twitch);
    expect(session.receives(closings[reason])).toEqual([
      silence,
      { type: "connection-drop", uuid, reason, final: false },
      { type: "timer-set", timer: successor, afterMs: 30_000 },
    ]);
  });

  it("for a reason that nobody gives is given the same", ({ expect }) => {
    const frame = { action: "connection_closed", payload: { connectionUuid: uuid } };
    const effects = start(connections.twitch).receives(frame);
    const drop = { type: "connection-drop", uuid, reason: "unknown", final: false };
    expect(effects).toContainEqual(drop);
    expect(only(effects, "timer-set").map(({ timer }) => timer)).toContain(successor);
  });

  it("connection_closed names a uuid that may already be gone", ({ expect }) => {
    const drop = { type: "connection-drop", uuid, reason: "replaced", final: false };
    expect(start().receives(closings.replaced)).toEqual([silence, drop]);
    // SaidPayload twice, it does not put off the end of the wait for a successor.
    const again = start(connections.twitch, closings.replaced);
    expect(again.receives(closings.replaced)).toEqual([silence, drop]);
    const twice = start(connections.twitch, closings.replaced, connections["twitch again"]);
    expect(twice.receives(closings.replaced)).toEqual([silence, drop]);
  });

  it("on a change the new connection is announced before the old one is closed", ({ expect }) => {
    const session = start(connections.twitch, connections["twitch again"]);
    const effects = session.receives(closings.replaced);
    expect(typesOf(effects)).toEqual(["timer-set", "connection-drop"]);
    expect(session.fires(successor)).toEqual([]);
  });

  it("whose successor comes in time is nothing to worry about", ({ expect }) => {
    const session = start(connections.twitch, closings.replaced, connections["twitch again"]);
    expect(session.fires(successor)).toEqual([]);
  });

  it("the socket can be open, with heartbeats, and yet be dead: every connection replaced", ({
    expect,
  }) => {
    const session = start(connections.twitch, closings.replaced);
    for (let beats = 0; beats < 3; beats++) {
      expect(session.receives(other.heartbeat)).toEqual([silence]);
    }
    const replace = { type: "session-replace", reason: "connection_without_successor" };
    expect(session.fires(successor)).toEqual([replace]);
  });

  it("goes with its own successor, not with another's", ({ expect }) => {
    const session = start(connections.twitch, closings.replaced, connections.youtube);
    expect(typesOf(session.fires(successor))).toEqual(["session-replace"]);
    expect(draftsOf(session.receives(events["5"]))).toHaveLength(1);
  });
});
