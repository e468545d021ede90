import { z } from "zod";

import { services } from "./lists.ts";

const Service = z.enum(services);
const Account = z.string().nullable();

const Made = z.strictObject({
  name: z.string(),
  id: z.string().optional(),
  width: z.number().optional(),
  height: z.number().optional(),
  moves: z.boolean().optional(),
  zeroWidth: z.boolean().optional(),
});

/** An answer of a service that is no list. */
export const Fault = z.discriminatedUnion("kind", [
  /** Nothing, until the client goes. */
  z.strictObject({ kind: z.literal("hang") }),
  /** The list, a byte now and then. */
  z.strictObject({ kind: z.literal("drip") }),
  /** The list, once `release` is told. */
  z.strictObject({ kind: z.literal("hold") }),
  /** An end in the middle of the list. */
  z.strictObject({ kind: z.literal("cut") }),
  z.strictObject({
    kind: z.literal("status"),
    status: z.number().int().min(400).max(599),
    retryAfter: z.string().optional(),
  }),
  /** The beginning of the list, as if it were the whole. */
  z.strictObject({ kind: z.literal("broken") }),
  /** A page for people, as something in between sends it. */
  z.strictObject({ kind: z.literal("page"), status: z.number().int().default(200) }),
  /** A list of so many bytes, which never ends where `bytes` is left out. */
  z.strictObject({ kind: z.literal("giant"), bytes: z.number().int().optional() }),
  /** Another format, as a version that is to come may have it. */
  z.strictObject({ kind: z.literal("renamed") }),
  z.strictObject({ kind: z.literal("redirect"), to: z.string() }),
  /** Any body. */
  z.strictObject({ kind: z.literal("body"), text: z.string() }),
]);
export type Fault = z.infer<typeof Fault>;

/** The actions that it can be told. */
export const Action = z.discriminatedUnion("action", [
  /** Spoils a service, or its list for everybody (`account: null`), or one account's. */
  z.strictObject({
    action: z.literal("fault"),
    service: Service,
    account: Account.optional(),
    fault: Fault,
  }),
  /** All is well again; what is held is answered. */
  z.strictObject({ action: z.literal("release") }),
  z.strictObject({
    action: z.literal("emotes"),
    service: Service,
    account: Account,
    emotes: z.array(Made),
  }),
  /** The service does not know the account. */
  z.strictObject({ action: z.literal("unknown"), service: Service, account: z.string() }),
]);
export type Action = z.infer<typeof Action>;
