import type { EventDraft } from "../../../src/event/event.ts";
import type { ProviderEffect, SendRequest, Session } from "../../../src/protocols/session.ts";

/** The time at which everything in these tests happens: sessions take it from their input. */
export const AT = 1_732_400_000_000;

export type EffectType = ProviderEffect["type"];
export type EffectOf<T extends EffectType> = Extract<ProviderEffect, { type: T }>;
type Effects = readonly ProviderEffect[];

/** A session in the hands of a test. */
export interface Driven {
  opened(): Effects;
  /** Takes a frame as text, or as the value that the text would be of. */
  receives(frame: string | object): Effects;
  fires(timer: string): Effects;
  sends(send: SendRequest): Effects;
}

/** Writes a frame that is given as a value. */
export type Write = (frame: object) => string;

export function drive(
  session: Session<ProviderEffect>,
  write: Write = (frame) => JSON.stringify(frame),
): Driven {
  return {
    opened: () => session.handle({ type: "socket-opened", at: AT }),
    receives: (frame) =>
      session.handle({
        type: "frame-received",
        at: AT,
        frame: typeof frame === "string" ? frame : write(frame),
      }),
    fires: (timer) => session.handle({ type: "timer-fired", at: AT, timer }),
    sends: (send) => session.handle({ type: "send-requested", at: AT, send }),
  };
}

/** A session that has opened and been greeted, and is where events can come. */
export function greeted(
  session: Session<ProviderEffect>,
  greeting: readonly object[],
  write?: Write,
): Driven {
  const driven = drive(session, write);
  driven.opened();
  for (const frame of greeting) driven.receives(frame);
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
