import { Jurisdiction, LocationHint, type Location } from "../event/location.ts";
import { formatWebhookName } from "./webhook.ts";

/*
 * By which names objects are found. The same name in another jurisdiction is another object: the
 * jurisdiction is a part of the name wherever an object is named, kept or told of.
 */

declare const brand: unique symbol;

/**
 * The name of an object with the jurisdiction it is in: `name`, or `eu,weur;name`. Made here alone, so
 * that no object is asked for by its bare name.
 */
export type ObjectName = string & { readonly [brand]: "object" };

/** A namespace, as far as finding an object needs it. */
interface Namespace<T> {
  getByName(name: string, options?: { locationHint?: LocationHint }): T;
  jurisdiction(jurisdiction: Jurisdiction): Namespace<T>;
}

const NOWHERE: Location = { jurisdiction: null, locationHint: null };

/** The object of a channel. */
export function nameChannel({ id, ...location }: Location & { readonly id: string }): ObjectName {
  return formatName(location, id);
}

/** The object of a webhook: where its channel's is. */
export function nameWebhook(location: Location, channel: number, webhook: string): ObjectName {
  return formatName(location, formatWebhookName(channel, webhook));
}

/** A hub: one of a jurisdiction, for whatever hints there are. */
export function nameHub({ jurisdiction }: Pick<Location, "jurisdiction">, hub: string): ObjectName {
  return formatName({ ...NOWHERE, jurisdiction }, hub);
}

/** A name that was kept, or came from another object: one that was made here before. */
export function readName(kept: string): ObjectName {
  return kept as ObjectName;
}

/** The location of an object, by its own id: whatever it asks is in the same jurisdiction. */
export function readLocation(id: { readonly jurisdiction?: string }): Location {
  const known = Jurisdiction.safeParse(id.jurisdiction);
  return { ...NOWHERE, jurisdiction: known.success ? known.data : null };
}

/** The name that an object has within its jurisdiction: a channel's is the channel's id. */
export function pickBareName(name: ObjectName): string {
  return parseName(name).name;
}

/**
 * An object, by its name. Throws where the runtime knows no such jurisdiction: none is known outside
 * of Cloudflare. A stub is for one request: after a failure it is of no more use.
 */
export function findObject<T>(namespace: Namespace<T>, name: ObjectName): T {
  const { jurisdiction, locationHint, name: bare } = parseName(name);
  const within = jurisdiction === null ? namespace : namespace.jurisdiction(jurisdiction);
  return locationHint === null ? within.getByName(bare) : within.getByName(bare, { locationHint });
}

function formatName({ jurisdiction, locationHint }: Location, name: string): ObjectName {
  const isNowhere = jurisdiction === null && locationHint === null;
  return (isNowhere ? name : `${jurisdiction ?? ""},${locationHint ?? ""};${name}`) as ObjectName;
}

// No name of an object has a semicolon: ids are slugs, or made here.
const NAME = /^([a-z-]*),([a-z-]*);(.*)$/;

function parseName(text: ObjectName): Location & { readonly name: string } {
  const [, jurisdiction = "", hint = "", name] = NAME.exec(text) ?? [];
  if (name === undefined) return { ...NOWHERE, name: text };
  return {
    jurisdiction: jurisdiction === "" ? null : Jurisdiction.parse(jurisdiction),
    locationHint: hint === "" ? null : LocationHint.parse(hint),
    name,
  };
}
