import { isRecord } from "../lib/json.ts";

/**
 * Names what an event is about, as CloudEvents' `subject`: the message, the sending, the tip, the
 * connection, the webhook or the person its data names, in this order; undefined when it names
 * none.
 */
export function makeSubject(draft: { readonly data: object }): string | undefined {
  const data: Record<string, unknown> = { ...draft.data };
  return (
    formatSubject("message", readField(data["message"], "id")) ??
    formatSubject("message", readFirst(data["messageIds"]) ?? data["messageId"]) ??
    formatSubject("send", data["sendId"]) ??
    formatSubject("tip", data["tipId"]) ??
    formatSubject("connection", data["identifier"]) ??
    formatSubject("webhook", data["webhookId"]) ??
    formatSubject("user", readField(data["user"], "key"))
  );
}

function formatSubject(kind: string, id: unknown): string | undefined {
  return typeof id === "string" && id !== "" ? `${kind}/${id}` : undefined;
}

function readField(value: unknown, key: string): unknown {
  return isRecord(value) ? value[key] : undefined;
}

function readFirst(value: unknown): unknown {
  return Array.isArray(value) ? value[0] : undefined;
}
