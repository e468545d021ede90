import type { Context } from "hono";

import { RelayError } from "../errors.ts";
import type { AppEnv } from "./env.ts";

/** A resource's strong entity tag: when it was last changed, which never repeats. */
export function formatTag(updatedAt: number): string {
  return `"${updatedAt.toString(36)}"`;
}

/** `If-Match`, where it is given, must name the resource as it is. */
export function checkPrecondition(c: Context<AppEnv>, updatedAt: number): void {
  const header = c.req.header("if-match");
  if (header === undefined || header.trim() === "*") return;
  const tags = header.split(",").map((tag) => tag.trim());
  if (tags.includes(formatTag(updatedAt))) return;
  throw new RelayError("precondition_failed", "It has been changed since. Read it again.", {
    headers: { etag: formatTag(updatedAt) },
  });
}
