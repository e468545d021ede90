import { z } from "zod";

import { campaign } from "./catalogue/campaign.ts";
import { channel } from "./catalogue/channel.ts";
import { chat } from "./catalogue/chat.ts";
import { chest } from "./catalogue/chest.ts";
import type { Entry, Overload } from "./catalogue/entry.ts";
import { interaction } from "./catalogue/interaction.ts";
import { moderation } from "./catalogue/moderation.ts";
import { overlay } from "./catalogue/overlay.ts";
import { relay } from "./catalogue/relay.ts";
import { send } from "./catalogue/send.ts";
import { stream } from "./catalogue/stream.ts";

export { EVENT_IDS_MAX } from "./catalogue/chat.ts";

/**
 * Everything that can happen on a stream, in our words: the thing first, the change last, so that a
 * prefix (`chat.*`) makes a filter. Additive: a new optional field keeps the type, a changed meaning
 * takes a new one. `custom.<name>` is not listed: its data is any object.
 */
export const catalogue = {
  ...chat,
  ...send,
  ...channel,
  ...campaign,
  ...stream,
  ...moderation,
  ...interaction,
  ...chest,
  ...overlay,
  ...relay,
} as const satisfies Record<string, Entry<z.ZodType>>;

/** A type of the catalogue. */
export type CatalogueType = keyof typeof catalogue;

/** The data of one type of the catalogue. */
export type DataOf<T extends CatalogueType> = z.infer<(typeof catalogue)[T]["data"]>;

/** The name of a program's own event type. */
export const CUSTOM_TYPE = /^custom(\.[a-z0-9_-]{1,40}){1,4}$/;

/** Any object: the data of a program's own event. */
export const CustomData = z.record(z.string(), z.unknown());

/** Is it a type of the catalogue? */
export function isCatalogueType(type: string): type is CatalogueType {
  return Object.hasOwn(catalogue, type);
}

/** Does nobody hear of events of this type but who may moderate? */
export function isForModerators(type: string): boolean {
  const entry: Entry<z.ZodType> | undefined = isCatalogueType(type) ? catalogue[type] : undefined;
  return entry?.forModerators === true;
}

/** Finds the rules for an event of this type on a slow socket. */
export function findOverload(type: string): Overload {
  return isCatalogueType(type) ? catalogue[type] : {};
}
