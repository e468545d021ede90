import { isRecord } from "../lib/json.ts";
import type { EventDraft } from "./event.ts";
import { redact } from "./redact.ts";

/**
 * A draft without secrets and e-mail addresses, in its data and its raw. A message's text stays the
 * sum of its fragments: where an address was spread over several of them, they become one.
 */
export function redactDraft(draft: EventDraft, secrets: readonly string[]): EventDraft {
  const data = redact(draft.data, secrets);
  const raw = draft.raw === undefined ? undefined : redact(draft.raw, secrets);
  if (data === draft.data && raw === draft.raw) return draft;
  const whole = data === draft.data ? data : withWholeMessage(data);
  return { ...draft, data: whole, ...(raw !== undefined && { raw }) } as EventDraft;
}

function withWholeMessage<D extends object>(data: D): D {
  const { message } = data as { message?: unknown };
  if (!isRecord(message) || typeof message["text"] !== "string") return data;
  const fragments = Array.isArray(message["fragments"]) ? message["fragments"] : [];
  const sum = fragments.map((each: { text: string }) => each.text).join("");
  if (sum === message["text"]) return data;
  const one = [{ type: "text", text: message["text"] }];
  return { ...data, message: { ...message, fragments: one } };
}
