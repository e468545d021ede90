import type { Json } from "../../../lib/json.ts";
import { readInterface, type NoInterface, type UserInterface } from "./interface.ts";

/** Fills in an interface's defaults; `{}` for one that is not valid. */
export function normalise(given: Json): UserInterface | NoInterface {
  const read = readInterface(given);
  return read.ok ? read.value : {};
}
