import { describe, it } from "vitest";

import { provider } from "../../../../src/protocols/multistreamer/index.ts";
import { drive, draftsOf, only, typesOf } from "../../support/drive.ts";
import { linkTo } from "../../support/samples.ts";
import chat from "../frames/chat.json";
import { onAir, ROOM, samples, started, words } from "../samples.ts";

const asked = { type: "frame-send", frame: '{"type":"status"}' };
const silence = { type: "timer-set", timer: "silence", afterMs: 75_000 };
const poll = { type: "timer-set", timer: "poll", afterMs: 30_000 };

const connecting = (dialId = "dial-1") => drive(provider.open(linkTo(samples, { dialId })));

describe("a dial", () => {
  const dialled = (url: string, streamId = "8") =>
    provider.dial(linkTo(samples, { url, target: { streamId } })).url;

  it("goes to the stream's socket, below the address of the server", ({ expect }) => {
    const token = samples.credentials[0].credentials["token"] as string;
    expect(provider.dial(linkTo(samples))).toEqual({
      url: `wss://multistreamer.example/multi/ws/8?token=${token}`,
      protocols: [],
    });
    for (const address of ["wss://m.example", "wss://m.example/"]) {
      expect(dialled(address)).toBe(`wss://m.example/ws/8?token=${token}`);
    }
    expect(dialled("wss://m.example/a/b//?x=1")).toBe(
      `wss://m.example/a/b/ws/8?x=1&token=${token}`,
    );
  });

  it("keeps its token in one place, whatever is in it", ({ expect }) => {
    const token = "a&b=c/../?#%";
    const { url } = provider.dial(linkTo(samples, { credentials: { token } }));
    expect([...new URL(url).searchParams]).toEqual([["token", token]]);
  });

  it("needs an address, since everybody runs their own", ({ expect }) => {
    expect(provider.defaultUrl).toBeNull();
    expect(() => provider.dial(linkTo(samples, { url: null }))).toThrow("without an address");
  });

  it.for(["8", "1234567890", "river-mill_2"])(
    "takes a stream called %s",
    (streamId, { expect }) => {
      expect(provider.Target.safeParse({ streamId }).success).toBe(true);
    },
  );

  it("takes a stream whose number is a number", ({ expect }) => {
    const read = provider.Target.parse({ streamId: 31 });
    expect(read).toEqual({ streamId: "31" });
    expect(provider.dial(linkTo(samples, { target: { streamId: 31 } })).url).toContain("/ws/31?");
    for (const streamId of [0, -1, 1.5, NaN, 2 ** 53, true, null]) {
      expect(provider.Target.safeParse({ streamId }).success).toBe(false);
    }
  });

  it.for(["", "8/9", "..", "8?x=1", "8#", "8 ", "a".repeat(101)])(
    "takes no stream called %j",
    (streamId, { expect }) => {
      expect(provider.Target.safeParse({ streamId }).success).toBe(false);
    },
  );
});

