import { z } from "zod";

import { Open, OpenMembers } from "../shapes.ts";
import { defineEntry } from "./entry.ts";

/** Overlays, and the figures of a session. */
export const overlay = {
  "overlay.action": defineEntry(
    "An overlay was told to do something.",
    z.object({ action: z.string() }),
  ),
  "overlay.broadcast": defineEntry(
    "A program spoke to overlays.",
    z.object({
      target: z.string(),
      event: z.string(),
      payload: Open,
    }),
    { sheddable: true },
  ),
  "session.updated": defineEntry(
    "A figure of the session changed.",
    z.object({ key: z.string(), value: Open }),
    { conflateBy: ["key"] },
  ),
  "session.reset": defineEntry(
    "The session's figures began anew.",
    z.object({ session: OpenMembers }),
    {
      conflateBy: [],
    },
  ),
} as const;
