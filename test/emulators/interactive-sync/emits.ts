import { burst } from "../kit/burst.ts";
import { chatters } from "../kit/cast.ts";
import type { Chance } from "../kit/chance.ts";
import type { Line } from "../kit/line.ts";
import type { Outcome } from "../kit/outcome.ts";
import type { Stage } from "../kit/stage.ts";
import { escapeForJson, hole, stencil } from "../kit/stencil.ts";
import { burstKey } from "../kit/truth.ts";
import type { Utterance } from "../kit/utterance.ts";
import { type Channels, usualUser } from "./channels.ts";
import { type Button, buttonsOf, type View } from "./interface.ts";
import type { KnobsSet } from "./knobs.ts";
import { emitFrame } from "./wire.ts";

/** What a viewer entered in a modal: a text, or what was ticked. */
export type Values = Readonly<Record<string, string | readonly string[]>>;

export interface InputSpec {
  readonly id?: string | undefined;
  readonly view?: View | undefined;
  readonly values?: Values | undefined;
  /** Null for a viewer who has not shared who they are; drawn when left out. */
  readonly username?: string | null | undefined;
  readonly channelId?: string | undefined;
  readonly override?: Readonly<Record<string, unknown>> | undefined;
}

export interface MouseSpec extends Pick<InputSpec, "username" | "channelId" | "override"> {
  /** "mouse" is how the service's own document calls both. */
  readonly type: "mousedown" | "mouseup" | "mouse";
  readonly clientWidth?: number | undefined;
  readonly clientHeight?: number | undefined;
  readonly clientX?: number | undefined;
  readonly clientY?: number | undefined;
}

interface BurstOrder {
  readonly count: number;
  readonly perSecond?: number | undefined;
  readonly prefix?: string | undefined;
}

const burstUsers = 8;
const namedShare = 0.7;
const screenWidth = 1_280;
const screenHeight = 720;
/** For a channel where no interface says what there is to press. */
const usualButtons: readonly Button[] = [
  { name: "open-door", view: "video_overlay" },
  { name: "send-otter", view: "panel" },
  { name: "light-lantern", view: "mobile" },
];

/** What viewers do, as the game's sockets are told of it. */
export class Emits {
  readonly #stage: Stage;
  readonly #channels: Channels;
  readonly #knobs: Readonly<KnobsSet>;
  readonly #channelIdOf: (line: Line) => string | null;
  #made = 0;

  constructor(
    stage: Stage,
    channels: Channels,
    knobs: Readonly<KnobsSet>,
    channelIdOf: (line: Line) => string | null,
  ) {
    this.#stage = stage;
    this.#channels = channels;
    this.#knobs = knobs;
    this.#channelIdOf = channelIdOf;
  }

  input(spec: InputSpec): Utterance {
    const { channelId = usualUser.channelId, values, override } = spec;
    const pressed = this.#press(channelId, spec.id, spec.view);
    const { name: id, view } = pressed;
    const username = this.#name(spec.username);
    const payload = { id, view, ...(values && { values }), username, ...override };
    return this.emit("input", payload, channelId);
  }

  mouse({ type, username, channelId, override, ...at }: MouseSpec): Utterance {
    const { chance } = this.#stage;
    const { clientWidth = screenWidth, clientHeight = screenHeight } = at;
    const payload = {
      type: type === "mouse" ? "mousedown" : type,
      clientWidth,
      clientHeight,
      clientX: at.clientX ?? chance.integer(1, clientWidth),
      clientY: at.clientY ?? chance.integer(1, clientHeight),
      username: this.#name(username),
      ...override,
    };
    return this.emit(type, payload, channelId ?? usualUser.channelId);
  }

  /** Whatever it is, to every socket of the channel. Its key is what the wire has, and its place. */
  emit(type: string, payload: Readonly<Record<string, unknown>>, channelId: string): Utterance {
    this.#made += 1;
    const { id, clientX, clientY, username, values } = payload;
    const text = textOf(values);
    const what = typeof id === "string" ? id : [clientX, clientY].join(",");
    const who = typeof username === "string" ? username : "nobody";
    const key = `${type}/${what}/${who}/${this.#made}`;
    return this.#utter(emitFrame(type, payload), channelId, {
      kind: type,
      key,
      ...(text === undefined ? {} : { text }),
    });
  }

  /** Inputs with two values: the text, and a ticket, which is what tells one from another. */
  burst(order: BurstOrder, signal: AbortSignal): Promise<Outcome> {
    const { chance } = this.#stage;
    const { prefix = "burst " } = order;
    const mark = { prefix, keyStem: chance.uuid().slice(0, -12) };
    const { channelId } = usualUser;
    const { name: id, view } = this.#press(channelId);
    const values = { text: hole("text"), ticket: hole("key") };
    const stencils = Array.from({ length: burstUsers }, () =>
      stencil(emitFrame("input", { id, view, values, username: chance.pick(chatters).name })),
    );
    const escapedPrefix = escapeForJson(prefix);
    const item = (number: number): Utterance => {
      const key = burstKey(mark.keyStem, number);
      const fill = stencils[number % burstUsers];
      const rendered = fill?.({ key, text: escapedPrefix + String(number) }) ?? "";
      return this.#utter(rendered, channelId, { kind: "input", key, burst: { mark, number } });
    };
    return burst(this.#stage, order, item, signal);
  }

  /** What is not named is drawn from what the channel's viewers see. */
  #press(channelId: string, id?: string, view?: View): Button {
    const { chance } = this.#stage;
    const shown = buttonsOf(this.#channels.get(channelId)?.interface ?? null);
    const all = shown.length > 0 ? shown : usualButtons;
    const fitting = all.filter(
      (button) =>
        (id === undefined || button.name === id) && (view === undefined || button.view === view),
    );
    const drawn = chance.pick(fitting.length > 0 ? fitting : all);
    return { name: id ?? drawn.name, view: view ?? drawn.view };
  }

  #name(username: string | null | undefined): string | null {
    return (
      (username === undefined ? drawName(this.#stage.chance) : username) ?? this.#knobs.nameless
    );
  }

  #utter(
    rendered: string,
    channelId: string,
    spoken: Omit<Utterance["spoken"][number], "target">,
  ): Utterance {
    return {
      spoken: [{ ...spoken, target: channelId }],
      framesFor: (line) => (this.#channelIdOf(line) === channelId ? [rendered] : []),
    };
  }
}

export function drawName(chance: Chance): string | null {
  return chance.happens(namedShare) ? chance.pick(chatters).name : null;
}

/** What somebody wrote: the first value that is a text. */
function textOf(values: unknown): string | undefined {
  const all: unknown[] = typeof values === "object" && values !== null ? Object.values(values) : [];
  return all.find((value) => typeof value === "string");
}
