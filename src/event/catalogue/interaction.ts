import { z } from "zod";

import { OpenFields, User } from "../shapes.ts";
import { defineEntry } from "./entry.ts";

/** Viewers and the interface that they are shown. */
export const interaction = {
  "interaction.input": defineEntry(
    "A viewer used a component of the interface.",
    z.object({
      view: z.enum(["video_overlay", "panel", "mobile"]),
      component: z.string(),
      user: User.optional(),
      values: OpenFields.optional(),
    }),
  ),
  "interaction.mouse": defineEntry(
    "A viewer used the mouse over the video.",
    z.object({
      button: z.enum(["down", "up"]),
      x: z.number(),
      y: z.number(),
      width: z.number(),
      height: z.number(),
      user: User.optional(),
    }),
    { sheddable: true },
  ),
} as const;
