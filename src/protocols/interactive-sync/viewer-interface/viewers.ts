import { z } from "zod";

import type { EventDraft } from "../../../event/event.ts";
import type { User } from "../../../event/shapes.ts";
import type { Viewer, ViewerAnswer, ViewerCall } from "../../../event/viewer.ts";
import { omitUndefined } from "../../../lib/given.ts";
import { decode, isRecord, type Json } from "../../../lib/json.ts";
import { readFrame } from "../../frame.ts";
import type { ViewerInterfaceEffect, ViewerInterfaceInput } from "../../viewer-interface.ts";
import { toDraft } from "../codec/to-draft.ts";
import { limitBytes, limitUnits, countBytes } from "../wire/scalars.ts";
import { findBlock, freeSlot, isBlocked, report, sweep } from "./blocks.ts";
import { answerFailure, NOTHING_HERE, answerSuccess, type FailureName } from "./failures.ts";
import { findComponent, findMouse, VIEWS } from "./shown.ts";

const PATHS = ["/action/input", "/action/mouse", "/action/query", "/user/interface/query"];

// The real server's own figures (config/constants.js).
const INPUT_PAUSE_MS = 3000;
const MOUSE_PAUSE_MS = 1000;
const SHORTEST_FOR_ALL_MS = 3000;

const Key = z
  .string()
  .min(1)
  .refine((key) => countBytes(key) <= 64);

const Input = z.strictObject({
  id: limitUnits(1, 64),
  view: limitUnits(0, 64),
  values: z
    .record(Key, z.union([limitBytes(128), z.array(limitBytes(128)).min(1).max(4)]))
    .refine((values) => Object.keys(values).length <= 4)
    .optional(),
});

/** A call that may be answered, whoever makes it, or that depends on who that is. */
type Read =
  | { readonly type: "input"; readonly input: z.infer<typeof Input> }
  | { readonly type: "mouse"; readonly payload: unknown }
  | { readonly type: "blocks" | "interface" }
  | { readonly type: "known"; readonly answer: ViewerAnswer };

export function isViewerPath(path: string): boolean {
  return PATHS.includes(path);
}

/** Reads a call. A posted body is checked before the viewer's token is. */
export function readCall({ method, path, body }: ViewerCall): Read {
  switch (`${method} ${path}`) {
    case "POST /action/input": {
      const read = readFrame(z.unknown(), body === "" ? "null" : body);
      if (!read.ok) return acceptAnswer(answerFailure("no_json"));
      const input = decode(Input, read.value);
      return input.ok
        ? { type: "input", input: input.value }
        : acceptAnswer(answerFailure("payload_invalid"));
    }
    case "POST /action/mouse": {
      const read = readFrame(z.unknown(), body === "" ? "null" : body);
      return read.ok
        ? { type: "mouse", payload: read.value }
        : acceptAnswer(answerFailure("no_json"));
    }
    case "GET /action/query":
      return { type: "blocks" };
    case "GET /user/interface/query":
      return { type: "interface" };
    default:
      return acceptAnswer(NOTHING_HERE);
  }
}

type Called = Extract<ViewerInterfaceInput, { type: "viewer-called" }>;

/** Answers a viewer's call; `blocks` is changed in place. */
export function answerCall(
  shown: Json | null,
  blocks: Map<string, number>,
  called: Called,
): readonly ViewerInterfaceEffect[] {
  const read = readCall(called.call);
  switch (read.type) {
    case "known":
      return [say(read.answer)];
    case "blocks":
      return [say(answerSuccess(report(blocks, called.at)))];
    case "interface":
      return [say(answerSuccess(shown))];
    case "input":
      return onInput(shown, blocks, called, read.input);
    case "mouse":
      return onMouse(shown, blocks, called, read.payload);
  }
}

