import { describe, it } from "vitest";

import { provider } from "../../../../src/protocols/interactive-sync/index.ts";
import { drive, draftsOf, only, typesOf, type Driven } from "../../support/drive.ts";
import { linkTo } from "../../support/samples.ts";
import answers from "../frames/answers.json";
import connection from "../frames/connection.json";
import { samples, showing, start } from "../samples.ts";

/** Sends something that is refused, and lets the pace pass. */
function refuse(session: Driven, job = "job") {
  session.sends(showing(job, "noon"));
  const effects = session.receives(answers.invalid);
  session.fires("pace");
  return effects;
}

function exhausted(accepted: string | null): Driven {
  const session = start();
  if (accepted !== null) {
    session.sends(showing("job-0", accepted));
    session.receives(answers.ok);
    session.fires("pace");
  }
  for (let i = 1; i <= 4; i++) refuse(session, `job-${i}`);
  return session;
}

describe("warnings", () => {
  it("the fifth warning ends the socket: after the fourth nothing more is sent on it", ({
    expect,
  }) => {
    const session = start();
    for (let i = 1; i <= 3; i++) expect(typesOf(refuse(session))).not.toContain("session-replace");
    expect(refuse(session)).toEqual([
      { type: "timer-clear", timer: "answer" },
      { type: "send-fail", job: "job", failure: { reason: "invalid", retryable: false } },
      { type: "session-replace", reason: "warnings_exhausted" },
      { type: "timer-set", timer: "replace", afterMs: 90_000 },
    ]);
    const failure = { reason: "warnings_exhausted", retryable: true };
    for (const id of ["dawn", null]) {
      expect(session.sends(showing("job-5", id))).toEqual([
        { type: "send-fail", job: "job-5", failure },
      ]);
    }
  });

  it("count also where nothing was sent, and no answer but they counts", ({ expect }) => {
    const session = start();
    for (const name of ["ok", "transfer", "invalid", "same id", "too soon"] as const) {
      expect(typesOf(session.receives(answers[name]))).toEqual(["events-observe"]);
    }
    const effects = session.receives(answers["a warning nobody knows"]);
    expect(typesOf(effects)).toEqual(["events-observe", "session-replace", "timer-set"]);
    expect(typesOf(session.receives(answers.invalid))).toEqual(["events-observe"]);
  });

  it("take with them what waits", ({ expect }) => {
    const session = start();
    for (let i = 1; i <= 3; i++) refuse(session);
    session.sends(showing("job-4", "noon"));
    session.sends(showing("job-5", "dusk"));
    const failed = only(session.receives(answers.invalid), "send-fail");
    expect(failed.map(({ job, failure }) => [job, failure.reason])).toEqual([
      ["job-4", "invalid"],
      ["job-5", "warnings_exhausted"],
    ]);
    expect(session.fires("pace")).toEqual([]);
  });

  it("have the new socket asked for again, should none come", ({ expect }) => {
    const session = exhausted(null);
    expect(typesOf(session.fires("replace"))).toEqual(["session-replace", "timer-set"]);
  });

  it("hand over what is shown, if anything is", ({ expect }) => {
    const handOverOf = (session: Driven) =>
      only(session.fires("replace"), "session-replace")[0]?.handOver;
    expect(handOverOf(exhausted(null))).toBeUndefined();
    expect(handOverOf(exhausted("dawn"))).toBe('{"id":"dawn"}');
    const cleared = start();
    for (const id of ["dawn", null]) {
      cleared.sends(showing("job", id));
      cleared.receives(answers.ok);
      cleared.fires("pace");
    }
    for (let i = 1; i <= 4; i++) refuse(cleared);
    expect(handOverOf(cleared)).toBeUndefined();
    // Somebody else's socket has taken it away: the server says so.
    const gone = start();
    gone.sends(showing("job", "dawn"));
    gone.receives(answers.ok);
    gone.fires("pace");
    gone.sends(showing("job", null));
    gone.receives(answers["same id where there is none"]);
    gone.fires("pace");
    for (let i = 1; i <= 3; i++) refuse(gone);
    expect(handOverOf(gone)).toBeUndefined();
  });
});

describe("a socket that takes over", () => {
  const handOver = '{"id":"dawn","config":{"ripple":false}}';
  const open = (handOver: string | null) => {
    const session = drive(provider.open(linkTo(samples, { handOver })));
    session.opened();
    return session;
  };

  it("when a socket closes, what is shown is taken away", ({ expect }) => {
    const session = open(handOver);
    const effects = session.receives(connection.ok);
    // By then the one before is closed, and has taken it away.
    expect(effects.at(-1)).toEqual({ type: "timer-set", timer: "pace", afterMs: 2000 });
    expect(only(effects, "frame-send")).toEqual([]);
    const shown = session.fires("pace");
    expect(typesOf(shown)).toEqual(["frame-send", "timer-set", "timer-set"]);
    const [sent] = only(shown, "frame-send");
    expect(sent?.frame).toBe(`{"context":"user_interface","data":${handOver}}`);
    expect(session.receives(answers.ok)).toEqual([{ type: "timer-clear", timer: "answer" }]);
  });

  it("shows what it is told to rather than what was shown", ({ expect }) => {
    const session = open(handOver);
    session.receives(connection.ok);
    expect(session.sends(showing("job-1", "dusk"))).toEqual([]);
    const [sent] = only(session.fires("pace"), "frame-send");
    expect(sent?.frame).toContain('"dusk"');
    const early = open(handOver);
    early.sends(showing("job-1", "dusk"));
    early.receives(connection.ok);
    expect(only(early.fires("pace"), "send-issue")).toHaveLength(1);
  });

  it("keeps the refusal of what was shown before, which nobody awaits", ({ expect }) => {
    const session = open(handOver);
    session.receives(connection.ok);
    session.fires("pace");
    const effects = session.receives(answers.invalid);
    expect(typesOf(effects)).toEqual(["events-observe", "timer-clear"]);
    expect(draftsOf(effects)[0]?.type).toBe("provider.event");
  });

  it("hands the same over in its turn", ({ expect }) => {
    const session = open(handOver);
    session.receives(connection.ok);
    session.fires("pace");
    session.receives(answers.ok);
    session.fires("pace");
    for (let i = 1; i <= 3; i++) refuse(session);
    const [replaced] = only(refuse(session), "session-replace");
    expect(replaced?.handOver).toBe(handOver);
  });

  it("has a count of its own", ({ expect }) => {
    const session = open(handOver);
    session.receives(connection.ok);
    session.fires("pace");
    session.receives(answers.ok);
    session.fires("pace");
    expect(typesOf(refuse(session))).not.toContain("session-replace");
  });

  it.for([null, "", "nothing", "{}", '{"id":7}', "[]"])(
    "has nothing to show where it was handed nothing: %s",
    (handOver, { expect }) => {
      const session = open(handOver);
      expect(typesOf(session.receives(connection.ok)).at(-1)).toBe("session-settled");
      expect(only(session.sends(showing("job-1", "dawn")), "frame-send")).toHaveLength(1);
    },
  );
});
