import type { DraftOf, EventDraft } from "../../../event/event.ts";
import { formatConnectionId } from "../../../event/ids.ts";
import { identify } from "../../../event/nobody.ts";
import type { User } from "../../../event/shapes.ts";
import { omitUndefined } from "../../../lib/given.ts";
import { decode, isRecord, type Json } from "../../../lib/json.ts";
import { Emit, InputPayload, MousePayload, Typed, type Frame } from "../wire/frames.ts";

/** Everything told of happens in Twitch's player. */
export const PLATFORM = "twitch";

const BUTTONS: ReadonlyMap<string, "down" | "up"> = new Map([
  ["mousedown", "down"],
  ["mouseup", "up"],
]);

/** Puts an `emit` into our words. Never throws, never drops. No key: nothing has an id. */
export function toDraft(channelId: string | null, frame: Frame): EventDraft {
  const decoded = decode(Emit, frame.data);
  if (!decoded.ok) return draftUnknown(channelId, toNativeType(frame), frame.data);
  const { type, payload } = decoded.value;
  const draft = makeEnvelope(channelId, frame.data);
  const told = type === "input" ? toInput(draft, payload) : toMouse(draft, type, payload);
  return told ?? draftUnknown(channelId, `emit.${type}`, frame.data);
}

/** A frame that we have no word for, or that nobody asked for, kept as it is. */
export function draftUnknownFrame(channelId: string | null, frame: Frame): EventDraft {
  return draftUnknown(channelId, toNativeType(frame), frame);
}

function toInput(draft: SyncEnvelope, payload: unknown): EventDraft | null {
  const decoded = decode(InputPayload, payload);
  if (!decoded.ok) return null;
  const { id, view, values, username } = decoded.value;
  const user = toUser(username);
  return {
    ...draft,
    type: "interaction.input",
    data: omitUndefined({ view, component: id, user, values: values ?? undefined }),
  };
}

function toMouse(draft: SyncEnvelope, type: string, payload: unknown): EventDraft | null {
  const decoded = decode(MousePayload, payload);
  if (!decoded.ok) return null;
  const button = BUTTONS.get(type === "mouse" ? readInnerType(payload) : type);
  if (button === undefined) return null;
  const { clientX: x, clientY: y, clientWidth: width, clientHeight: height } = decoded.value;
  const user = toUser(decoded.value.username);
  return { ...draft, type: "interaction.mouse", data: { button, x, y, width, height, user } };
}

function readInnerType(payload: unknown): string {
  const decoded = decode(Typed, payload);
  return decoded.ok ? decoded.value.type : "";
}

/** A viewer is known by the display name alone, which it may change. */
function toUser(username: string | null | undefined): User {
  const anonymous = username == null || username === "" || username === "Anonymous";
  return {
    ...identify(PLATFORM, anonymous ? undefined : username),
    name: anonymous ? "Anonymous" : username,
    roles: [],
    badges: [],
  };
}

/** The parts of a draft that everything told of has alike. */
type SyncEnvelope = Pick<DraftOf<"interaction.mouse">, "platform" | "connectionId" | "raw">;

function makeEnvelope(channelId: string | null, raw: unknown): SyncEnvelope {
  return {
    platform: PLATFORM,
    ...(channelId !== null && { connectionId: formatConnectionId("interactive-sync", channelId) }),
    raw: (raw ?? null) as Json,
  };
}

function draftUnknown(channelId: string | null, nativeType: string, raw: unknown): EventDraft {
  return {
    ...makeEnvelope(channelId, raw),
    type: "provider.event",
    data: { nativeType, payload: raw ?? null },
  };
}

/** An emit's own type where it can be read, or else what the frame says it is. */
function toNativeType({ context, status, data }: Frame): string {
  const type = context === "emit" && isRecord(data) ? data["type"] : undefined;
  return `${context}.${typeof type === "string" ? type : status}`;
}