describe("a session", () => {
  it("nothing is sent on connecting: the first status has to be asked for", ({ expect }) => {
    const session = connecting();
    const deadline = { type: "timer-set", timer: "answer", afterMs: 15_000 };
    expect(session.opened()).toEqual([asked, deadline]);
    const again = connecting("dial-2");
    expect(again.opened()).toEqual([asked, deadline]);
  });

  it("is ready and settled with the first status", ({ expect }) => {
    const session = connecting();
    session.opened();
    const effects = session.receives(onAir);
    expect(effects.slice(0, 4)).toEqual([
      { type: "timer-clear", timer: "answer" },
      poll,
      { type: "session-ready" },
      silence,
    ]);
    expect(typesOf(effects).at(-1)).toBe("session-settled");
    expect(only(effects, "connection-observe")).toHaveLength(5);
    expect(typesOf(session.receives(onAir))).toEqual(["timer-set"]);
  });

  it("tells of what is said before the first status", ({ expect }) => {
    const session = connecting();
    session.opened();
    const effects = session.receives(chat.twitch);
    expect(typesOf(effects)).toEqual(["events-observe"]);
    expect(typesOf(session.receives(onAir))).toContain("session-ready");
  });

  it("fails where no status comes", ({ expect }) => {
    const session = connecting();
    session.opened();
    session.receives(chat.twitch);
    const [failed] = only(session.fires("answer"), "session-fail");
    expect(failed?.failure).toMatchObject({ remedy: "retry", reason: "handshake_timeout" });
  });

  it("asks again every 30 s, and is silent where two answers in a row are missing", ({
    expect,
  }) => {
    const session = started();
    expect(session.fires("poll")).toEqual([asked, poll]);
    expect(session.receives(onAir)).toEqual([silence]);
    expect(session.fires("poll")).toEqual([asked, poll]);
    const [failed] = only(session.fires("silence"), "session-fail");
    expect(failed?.failure).toMatchObject({ remedy: "retry", reason: "silent" });
  });

  it("takes nothing but a status for a sign of life", ({ expect }) => {
    const session = started();
    for (const { frame } of Object.values(samples.occurrences)) {
      expect(session.receives(frame)).not.toContainEqual(silence);
    }
    expect(session.receives({ type: "status" })).not.toContainEqual(silence);
  });

  it.for([
    [{ type: "status" }, /^status: accounts/],
    [{ type: "status", accounts: [] }, /^status: accounts/],
    [{ ...onAir, status: "on" }, /^status: status/],
    [{ ...onAir, status: { data_pushing: "yes" } }, /^status: status\.data_pushing/],
    [{ type: "writerresult" }, /^writerresult: account_id/],
    [{ type: "writerresult", account_id: 47 }, /^writerresult: cur_stream_account_id/],
  ] as const)("counts what it cannot read, and goes on: %j", ([frame, problem], { expect }) => {
    const session = started();
    const [rejected, ...more] = session.receives(frame);
    expect(rejected).toEqual({
      type: "frame-reject",
      problem: expect.stringMatching(problem) as unknown,
    });
    expect(more).toEqual([]);
    expect(session.receives(onAir)).toEqual([silence]);
  });

  it("sends nothing of its own accord but status requests", ({ expect }) => {
    const session = connecting();
    const effects = [
      session.opened(),
      ...[onAir, ...Object.values(samples.occurrences).map(({ frame }) => frame)].map((frame) =>
        session.receives(frame),
      ),
      session.fires("poll"),
    ].flat();
    expect(only(effects, "frame-send")).toEqual([asked, asked]);
  });

  it("hears nothing of timers that are nobody's", ({ expect }) => {
    expect(started().fires("writer:47>31")).toEqual([]);
    expect(started().fires("echo:nobody")).toEqual([]);
  });

  it("takes no memory of its own into the next", ({ expect }) => {
    const before = started();
    before.sends({ job: "j-1", identifier: ROOM, content: words("hello") });
    const next = connecting("dial-2");
    next.opened();
    next.receives(onAir);
    expect(only(next.receives({ ...chat.internal, text: "hello" }), "send-confirm")).toEqual([]);
    expect(draftsOf(next.receives(chat.internal))).toHaveLength(1);
  });
});

describe("a dial that is refused", () => {
  it("a 403 that says Not authorized is about the token, the stream or the rights", ({
    expect,
  }) => {
    for (const body of ["Not authorized", "Not authorized\n", "not authorized."]) {
      const failure = provider.refused({ status: 403, body });
      expect(failure).toMatchObject({ remedy: "stop", reason: "not_authorized" });
      expect(failure.detail).toMatch(/token.*stream.*may not read/);
    }
  });

  it("for any other reason is what it is anywhere", ({ expect }) => {
    const of = (status: number, body = "") => provider.refused({ status, body });
    expect(of(403, "<html>Forbidden</html>")).toMatchObject({
      remedy: "stop",
      reason: "token_invalid",
    });
    expect(of(404)).toMatchObject({ remedy: "stop", reason: "address_unknown" });
    expect(of(502, "Not authorized")).toMatchObject({ remedy: "retry", reason: "provider_down" });
  });

  it("is not the same as a socket that ends", ({ expect }) => {
    expect(provider.closed({ code: 1005, reason: "" })).toEqual({
      remedy: "retry",
      reason: "socket_closed",
      detail: "The server closed the socket (1005).",
    });
    const { detail } = provider.closed({ code: 1011, reason: "x".repeat(123) });
    // As much as a close frame holds: what is cut could be half of a secret, which nobody knows.
    expect(detail).toBe(`The server closed the socket (1011, ${"x".repeat(123)}).`);
  });
});
