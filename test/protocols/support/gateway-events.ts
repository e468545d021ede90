import type { CatalogueType } from "../../../src/event/catalogue.ts";
import type { EventDraft } from "../../../src/event/event.ts";
import { allSamples, said } from "../../support/samples.ts";
import type { SentFrame } from "./gateway-samples.ts";

/** One draft of each type of the catalogue; what is said in chat is said to everybody. */
export const catalogue: readonly EventDraft[] = allSamples.map((draft) =>
  draft.type === "chat.message" ? spoken("Hello Kappa") : draft,
);

export const catalogueTypes = catalogue.map(({ type }) => type as CatalogueType);

/** A chat message that everybody may read. */
export function spoken(text: string): EventDraft {
  const draft = said("m-1", text);
  const { to: _to, ...message } = draft.data.message;
  return { ...draft, data: { ...draft.data, message } };
}

/** A chat message that can be told from all others in whatever frame it is said. */
export function marked(at: number): EventDraft {
  return spoken(`marker-${at}-end`);
}

/** The numbers of the marked messages that a frame says. */
export function marksIn(frame: SentFrame): number[] {
  const marks = JSON.stringify(frame).matchAll(/marker-(\d+)-end/g);
  return [...new Set([...marks].map(([, at]) => Number(at)))];
}
