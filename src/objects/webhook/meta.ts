import { z } from "zod";

import { Health } from "../../delivery/health.ts";

/*
 * A webhook's own values, by key; beside them `endpoint`, its `Endpoint`.
 */

/** `standing`: what its attempts have in common. `enabled` is the endpoint's. */
export const Standing = z.object({
  health: Health,
  pausedUntil: z.number(),
  mayPassOver: z.boolean(),
});
export type Standing = z.infer<typeof Standing>;

/**
 * `mark`: up to where the log was taken, and up to where its erasures were carried out. Null until
 * the channel has said where to begin.
 */
export const Mark = z.object({ takenTo: z.int().nullable(), erasedTo: z.int() });
export type Mark = z.infer<typeof Mark>;

/** `tidying`: when old deliveries are taken away next. An instance may not live to see it. */
export const Tidying = z.object({ dueAt: z.number() });

/** `pace`: when the next delivery may begin, where they are far apart. */
export const PaceMark = z.object({ slotAt: z.number() });

/** `greeted`: when its endpoint was sent a first event, once. */
export const Greeted = z.object({ at: z.number() });

/** `link`: does the channel know of the endpoint as it is? */
export const LinkMark = z.object({ isAttached: z.boolean() });

/**
 * `handshake`: whether the endpoint has agreed to be sent to, and how often (CloudEvents Web Hooks).
 */
export const Handshake = z.object({
  state: z.enum(["pending", "given", "refused"]),
  perMinute: z.number().nullable(),
  attempts: z.int(),
  dueAt: z.number(),
  detail: z.string().nullable(),
});
export type Handshake = z.infer<typeof Handshake>;

/** `keys`: what it is signed with, the newest first; sealed. */
export const KeyRecords = z.array(
  z.object({
    id: z.string(),
    sealed: z.string(),
    publicKey: z.string(),
    createdAt: z.number(),
    /** Until when it signs beside a newer one; null for the newest. */
    retiresAt: z.number().nullable(),
  }),
);
export type KeyRecords = z.infer<typeof KeyRecords>;

/** `making`: it is being made, and nobody has been told of it: cut off, it is undone. */
export const Making = z.object({ since: z.number() });
