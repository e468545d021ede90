import { z } from "zod";

import { formatConnectionId } from "../../../event/ids.ts";
import type { Json } from "../../../lib/json.ts";

// Where a channel or a video is named in an address that people copy.
const CHANNEL_PATH = /^\/(?:channel\/(UC[\w-]{1,62})|(@[^/\s]{1,64}))(?:\/.*)?$/;
const VIDEO_PATH = /^\/(?:live|embed|shorts|v|video)\/([\w-]{1,64})(?:\/.*)?$/;

const Channel = z
  .string()
  .trim()
  .transform(readChannel)
  .pipe(
    z
      .string()
      .regex(
        /^(?:UC[\w-]{1,62}|@[^/\s]{1,64})$/u,
        "must be a channel's id (UC…), @handle or address",
      ),
  );

const Video = z
  .string()
  .trim()
  .transform(readVideo)
  .pipe(z.string().regex(/^[\w-]{1,64}$/, "must be a video's id or address"));

/** A channel, whose live broadcasts are found one after the other, or one video. */
export const Target = z
  .union([z.strictObject({ channel: Channel }), z.strictObject({ video: Video })])
  .describe("`{channel}` or `{video}`");
export type Target = z.infer<typeof Target>;

/** The connection that a link to a target has. */
export function nameConnection(target: Json): string {
  const known = Target.parse(target);
  return formatConnectionId("youtube", "channel" in known ? known.channel : known.video);
}

/** Reads an address of YouTube's; null for what is none. */
function readAddress(text: string): URL | null {
  const address = /^https?:\/\//i.test(text) ? text : `https://${text}`;
  if (!URL.canParse(address)) return null;
  const url = new URL(address);
  return /^(?:(?:www|m|studio)\.)?youtube\.com$|^youtu\.be$/.test(url.hostname) ? url : null;
}

function readChannel(text: string): string {
  const path = readAddress(text)?.pathname ?? "";
  const [, id, handle] = CHANNEL_PATH.exec(decodePath(path)) ?? [];
  return id ?? handle ?? text;
}

function readVideo(text: string): string {
  const url = readAddress(text);
  if (url === null) return text;
  if (url.hostname === "youtu.be") return url.pathname.slice(1);
  return url.searchParams.get("v") ?? VIDEO_PATH.exec(url.pathname)?.[1] ?? text;
}

/** A handle may be in any script, and an address has it in percent signs. */
function decodePath(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    // The answer: it is no such address.
    return path;
  }
}
