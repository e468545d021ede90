import { Refused } from "./call.ts";

/**
 * Tells the browser of an error that is the page's own: neither a refusal, of which people are told, nor a
 * request that was called off.
 */
export function reportFault(error: unknown): void {
  const isCalledOff = error instanceof DOMException && error.name === "AbortError";
  if (!isCalledOff && !(error instanceof Refused)) reportError(error);
}

/** Reads an error as what people are told: the relay's refusal, or that it could not be reached. */
export function toRefused(error: unknown): Refused {
  reportFault(error);
  return error instanceof Refused ? error : new Refused(0, null);
}
