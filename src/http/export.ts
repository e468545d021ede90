import { BYTE_ORDER_MARK, disarmJson, formatCsvRow } from "../lib/csv.ts";
import { isRecord, keepOnLine, parseOwnJson } from "../lib/json.ts";
import type { LoggedEvent } from "../store/logged-event.ts";
import type { HistoryPage } from "./history.ts";

/** The forms of an export: what it is asked for by, and how it is written. */
const EXPORTS = {
  "application/jsonl": formatJsonLine,
  "application/x-ndjson": formatJsonLine,
  "text/csv": formatCsvLine,
} as const;
export type ExportType = keyof typeof EXPORTS;

/** The media type as that of an export; null for any other. */
export function asExportType(type: string): ExportType | null {
  return Object.hasOwn(EXPORTS, type) ? (type as ExportType) : null;
}

/** The name under which an export is kept as a file. */
export function nameFile(type: ExportType, channel: string): string {
  return `${channel}-events.${type === "text/csv" ? "csv" : "jsonl"}`;
}

const COLUMNS = [
  "id",
  "type",
  "time",
  "recordedtime",
  "provider",
  "platform",
  "connectionid",
  "subject",
  "user",
  "text",
  "amount",
  "currency",
  "test",
  "data",
];

const END = { done: true as const, value: undefined };

/**
 * The whole of a history as a stream, at most `limit` events: each page is read when there is room.
 * The gap of `first` was told before. A later page that lacks something breaks the stream off, so
 * that nobody takes it for whole. `bom`: CSV begins with a byte order mark.
 */
export function exportStream(
  type: ExportType,
  first: IteratorResult<HistoryPage, void>,
  pages: AsyncGenerator<HistoryPage, void>,
  { limit, bom }: { readonly limit: number; readonly bom: boolean },
): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder();
  const line = EXPORTS[type];
  const head = (bom ? BYTE_ORDER_MARK : "") + formatCsvRow(COLUMNS);
  let left = limit;
  let isBegun = false;
  let ahead: typeof first | null = first;
  let told = first.done === true ? null : first.value.gap;
  const next = async (): Promise<typeof first> => {
    const page = ahead ?? (await pages.next());
    ahead = null;
    if (page.done === true || page.value.gap === null) return page;
    if (page.value.gap.to !== told?.to) throw new Error("history was taken away while it was read");
    told = page.value.gap;
    return page;
  };
  return new ReadableStream({
    async pull(controller) {
      let text = isBegun || type !== "text/csv" ? "" : head;
      isBegun = true;
      // A page may be empty and not the last: a pull that brings nothing is not made again.
      for (;;) {
        const { done, value } = left > 0 ? await next() : END;
        const events = done === true ? [] : value.events.slice(0, left);
        left -= events.length;
        text += events.map(line).join("");
        if (text !== "") controller.enqueue(encoder.encode(text));
        if (done === true) controller.close();
        if (done === true || text !== "") return;
      }
    },
    async cancel() {
      await pages.return();
    },
  });
}

function formatJsonLine({ text }: LoggedEvent): string {
  return `${keepOnLine(text)}\n`;
}

function formatCsvLine({ text }: LoggedEvent): string {
  const parsed = parseOwnJson(text);
  const event = parsed.ok && isRecord(parsed.value) ? parsed.value : {};
  const data = isRecord(event["data"]) ? event["data"] : {};
  const part = (name: string, key: string): unknown => {
    const value = data[name];
    return isRecord(value) ? value[key] : undefined;
  };
  return formatCsvRow(
    [
      ...["id", "type", "time", "recordedtime", "provider", "platform"].map((key) => event[key]),
      event["connectionid"],
      event["subject"],
      part("user", "name"),
      part("message", "text"),
      part("amount", "value"),
      part("amount", "currency"),
      event["test"],
      disarmJson(keepOnLine(JSON.stringify(data))),
    ].map((cell) => (typeof cell === "string" || typeof cell === "boolean" ? cell : undefined)),
  );
}
