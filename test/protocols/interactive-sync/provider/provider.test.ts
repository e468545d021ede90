import { describe, it } from "vitest";

import { provider } from "../../../../src/protocols/interactive-sync/index.ts";
import { drive, draftsOf, only, typesOf } from "../../support/drive.ts";
import { linkTo } from "../../support/samples.ts";
import answers from "../frames/answers.json";
import beyond from "../frames/beyond.json";
import connection from "../frames/connection.json";
import emits from "../frames/emits.json";
import { IDENTIFIER, samples, showing, start, TOKEN } from "../samples.ts";

const open = () => drive(provider.open(linkTo(samples, { dialId: "dial-7" })));

describe("an address", () => {
  const dial = (url: string, accessToken = TOKEN) =>
    provider.dial(linkTo(samples, { url, credentials: { clientId: "g4me-cl1ent", accessToken } }));

  it("the credentials are in the address, whose path is / unless another is set", ({ expect }) => {
    const query = "client_id=g4me-cl1ent&access_token=tw1tch-t0ken";
    const bare = { url: `wss://sync.example/?${query}`, protocols: [] };
    expect(dial("wss://sync.example")).toEqual(bare);
    expect(dial("wss://sync.example/")).toEqual(bare);
    const deep = "wss://relay.example/gateways/interactive-sync/";
    expect(dial(deep).url).toBe(`${deep}?${query}`);
  });

  it("carries the newest token, once, as an address can", ({ expect }) => {
    const { searchParams } = new URL(dial("ws://127.0.0.1:8081/?access_token=old", "a+b&c=d").url);
    expect(searchParams.getAll("access_token")).toEqual(["a+b&c=d"]);
  });

  it("has to be given: everybody runs a server of their own", ({ expect }) => {
    expect(provider.defaultUrl).toBeNull();
    expect(() => provider.dial(linkTo(samples, { url: null }))).toThrow();
  });
});

describe("the handshake", () => {
  it("nothing is sent before the ok", ({ expect }) => {
    const session = open();
    expect(session.opened()).toEqual([{ type: "timer-set", timer: "ok", afterMs: 30_000 }]);
    expect(session.sends(showing("job-1", "dawn"))).toEqual([]);
    expect(session.receives(emits.input).map(({ type }) => type)).toEqual(["events-observe"]);
    const effects = session.receives(connection.ok);
    expect(only(effects, "frame-send")).toHaveLength(1);
    const { length } = effects;
    expect(typesOf(effects).indexOf("session-settled")).toBeLessThan(
      typesOf(effects).indexOf("frame-send"),
    );
    expect(length).toBe(8);
  });

  it("is over with the ok: ready, connected, settled", ({ expect }) => {
    const session = open();
    session.opened();
    const effects = session.receives(connection.ok);
    expect(effects[0]).toEqual({ type: "timer-clear", timer: "ok" });
    const rest = ["session-ready", "connection-observe", "session-settled"];
    expect(typesOf(effects).slice(1)).toEqual(rest);
  });

  it("tells of the channel that the token is of", ({ expect }) => {
    const session = open();
    session.opened();
    const [observed] = only(session.receives(connection.ok), "connection-observe");
    expect(observed?.connection).toEqual({
      identifier: IDENTIFIER,
      uuid: "dial-7",
      platform: "twitch",
      status: "connected",
      reason: null,
      target: {
        platform: "twitch",
        id: "441502883",
        name: "HeronWatch",
        channelId: "441502883",
        displayName: "HeronWatch",
      },
      writable: true,
      ready: true,
      live: null,
    });
  });

  it.for([
    [{ channelId: 441502883 }, { platform: "twitch", id: "441502883", channelId: "441502883" }],
    [
      { channelId: "1", displayName: 7 },
      { platform: "twitch", id: "1", channelId: "1" },
    ],
  ])("takes a channel of which it tells less: %j", ([data, target], { expect }) => {
    const [observed] = only(open().receives({ ...connection.ok, data }), "connection-observe");
    expect(observed?.connection.target).toEqual(target);
  });

  it.for([null, {}, { channelId: "" }, { channelId: null }, { channelId: "9".repeat(101) }])(
    "is not over with an ok of no channel: %j",
    (data, { expect }) => {
      const session = open();
      session.opened();
      const problem = "an ok without a channel";
      const effects = session.receives({ ...connection.ok, data });
      expect(effects).toEqual([{ type: "frame-reject", problem }]);
      expect(typesOf(session.receives(connection.ok))).toContain("session-ready");
    },
  );

  it("is done once: a second ok is kept, and changes nothing", ({ expect }) => {
    const other = { ...connection.ok, data: { channelId: "7", displayName: "Pike" } };
    const session = start();
    const drafts = draftsOf(session.receives(other));
    expect(drafts).toMatchObject([{ type: "provider.event", raw: other }]);
    expect(draftsOf(session.receives(emits.input))).toMatchObject([{ connectionId: IDENTIFIER }]);
  });

  it("is given up after 30 s without an answer", ({ expect }) => {
    const session = open();
    session.opened();
    const [failed] = only(session.fires("ok"), "session-fail");
    expect(failed?.failure).toEqual({
      remedy: "retry",
      reason: "handshake_timeout",
      detail: "Interactive Sync did not answer the connection for 30 s.",
    });
  });
});

