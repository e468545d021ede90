import { z } from "zod";

import { Amount, Person } from "../shapes.ts";
import { defineEntry } from "./entry.ts";

/** Treasure chests. */
export const chest = {
  "chest.giveaway.started": defineEntry(
    "A treasure chest is given away.",
    z.object({ value: z.string().optional(), endsAt: z.string().optional() }),
  ),
  "chest.giveaway.ended": defineEntry(
    "A treasure chest was given away.",
    z.object({ value: z.string().optional(), winners: z.array(Person).optional() }),
  ),
  "chest.value.updated": defineEntry(
    "A treasure chest holds this much now.",
    z.object({ amount: Amount }),
    { conflateBy: [] },
  ),
  "chest.value.expired": defineEntry(
    "A part of a treasure chest expired.",
    z.object({ amount: Amount }),
  ),
} as const;
