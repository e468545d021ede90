import type { Knobs } from "./knobs.ts";
import { channelId, channelName } from "./people.ts";

/** A room has one canonical id, and may be asked for by other names. */
export class Rooms {
  readonly #knobs: Readonly<Knobs>;
  readonly #aliases = new Map([[channelName, channelId]]);

  constructor(knobs: Readonly<Knobs>) {
    this.#knobs = knobs;
  }

  alias(name: string, room: string): void {
    this.#aliases.set(name, room);
  }

  canonical(room: string | null | undefined): string {
    if (room === null || room === undefined || room === "") {
      return this.#knobs.missingRoom === "channel" ? channelId : "";
    }
    return this.#aliases.get(room) ?? room;
  }
}