describe("silence", () => {
  it("pings are not seen: a server that has nothing to tell is silent for hours", ({ expect }) => {
    const session = open();
    const set = [...session.opened(), ...session.receives(connection.ok)];
    const cleared = only(set, "timer-clear").map(({ timer }) => timer);
    const left = only(set, "timer-set").filter(({ timer }) => !cleared.includes(timer));
    expect(left).toEqual([]);
  });

  it("after something was sent is a dead socket", ({ expect }) => {
    const session = start();
    const sent = session.sends(showing("job-1", "dawn"));
    expect(sent).toContainEqual({ type: "timer-set", timer: "answer", afterMs: 30_000 });
    expect(session.fires("answer")).toEqual([
      {
        type: "send-fail",
        job: "job-1",
        failure: { reason: "unconfirmed", retryable: false },
      },
      {
        type: "session-fail",
        failure: {
          remedy: "retry",
          reason: "silent",
          detail: "Interactive Sync did not answer what was sent for 30 s.",
        },
      },
    ]);
  });

  it("is over with the answer", ({ expect }) => {
    const session = start();
    session.sends(showing("job-1", "dawn"));
    const effects = session.receives(answers.ok);
    expect(effects).toContainEqual({ type: "timer-clear", timer: "answer" });
  });
});

describe("the end", () => {
  it("that the server tells of is the end of the connection, and of what was sent", ({
    expect,
  }) => {
    const session = start();
    session.sends(showing("job-1", "dawn"));
    const effects = session.receives(connection.terminated);
    expect(typesOf(effects)).toEqual(["connection-drop", "send-fail", "session-fail"]);
    const drop = { uuid: "dial-1", reason: "terminated", final: false };
    expect(effects[0]).toMatchObject(drop);
    const retry = { remedy: "retry", reason: "terminated" };
    expect(only(effects, "session-fail")[0]?.failure).toMatchObject(retry);
  });

  it("before the ok is no connection's", ({ expect }) => {
    expect(typesOf(open().receives(connection.terminated))).toEqual(["session-fail"]);
  });

  it.for([
    [1006, "", "Interactive Sync closed the socket (1006)."],
    [1008, "refused", "Interactive Sync closed the socket (1008, refused)."],
  ] as const)(
    "of the socket alone is a fault of the moment: %i",
    ([code, reason, detail], { expect }) => {
      const told = provider.closed({ code, reason });
      expect(told).toEqual({ remedy: "retry", reason: "socket_closed", detail });
    },
  );
});

describe("whatever else is said", () => {
  it.for(Object.entries(beyond))(
    "a frame of a kind we do not know is kept: %s",
    ([, frame], { expect }) => {
      const effects = start().receives(frame);
      const nativeType = `${frame.context}.${frame.status}`;
      expect(typesOf(effects)).toEqual(["events-observe"]);
      expect(draftsOf(effects)).toEqual([
        {
          type: "provider.event",
          platform: "twitch",
          connectionId: IDENTIFIER,
          raw: frame,
          data: { nativeType, payload: frame },
        },
      ]);
    },
  );

  it("a frame of a kind we do not know is kept as provider.event", ({ expect }) => {
    const frame = beyond["a context nobody knows"];
    expect(draftsOf(start().receives(frame))).toMatchObject([
      { type: "provider.event", data: { nativeType: "maintenance.ok" } },
    ]);
  });
});
