import { isRecord } from "../lib/json.ts";

/**
 * What an event is about, as CloudEvents' `subject`: the message, the sending, the tip, the
 * connection, the webhook or the person its data names, in this order; undefined when it names none.
 */
export function subjectOf(draft: { readonly data: object }): string | undefined {
  const data: Record<string, unknown> = { ...draft.data };
  return (
    named("message", field(data["message"], "id")) ??
    named("message", first(data["messageIds"])) ??
    named("send", data["sendId"]) ??
    named("tip", data["tipId"]) ??
    named("connection", data["identifier"]) ??
    named("webhook", data["webhookId"]) ??
    named("user", field(data["user"], "key"))
  );
}

function named(kind: string, id: unknown): string | undefined {
  return typeof id === "string" && id !== "" ? `${kind}/${id}` : undefined;
}

function field(value: unknown, key: string): unknown {
  return isRecord(value) ? value[key] : undefined;
}

function first(value: unknown): unknown {
  return Array.isArray(value) ? value[0] : undefined;
}
