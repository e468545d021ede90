import { z } from "zod";

import type { AccountReport, StreamStatus, Writer } from "./report.ts";

/** The one stream that there is. */
export const streamId = 31;

/** Longer frames are not read: they end the connection. */
export const readableBytes = 65_535;

export const refusalText = "Not authorized";

const streamPath = /\/ws\/([^/]+)$/;

/** Any prefix may stand before it: where the service is mounted is its operator's matter. */
export function isStreamPath(path: string): boolean {
  return streamPath.test(path);
}

/** Null for what is no number, which no stream has either. */
export function streamIdIn(path: string): number | null {
  const [, id = ""] = streamPath.exec(path) ?? [];
  return /^\d+$/.test(id) ? Number(id) : null;
}

/** The service's own page sends a number as a string when it comes from a list of choices. */
const accountNumber = z.union([
  z.int().nonnegative(),
  z
    .string()
    .regex(/^\d{1,15}$/)
    .transform(Number),
]);

/** A message is taken in whatever it says of accounts: what cannot be read goes nowhere. */
const anyAccount = accountNumber.nullable().catch(null);

const ClientFrame = z.discriminatedUnion("type", [
  z.object({ type: z.literal("status") }),
  z.object({ type: z.literal("viewcount") }),
  z.object({
    type: z.literal("writer"),
    account_id: accountNumber,
    cur_stream_account_id: accountNumber,
  }),
  z.object({
    type: z.enum(["text", "emote"]),
    account_id: anyAccount,
    cur_stream_account_id: anyAccount,
    text: z.string(),
  }),
]);
export type ClientFrame = z.infer<typeof ClientFrame>;

const Message = z.looseObject({ type: z.enum(["text", "emote"]) });

/** "fatal" for what the service does not survive reading; null for what it passes over. */
export function readClientFrame(text: string): ClientFrame | "fatal" | null {
  if (Buffer.byteLength(text) > readableBytes) {
    return "fatal";
  }
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return "fatal";
  }
  const parsed = ClientFrame.safeParse(json);
  if (parsed.success) {
    return parsed.data;
  }
  return Message.safeParse(json).success ? "fatal" : null;
}

export function statusFrame(
  status: StreamStatus,
  accounts: Readonly<Record<string, AccountReport>>,
): string {
  return JSON.stringify({ type: "status", status, accounts });
}

export function writerResult({ accountId, target }: Writer): string {
  return JSON.stringify({
    type: "writerresult",
    account_id: accountId,
    cur_stream_account_id: target,
  });
}

export function viewcountResult(accountId: number, viewers: number): string {
  return JSON.stringify({
    type: "viewcountresult",
    viewer_count: viewers,
    stream_id: streamId,
    account_id: accountId,
  });
}
