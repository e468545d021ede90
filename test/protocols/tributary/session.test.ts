import { describe, it } from "vitest";

import { Scope } from "../../../src/event/principal.ts";
import {
  onFrame,
  formatRefusedSend,
  type CommandEffect,
} from "../../../src/protocols/tributary/session.ts";
import { formatFailure, formatResult } from "../../../src/protocols/tributary/wire.ts";
import { hostile } from "../support/hostile.ts";
import { client, resultIn, resultsIn } from "./client.ts";

const POSITION = "k3f9w2ab7q-4711";

describe("a command", () => {
  const commands: [object, CommandEffect["type"]][] = [
    [{ type: "subscribe" }, "subscription-replace"],
    [{ type: "status" }, "status-tell"],
    [{ type: "send", text: "hello" }, "send-ask"],
    [{ type: "interface", interface: {} }, "send-ask"],
  ];
  const ids = ["", "a", "x".repeat(200), 0, -1, 1.5, 2 ** 60];

  it("every command gets exactly one result, with its id", ({ expect }) => {
    for (const [command, type] of commands) {
      for (const id of ids) {
        const effects = client().says({ ...command, id });
        expect(effects.map((effect) => effect.type)).toEqual([type]);
        const [effect] = effects;
        // Those that the object performs are answered by it, under the id that goes with them.
        if (effect?.type === "frame-send") expect(resultIn(effects).id).toBe(id);
        else expect(effect).toMatchObject({ id });
      }
    }
  });

  it.for([undefined, null, true, {}, [], "x".repeat(201)])(
    "with the id %j is refused under no id",
    (id, { expect }) => {
      for (const [command] of commands) {
        const refused = { id: null, ok: false, error: { code: "bad_frame", retryable: false } };
        expect(resultIn(client().says({ ...command, id }))).toMatchObject(refused);
      }
    },
  );

  it("is understood with fields that nobody knows", ({ expect }) => {
    const [effect] = client().says({ type: "status", id: 1, surprise: { deep: [1] } });
    expect(effect).toEqual({ type: "status-tell", id: 1 });
  });

  it("is not needed at all: nothing need be sent to start receiving", ({ expect }) => {
    expect(client().says({ type: "ping" })).toEqual([
      { type: "frame-send", frame: '{"type":"pong"}' },
    ]);
  });

  it("is answered with ok and data, or without and why", ({ expect }) => {
    const ok = { type: "result", id: 7, ok: true, data: { a: 1 } };
    expect(JSON.parse(formatResult(7, { a: 1 }))).toEqual(ok);
    const error = { code: "internal", message: "no", retryable: true } as const;
    const failed = { type: "result", id: "b", ok: false, error };
    expect(JSON.parse(formatFailure("b", error))).toEqual(failed);
  });
});

describe("subscribe", () => {
  const subscribe = (words: object) => client().says({ type: "subscribe", id: 1, ...words });

  it("takes lists with commas, arrays, or nothing", ({ expect }) => {
    const filter = {
      types: ["chat.*"],
      providers: ["dlive"],
      platforms: ["kick", "twitch"],
      forModerators: false,
    };
    const replaced = { type: "subscription-replace", id: 1, filter, after: null };
    const comma = { types: "chat.*,chat.message", providers: "dlive", platforms: "twitch,kick" };
    expect(subscribe(comma)).toEqual([replaced]);
    const lists = { types: ["chat.*"], providers: ["dlive"], platforms: ["twitch", "kick"] };
    expect(subscribe({ ...lists, after: null })).toEqual([replaced]);
    const nothing = { types: [], providers: [], platforms: [], forModerators: false };
    expect(subscribe({ types: null })).toEqual([{ ...replaced, filter: nothing }]);
  });

  it("takes the position to go on from", ({ expect }) => {
    const after = { epoch: "k3f9w2ab7q", seq: 4711 };
    expect(subscribe({ after: POSITION })).toMatchObject([{ after }]);
  });

  it.for(["", "4711", "k3f9w2ab7q", `${POSITION} `, "K3F9W2AB7Q-1", "k3f9w2ab7q-01"])(
    "refuses what is no position: %j",
    (after, { expect }) => {
      const refused = { id: 1, ok: false, error: { code: "bad_position" } };
      expect(resultIn(subscribe({ after }))).toMatchObject(refused);
    },
  );

  it.for([
    [{ types: "chat.mesage" }, "types: unknown: chat.mesage"],
    [{ providers: ["myspace"] }, "providers: unknown: myspace"],
    [{ platforms: "Twitch" }, "platforms: unknown: Twitch"],
    [{ types: "a", platforms: "B" }, "types: unknown: a; platforms: unknown: B"],
  ] as const)("refuses a word that nobody knows: %j", ([words, message], { expect }) => {
    const error = { code: "bad_filter", message, retryable: false };
    expect(resultIn(subscribe(words))).toEqual({ type: "result", id: 1, ok: false, error });
  });

  it.for([{ types: 7 }, { types: [7] }, { types: Array(65).fill("a") }, { after: 4711 }])(
    "refuses what is no list: %j",
    (words, { expect }) => {
      expect(resultIn(subscribe(words))).toMatchObject({ id: 1, error: { code: "bad_frame" } });
    },
  );
});

