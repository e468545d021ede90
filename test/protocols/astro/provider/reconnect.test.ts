import { describe, it } from "vitest";

import type { Json } from "../../../../src/lib/json.ts";
import { provider } from "../../../../src/protocols/astro/index.ts";
import { draftsOf, drive, only, typesOf, type Driven } from "../../support/drive.ts";
import { linkTo } from "../../support/samples.ts";
import activities from "../frames/activities.json";
import handshake from "../frames/handshake.json";
import { ROOM, samples, TOKEN } from "../samples.ts";
import { granted, open, pacedThrough, refused, sent } from "../session.ts";

const A = "channel.a";
const B = "channel.b";
const C = "channel.c";

/** A session in which one topic is subscribed, one refused, and one still asked for. */
function running(target: Json = { topics: [A, B, C] }): Driven {
  const session = open(target);
  session.opened();
  pacedThrough(session);
  session.receives(granted(A));
  session.receives(refused(B, "err_unauthorized"));
  return session;
}

/** What a session leaves behind when the server goes away. */
function leftBy(session: Driven, frame: object = handshake.reconnect): string | null {
  const [replace] = only(session.receives(frame), "session-replace");
  return replace?.handOver ?? null;
}

const successor = (handOver: string | null, target: Json = { topics: [A, B, C] }) =>
  linkTo(samples, { dialId: "dial-2", target, handOver });

describe("a server that goes away", () => {
  it("has the socket replaced, and is listened to until then", ({ expect }) => {
    const session = running();
    const [replace] = only(session.receives(handshake.reconnect), "session-replace");
    expect(replace).toMatchObject({ reason: "provider_restarting" });
    expect(replace?.handOver).toContain("r3connect-t0ken");
    expect(replace?.handOver).not.toContain(TOKEN);
    expect(draftsOf(session.receives(activities.follow))).toHaveLength(1);
  });

  it("is dialled with its token, and with none where there is none", ({ expect }) => {
    const url = (handOver: string | null) => provider.dial(successor(handOver)).url;
    const own = "wss://astro.streamelements.com/";
    expect(url(leftBy(running()))).toBe(`${own}?reconnect_token=r3connect-t0ken`);
    expect(url(null)).toBe(own);
    expect(url("not ours")).toBe(own);
    const set = linkTo(samples, { url: "ws://127.0.0.1:4100/ws?a=b", handOver: leftBy(running()) });
    expect(provider.dial(set).url).toBe(
      "ws://127.0.0.1:4100/ws?a=b&reconnect_token=r3connect-t0ken",
    );
  });

  it("leaves nothing where there is no token, or nothing to give back", ({ expect }) => {
    for (const data of [{ message: "bye" }, { reconnect_token: 7 }, "bye", undefined]) {
      expect(leftBy(running(), { type: "reconnect", data })).toBeNull();
    }
    const empty = open();
    empty.opened();
    expect(leftBy(empty)).toBeNull();
    const replace = { type: "session-replace", reason: "provider_restarting" };
    expect(empty.receives(handshake.reconnect)).toContainEqual(replace);
  });
});

