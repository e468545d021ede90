import { describe, it } from "vitest";

import { provider } from "../../../../src/protocols/interactive-sync/index.ts";
import { chooseId, readShown } from "../../../../src/protocols/interactive-sync/wire/limits.ts";
import type { ProviderEffect, SendContent } from "../../../../src/protocols/session.ts";
import { only, typesOf, type Driven } from "../../support/drive.ts";
import answers from "../frames/answers.json";
import { showing, shown, start } from "../samples.ts";

const dataSent = (effects: readonly ProviderEffect[]) =>
  only(effects, "frame-send").map(({ frame }) => (JSON.parse(frame) as { data: object }).data);

/** Asks for an interface, lets the pace pass, and answers. Gives what was sent, and what came of it. */
function show(session: Driven, id: string | null, answer: object = answers.ok) {
  const sent = dataSent(session.sends(showing("job", id)));
  const effects = session.receives(answer);
  session.fires("pace");
  return { sent, outcome: typesOf(effects).filter((type) => type.startsWith("send-")) };
}

describe("what can be sent", () => {
  const check = (content: SendContent) => provider.sending?.check(content);
  const checkUi = (value: unknown) => check({ kind: "ui", interface: value as never });

  it("is an interface, a little more than a second apart, of which the newest counts", ({
    expect,
  }) => {
    expect(provider.sending).toMatchObject({ kinds: ["ui"], paceMs: 1100, latestOnly: true });
    expect(check({ kind: "chat", style: "text", text: "hello" })).toEqual({
      reason: "unsupported",
      detail: "only an interface can be sent here",
      pointer: "/kind",
    });
  });

  it("is what the server takes", ({ expect }) => {
    expect(checkUi({})).toBeNull();
    expect(checkUi({ id: "dawn" })).toBeNull();
    expect(checkUi({ id: "dawn", panel: { components: [] } })).toMatchObject({
      reason: "invalid",
      pointer: "/interface/panel/components",
    });
    for (const value of [null, 1, "{}", [], undefined]) {
      expect(checkUi(value)).toMatchObject({ reason: "invalid", pointer: "/interface" });
    }
  });

  it("takes 2094 UTF-16 units at the most, and no more under another id", ({ expect }) => {
    const full = { id: "dawn", ...padded(2094) };
    expect(checkUi(full)).toBeNull();
    expect(checkUi({ ...full, id: "dawn2" })).toEqual({
      reason: "too_large",
      detail: "takes 2095 characters to send, and may take 2094",
      pointer: "/interface",
    });
    const session = start();
    const { id, ...rest } = full;
    for (const job of ["job-1", "job-2"]) {
      const [sent] = only(session.sends(showing(job, id, rest)), "frame-send");
      expect(sent?.frame).toHaveLength(2094);
      session.receives(answers.ok);
      session.fires("pace");
    }
  });

  /** Zones with as many texts as make a frame of that length. */
  function padded(chars: number): object {
    const text = (name: string, size: number) => ({ type: "text", name, text: "x".repeat(size) });
    const build = (last: number) => ({
      panel: { components: [text("one", 256), text("two", 256), text("thr", 256)] },
      mobile: { components: [text("one", 256), text("two", 256), text("thr", 256)] },
      video_overlay: { left: { components: [text("one", last)] } },
    });
    const frame = { context: "user_interface", data: { id: "dawn", ...build(0) } };
    return build(chars - JSON.stringify(frame).length);
  }

  it("is checked again when it is to be sent", ({ expect }) => {
    const send = (content: SendContent, identifier = "interactive-sync:441502883") =>
      start().sends({ job: "job-1", identifier, content });
    const failure = (reason: string) => [
      { type: "send-fail", job: "job-1", failure: { reason, retryable: false } },
    ];
    expect(send({ kind: "chat", style: "text", text: "hi" })).toEqual(failure("unsupported"));
    expect(send({ kind: "ui", interface: { id: "" } })).toEqual(failure("invalid"));
    expect(send({ kind: "ui", interface: {} }, "interactive-sync:7")).toEqual(
      failure("connection_unknown"),
    );
  });
});

