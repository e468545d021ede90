import { isRecord } from "../lib/json.ts";
import { isCatalogueType } from "./catalogue.ts";
import type { EventDraft } from "./event.ts";
import { redact, redactText } from "./redact.ts";

/**
 * A draft without secrets and e-mail addresses, in its data, its raw and its subject. A message's
 * text stays the sum of its fragments: where an address was spread over several of them, they
 * become one. Its key stays as it is: nobody sees it, and two keys must not become one.
 */
export function redactDraft(draft: EventDraft, secrets: readonly string[]): EventDraft {
  const data = redact(draft.data, secrets);
  const raw = draft.raw === undefined ? undefined : redact(draft.raw, secrets);
  const subject = draft.subject === undefined ? undefined : redactText(draft.subject, secrets);
  if (data === draft.data && raw === draft.raw && subject === draft.subject) return draft;
  // A program's own data may hold anything by the name of message.
  const isOurs = data !== draft.data && isCatalogueType(draft.type);
  return {
    ...draft,
    data: isOurs ? withWholeMessage(data) : data,
    ...(raw !== undefined && { raw }),
    ...(subject !== undefined && { subject }),
  } as EventDraft;
}

function withWholeMessage<D extends object>(data: D): D {
  const { message } = data as { message?: unknown };
  if (!isRecord(message) || typeof message["text"] !== "string") return data;
  const fragments = Array.isArray(message["fragments"]) ? message["fragments"] : [];
  const sum = fragments.map((each) => (isRecord(each) ? each["text"] : null)).join("");
  if (sum === message["text"]) return data;
  const one = [{ type: "text", text: message["text"] }];
  return { ...data, message: { ...message, fragments: one } };
}
