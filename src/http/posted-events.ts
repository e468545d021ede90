import type { z } from "zod";

import { RelayError } from "../errors.ts";
import { listProblems, type InputProblem } from "../event/answer.ts";
import { CUSTOM_TYPE, isCatalogueType } from "../event/catalogue.ts";
import type { EventDraft } from "../event/event.ts";
import { findDataSchema } from "../event/schemas.ts";
import { countBytes } from "../lib/bytes.ts";
import { parseTime } from "../lib/time.ts";
import type { PostedEvent } from "./schemas/event.ts";

type Posted = z.infer<typeof PostedEvent>;

/** The types that only the relay itself may post. */
const RESERVED = ["connection.", "send.", "provider.", "webhook."];

// An event goes to every client and into a row of the journal.
const DATA_MAX_BYTES = 64 * 1024;

/**
 * The drafts to be written, and about how many bytes they take: measured, whatever was said of it.
 */
export interface Drafted {
  readonly drafts: EventDraft[];
  readonly bytes: number;
}

/**
 * Posted events as drafts. All of them are looked at before any is taken: it is all or none. What
 * goes on is the data as its type's schema reads it, not as it was posted: fields that the schema
 * does not know are left out. `request` is the request's own name, where it has an Idempotency-Key:
 * with it every event has a key, also one that was posted without.
 */
export function toDrafts(
  posted: readonly Posted[],
  isList: boolean,
  request: string | null,
): Drafted {
  const problems: InputProblem[] = [];
  const drafts: EventDraft[] = [];
  let bytes = 0;
  for (const [index, event] of posted.entries()) {
    const read = readData(event, isList ? `/${index}` : "");
    if (!read.ok) problems.push(...read.problems);
    else {
      const key = request === null ? null : `request ${request} ${index}`;
      drafts.push(toDraft(event, read.data, key));
      bytes += read.bytes;
    }
  }
  const [first] = problems;
  if (first === undefined) return { drafts, bytes };
  throw new RelayError("invalid_input", `${first.pointer ?? ""}: ${first.detail}`, { problems });
}

type ReadData =
  | { readonly ok: true; readonly data: unknown; readonly bytes: number }
  | { readonly ok: false; readonly problems: readonly InputProblem[] };

function readData({ type, data }: Posted, at: string): ReadData {
  const wrong = (place: string, detail: string): ReadData => ({
    ok: false,
    problems: [{ pointer: at + place, detail }],
  });
  if (!isCatalogueType(type) && !CUSTOM_TYPE.test(type)) {
    return wrong("/type", `unknown type: ${type.slice(0, 64)}`);
  }
  if (RESERVED.some((prefix) => type.startsWith(prefix))) {
    return wrong("/type", "only the relay itself tells of this");
  }
  const parsed = findDataSchema(type).safeParse(data);
  if (!parsed.success) return { ok: false, problems: listProblems(parsed.error, `${at}/data`) };
  // As it will be written: a number may be much longer than it was posted.
  const bytes = countBytes(JSON.stringify(parsed.data));
  if (bytes > DATA_MAX_BYTES) return wrong("/data", `at most ${DATA_MAX_BYTES} bytes`);
  return { ok: true, data: parsed.data, bytes };
}

function toDraft(event: Posted, data: unknown, requestKey: string | null): EventDraft {
  const { type, subject, test } = event;
  const time = event.time === undefined ? null : parseTime(event.time);
  const key = event.key === undefined ? requestKey : `key ${event.key}`;
  // The type and its data have been found to fit each other.
  return {
    type,
    data,
    platform: event.platform ?? "api",
    ...(subject !== undefined && { subject }),
    ...(time !== null && { time }),
    ...(key !== null && { key }),
    ...(test === true && { test }),
  } as EventDraft;
}
