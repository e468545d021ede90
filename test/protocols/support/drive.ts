import type { EventDraft } from "../../../src/event/event.ts";
import type {
  HttpExchange,
  ProviderEffect,
  SendRequest,
  Session,
} from "../../../src/protocols/session.ts";

/** The time at which everything in these tests happens: sessions take it from their input. */
export const AT = 1_732_400_000_000;

export type EffectType = ProviderEffect["type"];
export type EffectOf<T extends EffectType> = Extract<ProviderEffect, { type: T }>;
type Effects = readonly ProviderEffect[];

/** A session in the hands of a test. */
export interface Driven {
  opened(): Effects;
  /** The greeting: the answers to what was asked, as long as something is, and then the frames. */
  greeted(): Effects;
  /** Takes a frame as text, or as the value that the text would be of. */
  receives(frame: string | object): Effects;
  fires(timer: string): Effects;
  sends(send: SendRequest): Effects;
}

/** Writes a frame that is given as a value. */
export type Write = (frame: object) => string;

/** How a provider greets, and how its frames are written. */
export interface Greeting {
  readonly greeting?: readonly object[];
  readonly answer?: Answer | undefined;
  readonly write?: Write | undefined;
}

type Answer = (exchange: HttpExchange) => { readonly status: number; readonly body: string };

export function drive(
  session: Session<ProviderEffect>,
  { greeting = [], answer, write = (frame) => JSON.stringify(frame) }: Greeting = {},
): Driven {
  let asked: Effects = [];
  const receives: Driven["receives"] = (frame) =>
    session.handle({
      type: "frame-received",
      at: AT,
      frame: typeof frame === "string" ? frame : write(frame),
    });
  return {
    opened: () => (asked = session.handle({ type: "socket-opened", at: AT })),
    greeted: () => [
      ...answerAll(session, asked, answer),
      ...greeting.flatMap((frame) => receives(frame)),
    ],
    receives,
    fires: (timer) => session.handle({ type: "timer-fired", at: AT, timer }),
    sends: (send) => session.handle({ type: "send-requested", at: AT, send }),
  };
}

/** Answers what is asked for, and what is asked for after that; claims are always granted. */
function answerAll(
  session: Session<ProviderEffect>,
  asked: Effects,
  answer: Answer | undefined,
): Effects {
  if (answer === undefined) return [];
  return asked.flatMap((effect) => {
    if (effect.type !== "request-issue" && effect.type !== "route-claim") return [];
    const given = effect.type === "route-claim" ? CLAIMED : answer(effect.exchange);
    const { request } = effect;
    const effects = session.handle({ type: "request-answered", at: AT, request, ...given });
    return [...effects, ...answerAll(session, effects, answer)];
  });
}

const CLAIMED = { status: 200, body: "" };

/** A session that has opened and been greeted, and is where events can come. */
export function greeted(
  session: Session<ProviderEffect>,
  greeting: readonly object[],
  write?: Write,
): Driven {
  return begun(session, { greeting, write });
}

/** The same, by whatever a provider greets with. */
export function begun(session: Session<ProviderEffect>, by: Greeting): Driven {
  const driven = drive(session, by);
  driven.opened();
  driven.greeted();
  return driven;
}

export function only<T extends EffectType>(effects: Effects, type: T): EffectOf<T>[] {
  return effects.filter((effect): effect is EffectOf<T> => effect.type === type);
}

/** The types of the effects, in their order. */
export function typesOf(effects: Effects): EffectType[] {
  return effects.map((effect) => effect.type);
}

export function draftsOf(effects: Effects): EventDraft[] {
  return only(effects, "events-observe").flatMap((effect) => effect.drafts);
}

/** The one draft that a frame made; throws where it made none, or several. */
export function draftOf(effects: Effects): EventDraft {
  const [draft, ...more] = draftsOf(effects);
  if (draft === undefined || more.length > 0) throw new Error("not one draft");
  return draft;
}
