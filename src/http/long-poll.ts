import type { Context } from "hono";

import type { Filter } from "../event/filter.ts";
import type { Position } from "../event/position.ts";
import { isRecord, parseOwnJson } from "../lib/json.ts";
import type { ChannelRecord } from "../store/history/channels.ts";
import { findPrincipal } from "./access.ts";
import type { AppEnv } from "./env.ts";
import { openSocket } from "./sockets.ts";

/**
 * Waits until a channel has something to tell after a position that the filter lets through, be it
 * that something will not come; false if it has not within `ms`. It listens like any client, by a socket that lets the object sleep.
 */
export async function waitForEvents(
  c: Context<AppEnv>,
  channel: ChannelRecord,
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
    label: null,
    principal: await findPrincipal(c),
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
      if (typeof data === "string" && hasNews(data)) end(true);
    });
    socket.addEventListener("close", () => end(false));
    c.req.raw.signal.addEventListener("abort", () => end(false));
    socket.accept();
  });
}

function hasNews(frame: string): boolean {
  const parsed = parseOwnJson(frame);
  if (!parsed.ok || !isRecord(parsed.value)) return false;
  if (parsed.value["type"] === "gap") return true;
  if (parsed.value["type"] !== "events") return false;
  const events = parsed.value["events"];
  return Array.isArray(events) && events.length > 0;
}
