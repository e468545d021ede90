import { z } from "zod";

import { catalogue, CustomData, isCatalogueType, type CatalogueType } from "./catalogue.ts";
import { Envelope } from "./event.ts";

/** The types that have a schema of their own, in the catalogue's order. */
export const EVENT_TYPES = Object.keys(catalogue) as CatalogueType[];

/**
 * The JSON Schema (2020-12) of one event type, whole with its envelope. Objects are left open, since
 * fields may be added to any type. It is made when the pages are built: the Worker hands it out.
 */
export function makeEventSchema(type: CatalogueType): object {
  const { about, data } = catalogue[type];
  const schema = Envelope.extend({ type: z.literal(type), data });
  return {
    $id: `/v1/schemas/${type}.json`,
    title: type,
    description: about,
    ...z.toJSONSchema(schema, { io: "input" }),
  };
}

/** The schema of a type's data: the catalogue's, or any object for a program's own. */
export function findDataSchema(type: string): z.ZodType {
  return isCatalogueType(type) ? catalogue[type].data : CustomData;
}
