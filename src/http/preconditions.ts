import type { Context } from "hono";

import { RelayError } from "../errors.ts";
import { computeFingerprint } from "../lib/fingerprint.ts";
import type { AppEnv } from "./env.ts";

/**
 * A resource's strong entity tag: when it was last changed, which never repeats, and where it shows
 * more than was decided about it, what it shows. A change depends on the first part alone: how a
 * resource fares is nobody's edit.
 */
export function formatTag(updatedAt: number, shown?: unknown): string {
  const rest = shown === undefined ? "" : `-${computeFingerprint(JSON.stringify(shown))}`;
  return `"${updatedAt.toString(36)}${rest}"`;
}

/** `If-Match`, where it is given, must name the resource as it is. */
export function checkPrecondition(c: Context<AppEnv>, updatedAt: number): void {
  const header = c.req.header("if-match");
  if (header === undefined || header.trim() === "*") return;
  const tag = formatTag(updatedAt);
  if (listTags(header).some((each) => each.replace(/-.*"$/, '"') === tag)) return;
  throw new RelayError("precondition_failed", "It has been changed since. Read it again.", {
    headers: { etag: tag },
  });
}

/**
 * Gives the answer its entity tag. True where `If-None-Match` says that whoever asks has just this:
 * then a 304 is enough (RFC 9110, 13.1.2).
 */
export function hasCurrent(c: Context<AppEnv>, tag: string): boolean {
  c.header("etag", tag);
  const header = c.req.header("if-none-match");
  if (header === undefined) return false;
  // A tag that is weak, or that a proxy has made so, stands for the same.
  const isSame = (each: string): boolean => each.replace(/^W\//, "") === tag.replace(/^W\//, "");
  return header.trim() === "*" || listTags(header).some(isSame);
}

function listTags(header: string): string[] {
  return header.split(",").map((tag) => tag.trim());
}
