import type { z } from "zod";

/** The fate of an event on its way to a client that reads too slowly. */
export interface Overload {
  /** It may be left out, and the client is told of the gap. All others are always delivered. */
  readonly sheddable?: true;
  /**
   * It may be left out without a word where a newer one of its type, of the same connection, with
   * the same values in these fields of its data and with the same fields, is in the same frame.
   */
  readonly conflateBy?: readonly string[];
}

/** The rules for events of a type. */
interface Rules extends Overload {
  /** Nobody hears of it but who may moderate: it was not shown in the chat. */
  readonly forModerators?: true;
}

/** A type of event: what it is about, and the schema of its data. */
export interface Entry<D extends z.ZodType> extends Rules {
  readonly about: string;
  readonly data: D;
}

export function defineEntry<D extends z.ZodType>(
  about: string,
  data: D,
  rules: Rules = {},
): Entry<D> {
  return { about, data, ...rules };
}
