import { z } from "zod";

import type { Chance } from "../kit/chance.ts";

/** The service gives numbers too long for a float as strings; a client may meet either. */
const amount = z.union([z.string(), z.number()]).optional();

const defaults = {
  GiveawayStarted: (chance: Chance) => ({
    endTime: String(Date.now() + 60_000),
    pricePool: String(chance.integer(10, 400) * 100_000),
    durationInSeconds: 60,
  }),
  GiveawayEnded: () => ({ nextGiveawayThresholdAt: "50000000" }),
  ValueExpired: (chance: Chance) => ({
    expireAt: String(Date.now()),
    value: String(chance.integer(1, 20) * 100_000),
  }),
  ValueUpdated: (chance: Chance) => ({ value: String(chance.integer(10, 400) * 100_000) }),
  ReadyToCollect: () => ({}),
};

export const chestTypes = Object.keys(defaults) as (keyof typeof defaults)[];
export type ChestType = (typeof chestTypes)[number];

export const chestShape = {
  type: z.enum(chestTypes),
  streamer: z.string().optional(),
  /** One object is the rule; an array of one is another dialect. */
  array: z.boolean().optional(),
  endTime: amount,
  pricePool: amount,
  durationInSeconds: z.number().optional(),
  nextGiveawayThresholdAt: amount,
  expireAt: amount,
  value: amount,
  override: z.record(z.string(), z.unknown()).optional(),
} as const;

const Spec = z.strictObject(chestShape);
export type ChestSpec = z.infer<typeof Spec>;

/** A chest event has no id: nothing tells two alike from one that was said twice. */
export function makeChest(spec: ChestSpec, chance: Chance): Record<string, unknown> {
  const { type, streamer: _streamer, array: _array, override, ...given } = spec;
  return {
    __typename: `TreasureChest${type}`,
    type,
    ...defaults[type](chance),
    ...Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)),
    ...override,
  };
}
