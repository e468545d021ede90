import type { Context } from "hono";

import type { Filter } from "../event/filter.ts";
import type { Position } from "../event/position.ts";
import { isRecord, parseOwnJson } from "../lib/json.ts";
import { ANONYMOUS } from "./auth.ts";
import type { AppEnv } from "./env.ts";
import { openSocket } from "./sockets.ts";

/**
 * Waits until a channel has something after a position that the filter lets through; false if it
 * has not within `ms`. It listens like any client, by a socket that lets the object sleep.
 */
export async function waitForEvents(
  c: Context<AppEnv>,
  channel: string,
  after: Position | null,
  filter: Filter,
  ms: number,
): Promise<boolean> {
  const socket = await openSocket(c, channel, {
    dialect: "tributary.v1",
    filter,
    raw: false,
    after,
    rewind: null,
    principal: ANONYMOUS,
    ticketDigest: null,
  });
  return new Promise((resolve) => {
    const end = (hasCome: boolean): void => {
      clearTimeout(timer);
      socket.close(1000, "");
      resolve(hasCome);
    };
    const timer = setTimeout(() => end(false), ms);
    socket.addEventListener("message", ({ data }) => {
      if (typeof data === "string" && hasEvents(data)) end(true);
    });
    socket.addEventListener("close", () => end(false));
    c.req.raw.signal.addEventListener("abort", () => end(false));
    socket.accept();
  });
}

function hasEvents(frame: string): boolean {
  const parsed = parseOwnJson(frame);
  if (!parsed.ok || !isRecord(parsed.value) || parsed.value["type"] !== "events") return false;
  const events = parsed.value["events"];
  return Array.isArray(events) && events.length > 0;
}