describe("the socket that takes over", () => {
  const start = (handOver = leftBy(running()), target?: Json) =>
    drive(provider.open(successor(handOver, target)));

  it("with a reconnect token the subscriptions come back by themselves, with a welcome", ({
    expect,
  }) => {
    const target = { topics: [A, B] };
    const session = start(leftBy(running(target)), target);
    const opened = session.opened();
    expect(sent(opened)).toEqual([]);
    expect(opened).toContainEqual({ type: "timer-set", timer: "welcome", afterMs: 10_000 });
    const effects = session.receives(handshake.welcome);
    expect(typesOf(effects)).toEqual([
      "timer-set",
      "timer-set",
      "timer-clear",
      "session-ready",
      "connection-observe",
      "session-settled",
      "connection-drop",
    ]);
    expect(pacedThrough(session)).toEqual([]);
  });

  it("goes on under the same name, and closes what it replaces", ({ expect }) => {
    const target = { topics: [A, B] };
    const session = start(leftBy(running(target)), target);
    session.opened();
    const effects = session.receives(handshake.welcome);
    const [observed] = only(effects, "connection-observe");
    expect(observed?.connection).toMatchObject({
      identifier: `astro:${ROOM}`,
      uuid: "dial-2",
      status: "connected",
      target: { topics: { [A]: { status: "subscribed" }, [B]: { reason: "unauthorized" } } },
    });
    const drop = { type: "connection-drop", uuid: "dial-1", reason: "replaced", final: true };
    expect(effects).toContainEqual(drop);
  });

  it("asks for what was not subscribed yet, and for nothing else", ({ expect }) => {
    const session = start();
    session.opened();
    const asked = sent(session.receives(handshake.welcome));
    expect(asked.map(({ nonce }) => nonce)).toEqual([`dial-2/${C}`]);
    const answer = { type: "response", nonce: `dial-2/${C}`, data: "successfully subscribed" };
    expect(typesOf(session.receives(answer))).toContain("session-settled");
    expect(typesOf(session.receives(handshake.welcome))).toEqual(["timer-set", "timer-set"]);
  });

  it("is there when what had no answer before has one, and may take over until then", ({
    expect,
  }) => {
    const session = start();
    session.opened();
    const welcomed = session.receives(handshake.welcome);
    expect(typesOf(welcomed)).toContain("session-ready");
    expect(only(welcomed, "connection-observe")).toMatchObject([
      { connection: { uuid: "dial-2", status: "connecting" } },
    ]);
    const answered = session.receives({ type: "response", nonce: `dial-2/${C}` });
    expect(only(answered, "connection-observe")).toMatchObject([
      { connection: { uuid: "dial-2", status: "connected" } },
    ]);
    expect(typesOf(answered)).not.toContain("session-ready");
  });

  it("without a token is ready when every topic has an answer: the old one hears till then", ({
    expect,
  }) => {
    const session = start(leftBy(running(), { type: "reconnect" }));
    session.opened();
    const answers = [A, B, C].map((topic) =>
      typesOf(session.receives({ type: "response", nonce: `dial-2/${topic}` })),
    );
    const isReady = answers.map((types) => types.includes("session-ready"));
    expect(isReady).toEqual([false, false, true]);
  });

  it("tells of what comes before its welcome", ({ expect }) => {
    const session = start();
    session.opened();
    const [draft] = draftsOf(session.receives(activities.follow));
    expect(draft?.connectionId).toBe(`astro:${ROOM}`);
  });

  it("is given up where no welcome comes within 10 s", ({ expect }) => {
    const session = start();
    session.opened();
    const [failed] = only(session.fires("welcome"), "session-fail");
    expect(failed?.failure).toMatchObject({ remedy: "retry", reason: "hand_over_failed" });
    session.receives(handshake.welcome);
    expect(session.fires("welcome")).toEqual([]);
  });

  it("begins from nothing where what it was left cannot be read", ({ expect }) => {
    const session = start("not ours");
    expect(sent(session.opened()).map(({ data }) => data.topic)).toEqual([A]);
  });

  it("keeps to its target, whatever it was left", ({ expect }) => {
    const handOver = leftBy(running());
    const target = { topics: [A, "channel.d"], room: "another" };
    const session = drive(provider.open(successor(handOver, target)));
    session.opened();
    const effects = session.receives(handshake.welcome);
    expect(sent(effects).map(({ data }) => data.topic)).toEqual(["channel.d"]);
    const [observed] = only(effects, "connection-observe");
    expect(observed?.connection.identifier).toBe("astro:another");
  });

  it("can be replaced in its turn", ({ expect }) => {
    const session = start();
    session.opened();
    session.receives(handshake.welcome);
    const again = drive(provider.open(successor(leftBy(session))));
    again.opened();
    expect(typesOf(again.receives(handshake.welcome))).toContain("session-ready");
  });
});
