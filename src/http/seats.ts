import type { Context } from "hono";

import { nameChannel } from "../calls/object-names.ts";
import { CHANNEL_HEADER, NO_OTHER_HEADER, type Crowded } from "../calls/socket.ts";
import type { Principal } from "../event/principal.ts";
import { isRecord } from "../lib/json.ts";
import { getChannelObject, type ChannelNamed } from "./access.ts";
import type { AppEnv } from "./env.ts";
import { shuffleHubs, listHubsFor } from "./hubs.ts";

/** The request for a socket as headers. `principal`: whose it turned out to be; null for whose it was. */
type RequestHeaders = (principal: Principal | null) => Record<string, string>;

/**
 * Asks for a socket of a channel: in the channel's own object, or, where that has no more room, in
 * the first hub that has, or in the last of them. Whoever asks cannot tell which.
 */
export async function openSeatedSocket(
  c: Context<AppEnv>,
  channel: ChannelNamed,
  makeHeaders: RequestHeaders,
): Promise<Response> {
  const headers = { upgrade: "websocket", ...makeHeaders(null) };
  const response = await getChannelObject(c, channel).fetch("https://channel/socket", { headers });
  const answer = await readCrowded(response);
  if (answer === null) return response;
  const there = {
    ...headers,
    [CHANNEL_HEADER]: nameChannel(channel),
    ...makeHeaders(answer.principal),
  };
  const [last, ...others] = listHubsFor(c, channel).toReversed();
  for (const hub of others.toReversed()) {
    const asked = await hub.fetch("https://hub/socket", { headers: there });
    if ((await readCrowded(asked)) === null) return asked;
  }
  if (last === undefined) throw new Error("there is no hub");
  return last.fetch("https://hub/socket", { headers: { ...there, [NO_OTHER_HEADER]: "yes" } });
}

/** Asks for a socket that names its channels in frames: those live in hubs. */
export async function openHubSocket(
  c: Context<AppEnv>,
  request: Record<string, string>,
): Promise<Response> {
  const headers = { upgrade: "websocket", ...request };
  const [first, ...others] = shuffleHubs(c);
  if (first === undefined) throw new Error("there is no hub");
  let response = await first.fetch("https://hub/socket", { headers });
  // One that is full leaves it to the next; the last word is that all of them are.
  for (const hub of others) {
    if (response.status !== 503) break;
    response = await hub.fetch("https://hub/socket", { headers });
  }
  return response;
}

/** Reads the answer of an object without room; null for any other answer. */
async function readCrowded(response: Response): Promise<Crowded | null> {
  if (response.status !== 503) return null;
  const answer: unknown = await response.clone().json();
  return isCrowded(answer) ? answer : null;
}

function isCrowded(answer: unknown): answer is Crowded {
  return isRecord(answer) && answer["code"] === "crowded";
}
