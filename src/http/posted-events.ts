import type { z } from "zod";

import { RelayError } from "../errors.ts";
import { problemsOf, type InputProblem } from "../event/answer.ts";
import { CUSTOM_TYPE, isCatalogueType } from "../event/catalogue.ts";
import type { EventDraft } from "../event/event.ts";
import { dataSchema } from "../event/schemas.ts";
import { parseTime } from "../lib/time.ts";
import type { PostedEvent } from "./schemas.ts";

type Posted = z.infer<typeof PostedEvent>;

/** What only the relay itself can tell of. */
const RESERVED = ["connection.", "send.", "provider.", "webhook."];

// An event goes to every client and into a row of the journal.
const DATA_MAX_CHARS = 64 * 1024;

/**
 * Posted events as drafts. All of them are looked at before any is taken: it is all or none.
 * `request` is the request's own name, where it has an Idempotency-Key: with it every event has a
 * key, also one that was posted without.
 */
export function toDrafts(
  posted: readonly Posted[],
  isList: boolean,
  request: string | null,
): EventDraft[] {
  const problems: InputProblem[] = [];
  const drafts = posted.map((event, index) => {
    const at = isList ? `/${index}` : "";
    problems.push(...problemsWith(event, at));
    return toDraft(event, request === null ? null : `request ${request} ${index}`);
  });
  const [first] = problems;
  if (first === undefined) return drafts;
  throw new RelayError("invalid_input", `${first.pointer ?? ""}: ${first.detail}`, { problems });
}

function problemsWith(event: Posted, at: string): InputProblem[] {
  const { type, data } = event;
  const pointer = `${at}/type`;
  if (!isCatalogueType(type) && !CUSTOM_TYPE.test(type)) {
    return [{ pointer, detail: `unknown type: ${type.slice(0, 64)}` }];
  }
  if (RESERVED.some((prefix) => type.startsWith(prefix))) {
    return [{ pointer, detail: "only the relay itself tells of this" }];
  }
  if (JSON.stringify(data).length > DATA_MAX_CHARS) {
    return [{ pointer: `${at}/data`, detail: `at most ${DATA_MAX_CHARS} characters` }];
  }
  const parsed = dataSchema(type).safeParse(data);
  return parsed.success ? [] : problemsOf(parsed.error, `${at}/data`);
}

function toDraft(event: Posted, requestKey: string | null): EventDraft {
  const { type, data, subject, test } = event;
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