describe("what a client would send on", () => {
  const frames = {
    send: { type: "send", text: "hello" },
    interface: { type: "interface", interface: {} },
  };
  const scopeOf = { send: "chat:write", interface: "interface:write" } as const;

  it.for(["send", "interface"] as const)(
    "%s needs its scope, and no other will do",
    (type, { expect }) => {
      for (const scope of Scope.options) {
        const effects = client({ scopes: [scope] }).says({ id: 1, ...frames[type] });
        if (scope === scopeOf[type]) {
          expect(effects.map((effect) => effect.type)).toEqual(["send-ask"]);
          continue;
        }
        const message = `needs the scope ${scopeOf[type]}`;
        expect(resultIn(effects).error).toMatchObject({ code: "forbidden", message });
      }
    },
  );

  it("goes to all that take it unless it names where, as text unless it says emote", ({
    expect,
  }) => {
    const plain = client().says({ type: "send", id: 1, text: "hello" });
    const content = { kind: "chat", style: "text", text: "hello" };
    expect(plain).toEqual([{ type: "send-ask", id: 1, ask: { sendId: null, to: null, content } }]);
    const to = ["multistreamer:14", "dlive:otterbrook"];
    const full = { text: "waves", kind: "emote", to, as: "multistreamer:17", replyTo: "m-1" };
    expect(client().says({ type: "send", id: 1, sendId: "s-1", ...full })).toMatchObject([
      {
        ask: {
          sendId: "s-1",
          to,
          content: { style: "emote", as: "multistreamer:17", replyTo: "m-1" },
        },
      },
    ]);
    const shown = client().says({ type: "interface", id: 1, interface: { id: "dawn" } });
    expect(shown).toMatchObject([{ ask: { content: { kind: "ui", interface: { id: "dawn" } } } }]);
  });

  it.for([
    { text: "" },
    { text: "x".repeat(8193) },
    { text: 7 },
    { text: "a", kind: "shout" },
    { text: "a", to: [] },
    { text: "a", to: "dlive:x" },
    { text: "a", sendId: "with a blank" },
  ])("is refused where it is no message: %j", (words, { expect }) => {
    const wrong = resultIn(client().says({ type: "send", id: 1, ...words }));
    expect(wrong).toMatchObject({ id: 1, error: { code: "bad_frame" } });
  });

  it("is answered with why it is not taken on, and when it may be", ({ expect }) => {
    const full = {
      code: "send_queue_full",
      detail: "Too much waits.",
      retryAfterSeconds: 2,
    } as const;
    expect(JSON.parse(formatRefusedSend("c-1", full))).toEqual({
      type: "result",
      id: "c-1",
      ok: false,
      error: {
        code: "send_queue_full",
        message: "Too much waits.",
        retryable: true,
        retryAfter: 2,
      },
    });
    const gone = { code: "not_writable", detail: "No." } as const;
    expect(JSON.parse(formatRefusedSend(1, gone))).toMatchObject({ error: { retryable: false } });
  });

  it("needs no scope to subscribe or to ask for the status", ({ expect }) => {
    const bare = client({ scopes: [] });
    expect(bare.says({ type: "status", id: 1 })).toMatchObject([{ type: "status-tell" }]);
    const replaced = [{ type: "subscription-replace" }];
    expect(bare.says({ type: "subscribe", id: 2 })).toMatchObject(replaced);
  });
});

describe("a frame that cannot be read", () => {
  it("a frame that cannot be read gets a result with id null", ({ expect }) => {
    for (const [name, text] of Object.entries(hostile)) {
      const [told, ...more] = resultsIn(client().says(text));
      expect(told, name).toMatchObject({ id: null, ok: false, error: { retryable: false } });
      expect(more, name).toEqual([]);
    }
  });

  it("is answered under its id where there is one", ({ expect }) => {
    const refused = resultIn(client().says({ type: "dance", id: "d-1" }));
    expect(refused).toMatchObject({ id: "d-1", error: { code: "unknown_type" } });
    const wrong = resultIn(client().says({ type: "subscribe", id: 7, after: 1 }));
    expect(wrong).toMatchObject({ id: 7, error: { code: "bad_frame" } });
  });

  it.for(["__proto__", "constructor", "toString", "", "Status", "hello", "events"])(
    "is one with a type that nobody knows: %j",
    (type, { expect }) => {
      const refused = { id: 1, error: { code: "unknown_type" } };
      expect(resultIn(client().says({ type, id: 1 }))).toMatchObject(refused);
    },
  );

  it("is one that is binary", ({ expect }) => {
    const state = { faults: [], windowAt: 0, commands: 0 };
    const { effects } = onFrame(state, null, { takesCommands: true, scopes: [], at: 1 });
    const error = { code: "bad_frame", message: "binary frames are not read", retryable: false };
    expect(resultIn(effects)).toEqual({ type: "result", id: null, ok: false, error });
  });
});
