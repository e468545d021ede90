import type { Spoken, Utterance } from "../kit/utterance.ts";

/** Makes an utterance for every socket that listens. */
export type Utter = (render: () => string, spoken: Spoken) => Utterance;

/** The one user whose token opens this chat. */
export const userId = 6_204_417;

/** The broadcast that newer frames name. */
export const showId = "show-9f41c2";

/** The envelope of every frame. Its time is in whole seconds. */
export function frame(action: string, payload: unknown): string {
  return frameOfJson(action, JSON.stringify(payload));
}

/** The same around a payload that is JSON text already. */
export function frameOfJson(action: string, payload: string): string {
  const timestamp = Math.floor(Date.now() / 1000);
  return `{"action":${JSON.stringify(action)},"payload":${payload},"timestamp":${timestamp}}`;
}