describe("an interface on its way", () => {
  it("is noted before it is sent, and confirmed by the answer", ({ expect }) => {
    const session = start();
    const interfaceGiven = shown("dawn", { config: { ripple: "false" } });
    expect(session.sends(showing("job-1", "dawn", { config: { ripple: "false" } }))).toEqual([
      { type: "send-issue", job: "job-1" },
      {
        type: "frame-send",
        frame: JSON.stringify({ context: "user_interface", data: interfaceGiven }),
      },
      { type: "timer-set", timer: "answer", afterMs: 30_000 },
      { type: "timer-set", timer: "pace", afterMs: 1100 },
    ]);
    expect(session.receives(answers.ok)).toEqual([
      { type: "timer-clear", timer: "answer" },
      { type: "send-confirm", job: "job-1" },
    ]);
  });

  it("an answer does not say to what: they come in order, so one is awaited at a time", ({
    expect,
  }) => {
    const session = start();
    session.sends(showing("job-1", "dawn"));
    expect(session.sends(showing("job-2", "dusk"))).toEqual([]);
    expect(session.fires("pace")).toEqual([]);
    const effects = session.receives(answers.ok);
    expect(typesOf(effects)).toEqual([
      "timer-clear",
      "send-confirm",
      "send-issue",
      "frame-send",
      "timer-set",
      "timer-set",
    ]);
    expect(only(session.receives(answers.invalid), "send-fail")[0]?.job).toBe("job-2");
  });

  it("waits until a little more than a second has passed, though the answer is there", ({
    expect,
  }) => {
    const session = start();
    session.sends(showing("job-1", "dawn"));
    session.receives(answers.ok);
    expect(session.sends(showing("job-2", "dusk"))).toEqual([]);
    expect(only(session.fires("pace"), "send-issue")).toEqual([
      { type: "send-issue", job: "job-2" },
    ]);
  });

  it("gives way to a newer one while it waits", ({ expect }) => {
    const session = start();
    session.sends(showing("job-1", "dawn"));
    session.sends(showing("job-2", "noon"));
    expect(session.sends(showing("job-3", "dusk"))).toEqual([
      { type: "send-fail", job: "job-2", failure: { reason: "superseded", retryable: false } },
    ]);
    session.receives(answers.ok);
    expect(dataSent(session.fires("pace"))).toEqual([{ id: "dusk" }]);
  });
});

describe("an interface's id", () => {
  it("an interface with the id of the one before is refused: it goes under another", ({
    expect,
  }) => {
    const session = start();
    expect(show(session, "dawn").sent).toEqual([{ id: "dawn" }]);
    expect(show(session, "dawn").sent).toEqual([{ id: "daw1" }]);
    expect(show(session, "dawn").sent).toEqual([{ id: "dawn" }]);
    expect(show(session, "dusk").sent).toEqual([{ id: "dusk" }]);
    expect(show(session, "dawn").sent).toEqual([{ id: "dawn" }]);
  });

  it("stays as it is after one that was not taken", ({ expect }) => {
    const session = start();
    show(session, "dawn");
    expect(show(session, "dusk", answers.invalid).outcome).toEqual(["send-fail"]);
    expect(show(session, "dusk").sent).toEqual([{ id: "dusk" }]);
  });

  it("is another's on the same channel, where the server says so", ({ expect }) => {
    const session = start();
    expect(show(session, "dawn", answers["same id"]).outcome).toEqual(["send-fail"]);
    expect(show(session, "dawn").sent).toEqual([{ id: "daw1" }]);
  });

  it("an interface whose transfer failed may be the one that is stored", ({ expect }) => {
    const session = start();
    show(session, "dawn");
    expect(show(session, "dusk", answers.transfer).outcome).toEqual(["send-fail"]);
    expect(show(session, "dusk", answers.transfer).sent).toEqual([{ id: "dus1" }]);
    // Either of the two may be there; the first of the failed ones no longer.
    expect(show(session, "dawn", answers.invalid).sent).toEqual([{ id: "daw1" }]);
    expect(show(session, "dus1", answers.invalid).sent).toEqual([{ id: "dus2" }]);
    expect(show(session, "dusk").sent).toEqual([{ id: "dusk" }]);
  });

  it("is as long as it was, and none that may be there", ({ expect }) => {
    expect(chooseId({ id: "a".repeat(64) }, ["a".repeat(64)])).toBe(`${"a".repeat(63)}1`);
    expect(chooseId({ id: "1" }, ["1"])).toBe("2");
    expect(chooseId({ id: "1" }, ["1", "2"])).toBe("3");
    expect(chooseId({ id: "2" }, ["1", "2"])).toBe("3");
    expect(chooseId({ id: "dawn" }, [null])).toBe("dawn");
    expect(chooseId({ id: "dawn" }, [])).toBe("dawn");
  });
});

describe("an empty interface", () => {
  it("an empty interface takes away what is shown, and is refused where nothing is", ({
    expect,
  }) => {
    const session = start();
    show(session, "dawn");
    expect(show(session, null)).toEqual({ sent: [{}], outcome: ["send-confirm"] });
    // It is as it should be: nothing has to be sent for that.
    expect(session.sends(showing("job-2", null))).toEqual([{ type: "send-confirm", job: "job-2" }]);
    expect(show(session, "dawn").sent).toEqual([{ id: "dawn" }]);
    expect(show(session, null).sent).toEqual([{}]);
  });

  it("is sent where it is not known what is shown, and its refusal is what was wanted", ({
    expect,
  }) => {
    const session = start();
    const refused = answers["same id where there is none"];
    expect(show(session, null, refused)).toEqual({ sent: [{}], outcome: ["send-confirm"] });
    expect(session.sends(showing("job-2", null))).toEqual([{ type: "send-confirm", job: "job-2" }]);
  });

  it("that may not have got through is sent again", ({ expect }) => {
    const session = start();
    show(session, "dawn");
    show(session, null, answers.transfer);
    expect(show(session, null).sent).toEqual([{}]);
  });
});

describe("what was handed over", () => {
  it.for([null, 1, "dawn", [], {}, { id: "" }, { id: "dawn", surprise: 1 }])(
    "is nothing to show: %j",
    (value, { expect }) => {
      expect(readShown(value)).toBeNull();
    },
  );
});