function onInput(
  shown: Json | null,
  blocks: Map<string, number>,
  { viewer, at }: Called,
  { id, view, values }: z.infer<typeof Input>,
): readonly ViewerInterfaceEffect[] {
  const [every, own, all] = [`every ${viewer.id} input`, `own ${viewer.id} ${id}`, `all ${id}`];
  if (!VIEWS.some((each) => each === view)) return refuse("view_wrong");
  if (isBlocked(blocks, every, at)) return refuse("user_blocked");
  if (isBlocked(blocks, all, at)) return refuse("action_blocked");
  if (isBlocked(blocks, own, at)) return refuse("own_action_blocked");
  const cooldown = findComponent(shown, view, id);
  if (cooldown === null) return refuse("not_shown");
  const duration = Math.max(cooldown.duration, SHORTEST_FOR_ALL_MS);
  const push = { type: "input", data: { actionId: id, actionCooldown: duration } };
  return [
    ...sweep(blocks, at),
    findBlock(blocks, every, at, INPUT_PAUSE_MS),
    findBlock(blocks, own, at, cooldown.duration),
    ...(cooldown.broadcast ? [findBlock(blocks, all, at, duration)] : []),
    post("input", omitUndefined({ id, view, values, username: viewer.name }), viewer),
    ...(cooldown.broadcast ? [{ type: "sockets-tell" as const, note: push }] : []),
    say(answerSuccess(cooldown)),
  ];
}

/** Nothing but its type is looked at: the real server means to check the rest, and does not. */
function onMouse(
  shown: Json | null,
  blocks: Map<string, number>,
  { viewer, at }: Called,
  body: unknown,
): readonly ViewerInterfaceEffect[] {
  const type = isRecord(body) ? body["type"] : undefined;
  if (!isRecord(body) || (type !== "mousedown" && type !== "mouseup")) return refuse("mouse_wrong");
  const [every, own] = [`every ${viewer.id} ${type}`, `own ${viewer.id} ${type}`];
  if (isBlocked(blocks, every, at)) return refuse("mouse_blocked");
  if (isBlocked(blocks, own, at)) return refuse("own_mouse_blocked");
  const cooldown = findMouse(shown, type);
  if (cooldown === null) return refuse("not_shown");
  const slot = freeSlot(blocks, type, cooldown.limit, at);
  if (slot === null) return refuse("mouse_crowded");
  const payload = { ...body, username: viewer.name };
  return [
    ...sweep(blocks, at),
    findBlock(blocks, slot, at, MOUSE_PAUSE_MS),
    findBlock(blocks, every, at, MOUSE_PAUSE_MS),
    findBlock(blocks, own, at, cooldown.duration),
    post(type, payload, viewer),
    say(answerSuccess(payload)),
  ];
}

/** Makes the event of a viewer's action, in the words in which a provider would have told of it. */
function post(type: string, payload: object, viewer: Viewer): ViewerInterfaceEffect {
  const frame = { status: "ok", context: "emit", message: null, data: { type, payload } };
  const draft = { ...toDraft(null, frame), platform: viewer.platform };
  const isTold = draft.type === "interaction.input" || draft.type === "interaction.mouse";
  if (!isTold) return { type: "event-post", draft };
  const data = { ...draft.data, user: toUser(viewer) };
  return { type: "event-post", draft: { ...draft, data } as EventDraft };
}

/** Makes the user of a viewer. One who gives no name is anonymous. */
function toUser({ id, name, platform }: Viewer): User {
  return {
    key: `${platform}:${id}`,
    id,
    name: name ?? "Anonymous",
    roles: [],
    badges: [],
    anonymous: name === null,
  };
}

function acceptAnswer(answer: ViewerAnswer): Read {
  return { type: "known", answer };
}

function refuse(name: FailureName): readonly ViewerInterfaceEffect[] {
  return [say(answerFailure(name))];
}

function say(answer: ViewerAnswer): ViewerInterfaceEffect {
  return { type: "call-answer", answer };
}
