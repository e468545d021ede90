import { describe, it } from "vitest";

import type { ProviderEffect } from "../../../../src/protocols/session.ts";
import { draftsOf, only, typesOf } from "../../support/drive.ts";
import answers from "../frames/answers.json";
import { showing, start, TOKEN } from "../samples.ts";

type Name = keyof typeof answers;

/** A session that has sent something, and awaits the answer. */
function asked(id: string | null = "dawn") {
  const session = start();
  session.sends(showing("job-1", id));
  return session;
}

const outcomeOf = (effects: readonly ProviderEffect[]) => {
  const [failed] = only(effects, "send-fail");
  return failed === undefined ? typesOf(only(effects, "send-confirm")) : failed.failure;
};

const gone = { retryable: false };
const later = { retryable: true };

// Every text with which the server answers what was sent, and what becomes of it.
const table: Record<Name, object> = {
  ok: ["send-confirm"],
  "too soon": { reason: "rate_limited", ...later, retryAfterMs: 1000 },
  "too big": { reason: "too_large", ...gone },
  "no JSON": { reason: "malformed", ...gone },
  incomplete: { reason: "incomplete", ...gone },
  invalid: { reason: "invalid", ...gone },
  "same id": { reason: "duplicate_id", ...later },
  "same id where there is none": { reason: "duplicate_id", ...later },
  "a warning nobody knows": { reason: "refused", ...gone },
  transfer: { reason: "upstream", ...later },
  "transfer as the document has it": { reason: "upstream", ...later },
  "no channel": { reason: "channel_unknown", ...later },
  spam: { reason: "spam", ...later },
  "warning limit": { reason: "warning_limit", ...later },
};

const endings: readonly Name[] = ["no channel", "spam", "warning limit"];

describe("an answer", () => {
  it("is in a table of every frame there is", ({ expect }) => {
    expect(Object.keys(table).toSorted()).toEqual(Object.keys(answers).toSorted());
  });

  it.for(Object.entries(table))("%s: %j", ([name, outcome], { expect }) => {
    const frame = answers[name as Name];
    const effects = asked().receives(frame);
    expect(outcomeOf(effects)).toEqual(outcome);
    expect(draftsOf(effects)).toEqual([]);
    const [failed] = only(effects, "session-fail");
    const isEnd = endings.includes(name as Name);
    const detail = `Interactive Sync ended the connection: ${frame.message}`;
    const reason = (outcome as { reason?: string }).reason;
    expect(failed?.failure).toEqual(
      isEnd ? { remedy: "slow", reason, detail, isError: true } : undefined,
    );
  });

  it("is known by how its text begins, with or without its full stop", ({ expect }) => {
    for (const [name, outcome] of Object.entries(table)) {
      const frame = answers[name as Name];
      for (const message of [frame.message.replace(/\.$/, ""), frame.message.toUpperCase()]) {
        expect(outcomeOf(asked().receives({ ...frame, message }))).toEqual(outcome);
      }
    }
  });

  it("older servers say error where newer ones say warning, and do not count it", ({ expect }) => {
    const names = ["too soon", "too big", "no JSON", "incomplete", "invalid", "same id"] as const;
    const session = start();
    for (const name of names) {
      session.sends(showing("job", null));
      const effects = session.receives({ ...answers[name], status: "error" });
      if (name !== "same id") expect(outcomeOf(effects)).toEqual(table[name]);
      expect(typesOf(effects)).not.toContain("session-replace");
      session.fires("pace");
    }
  });

  it("a time that is too high is one that is too short", ({ expect }) => {
    const { message } = answers["too soon"];
    expect(message).toContain("too high");
    expect(outcomeOf(asked().receives(answers["too soon"]))).toMatchObject({ retryAfterMs: 1000 });
  });

  it("a transfer that fails is told as a bare reason", ({ expect }) => {
    const quoting = `Twitch: ${answers.spam.message}`;
    for (const message of ["", null, 7, "connect ECONNRESET", quoting, "m".repeat(100_000)]) {
      const effects = asked().receives({ ...answers.transfer, message });
      expect(outcomeOf(effects)).toEqual({ reason: "upstream", ...later });
      expect(typesOf(effects)).not.toContain("session-fail");
    }
  });

  it("that ends the connection is told without the token", ({ expect }) => {
    const message = `${answers.spam.message} ${TOKEN}`;
    const [failed] = only(asked().receives({ ...answers.spam, message }), "session-fail");
    expect(failed?.failure.detail.endsWith("terminated. [redacted]")).toBe(true);
  });

  it("that ends the connection ends it also where nothing was sent, and stays to be seen", ({
    expect,
  }) => {
    for (const name of endings) {
      const effects = start().receives(answers[name]);
      expect(typesOf(effects)).toEqual(["connection-drop", "connection-observe", "session-fail"]);
      const { reason } = table[name] as { reason: string };
      expect(only(effects, "connection-drop")).toMatchObject([{ reason, final: false }]);
      const [observed] = only(effects, "connection-observe");
      expect(observed?.connection).toMatchObject({ status: "error", reason, ready: false });
      expect(observed?.connection.uuid).toBe(only(effects, "connection-drop")[0]?.uuid);
    }
  });

  it("to nothing is kept", ({ expect }) => {
    for (const name of Object.keys(answers) as Name[]) {
      if (endings.includes(name)) continue;
      const effects = start().receives(answers[name]);
      expect(typesOf(effects)).toEqual(["events-observe"]);
      const nativeType = `message.${answers[name].status}`;
      const told = { type: "provider.event", data: { nativeType }, raw: answers[name] };
      expect(draftsOf(effects)).toMatchObject([told]);
    }
  });

  it("of a kind nobody knows is not taken for one", ({ expect }) => {
    const session = asked();
    const notice = { ...answers.ok, status: "notice" };
    expect(typesOf(session.receives(notice))).toEqual(["events-observe"]);
    expect(outcomeOf(session.receives(answers.ok))).toEqual(["send-confirm"]);
  });
});
