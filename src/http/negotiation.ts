import type { Context } from "hono";

import { RelayError } from "../errors.ts";
import { chooseType } from "../lib/accept.ts";
import type { AppEnv } from "./env.ts";

export const SSE_TYPE = "text/event-stream";

/**
 * The media type that the answer is to have, of those that there are; a 406 where the request wants
 * none of them.
 */
export function negotiate<T extends string>(c: Context<AppEnv>, offered: readonly T[]): T {
  const type = chooseType(c.req.header("accept"), offered);
  if (type !== null) return type;
  throw new RelayError("not_acceptable", `This is answered as ${offered.join(", ")}.`);
}
