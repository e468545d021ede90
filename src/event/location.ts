import { z } from "zod";

/** A jurisdiction that objects can be kept in: they run and store there, and nowhere else. */
export const Jurisdiction = z.enum(["eu", "us", "fedramp", "fedramp-high"]);
export type Jurisdiction = z.infer<typeof Jurisdiction>;

/** A region that an object is to be made in or near: a hint, and no promise. */
export const LocationHint = z.enum([
  "wnam",
  "enam",
  "sam",
  "weur",
  "eeur",
  "apac",
  "apac-ne",
  "apac-se",
  "oc",
  "afr",
  "me",
]);
export type LocationHint = z.infer<typeof LocationHint>;

/** The location of a channel's object and of its webhooks'. Never changed. */
export interface Location {
  readonly jurisdiction: Jurisdiction | null;
  readonly locationHint: LocationHint | null;
}
