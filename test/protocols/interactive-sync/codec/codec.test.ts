import { describe, it } from "vitest";

import { toDraft } from "../../../../src/protocols/interactive-sync/codec/to-draft.ts";
import { draftOf, draftsOf } from "../../support/drive.ts";
import emits from "../frames/emits.json";
import { IDENTIFIER, start } from "../samples.ts";

const emit = (type: unknown, payload: unknown) => ({
  status: "ok",
  context: "emit",
  message: null,
  data: { type, payload },
});
const read = (type: unknown, payload: unknown) => toDraft("441502883", emit(type, payload));

const place = { clientWidth: 100, clientHeight: 50, clientX: 7, clientY: 9 };

describe("an emit", () => {
  it("is kept as it came, with its connection", ({ expect }) => {
    for (const frame of Object.values(emits)) {
      const draft = draftOf(start().receives(frame));
      expect(draft).toMatchObject({ platform: "twitch", connectionId: IDENTIFIER });
      expect(draft.raw).toEqual(frame.data);
    }
  });

  it("before the ok it is of no connection", ({ expect }) => {
    expect(toDraft(null, emits.input)).not.toHaveProperty("connectionId");
  });
});

describe("an input", () => {
  it("names the component, the view and the viewer", ({ expect }) => {
    expect(toDraft("1", emits.input).data).toEqual({
      view: "panel",
      component: "open-sluice",
      user: {
        key: "twitch:Reedling",
        id: "Reedling",
        name: "Reedling",
        roles: [],
        badges: [],
        anonymous: false,
      },
    });
  });

  it("has what was typed and chosen in a window", ({ expect }) => {
    const values = { boat: "Kingfisher", colours: ["blue", "orange"] };
    expect(toDraft("1", emits["input with values"]).data).toMatchObject({ values });
    expect(toDraft("1", emits["input as the document has it"]).data).toMatchObject({ values: {} });
    const none = read("input", { id: "go", view: "panel", values: null, username: null });
    expect(none.data).not.toHaveProperty("values");
  });

  it("username is null, or Anonymous, for a viewer who has not said who it is", ({ expect }) => {
    const nobody = {
      key: "twitch:anonymous",
      id: "anonymous",
      name: "Anonymous",
      roles: [],
      badges: [],
      anonymous: true,
    };
    for (const username of [null, "Anonymous", "", undefined]) {
      const input = read("input", { id: "go", view: "panel", username });
      expect(input.data).toEqual({ view: "panel", component: "go", user: nobody });
      expect(read("mouseup", { ...place, username }).data).toMatchObject({ user: nobody });
    }
  });

  it.for([
    {},
    null,
    [],
    { id: "go" },
    { view: "panel" },
    { id: "", view: "panel" },
    { id: 7, view: "panel" },
    { id: "go", view: "Panel" },
    { id: "go", view: "panel", values: ["a"] },
    { id: "go", view: "panel", username: { name: "Reedling" } },
  ])("that lacks what makes it one is kept: %j", (payload, { expect }) => {
    const told = { nativeType: "emit.input", payload: { type: "input", payload } };
    expect(read("input", payload)).toMatchObject({ type: "provider.event", data: told });
  });

  it("nothing has an id: two inputs that are alike are two", ({ expect }) => {
    const session = start();
    const [first, second] = [emits.input, emits.input].map((each) =>
      draftOf(session.receives(each)),
    );
    expect(second).toEqual(first);
    expect(first).not.toHaveProperty("key");
    expect(first).not.toHaveProperty("time");
  });
});

describe("the mouse", () => {
  it("mousedown and mouseup are what the document calls mouse", ({ expect }) => {
    const data = { button: "down", x: 311, y: 207, width: 1024, height: 576 };
    expect(toDraft("1", emits.mousedown).data).toMatchObject(data);
    expect(toDraft("1", emits.mouseup).data).toMatchObject({ button: "up", x: 318, y: 199 });
    expect(read("mouse", { ...place, type: "mousedown" }).data).toMatchObject({ button: "down" });
    expect(toDraft("1", emits["mouse as it once was"]).data).toMatchObject({ button: "up" });
    expect(read("mouse", { ...place, type: "mouse" }).type).toBe("provider.event");
  });

  it("a mouse event's body may hold anything: the server does not look at it", ({ expect }) => {
    const far = { ...place, clientX: -1.5, clientWidth: 99_999, more: [1] };
    expect(read("mousedown", far).data).toMatchObject({ x: -1.5, width: 99_999 });
    // Whatever the body says of its type, the server has looked at that of the emit.
    expect(read("mousedown", { ...place, type: "mouseup" }).data).toMatchObject({ button: "down" });
    for (const body of [
      null,
      "x",
      [],
      {},
      { ...place, clientX: "7" },
      { ...place, clientY: null },
      { clientX: 7, clientY: 9 },
      { ...place, clientX: Infinity },
      { ...place, username: 7 },
    ]) {
      const kept = { type: "provider.event", data: { nativeType: "emit.mousedown" } };
      expect(read("mousedown", body)).toMatchObject(kept);
    }
  });
});

describe("an emit that cannot be read", () => {
  it.for([
    [null, "emit.ok"],
    [undefined, "emit.ok"],
    [{}, "emit.ok"],
    [{ type: 7 }, "emit.ok"],
    [{ type: "toString" }, "emit.toString"],
    [{ type: "" }, "emit."],
    ["input", "emit.ok"],
  ] as const)("is kept: %j", ([data, nativeType], { expect }) => {
    const frame = { ...emits.input, data };
    const drafts = draftsOf(start().receives(frame));
    expect(drafts).toMatchObject([{ type: "provider.event", data: { nativeType } }]);
    expect(drafts[0]?.raw).toEqual(data ?? null);
  });
});
