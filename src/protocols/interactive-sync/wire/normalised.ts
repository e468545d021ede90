import type { Json } from "../../../lib/json.ts";
import { readInterface, type NoInterface, type UserInterface } from "./interface.ts";

/** What is shown of an interface as it was given: nothing for one that nobody could have given. */
export function normalised(given: Json): UserInterface | NoInterface {
  const read = readInterface(given);
  return read.ok ? read.value : {};
}
