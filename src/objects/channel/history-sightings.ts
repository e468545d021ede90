import { within } from "../../deadline.ts";
import type { Sighting } from "../../event/sighting.ts";
import { addSightings } from "../../store/history/sightings.ts";
import { readJournalBounds } from "../../store/journal/groups.ts";
import {
  dropLateSightings,
  readLateSightings,
  type LateSightings,
} from "../../store/journal/sightings.ts";
import type { ErasingPort } from "./history-erasures.ts";
import { STATEMENT_MS } from "./history-statement.ts";

// The journal answers for ten minutes at least, with all that is known: until then blocks are left
// alone, so that each is written anew once for all that was told of late.
const WAIT_MS = 300_000;

// An invocation asks D1 for 1,000 statements: one for each block at most, and the eraser has its own.
const MANY = 200;

type SightingPort = Pick<
  ErasingPort,
  "storage" | "channelNumber" | "noteStatement" | "changed" | "isStopped"
>;

/** Brings history who else told of events that it has already. */
export class HistorySightings {
  readonly #port: SightingPort;

  constructor(port: SightingPort) {
    this.#port = port;
  }

  get late(): readonly Sighting[] {
    return readLateSightings(this.#port.storage.sql, MANY)?.sightings ?? [];
  }

  /** Must it be done before the journal forgets anything? */
  isDue(now: number): boolean {
    return this.#readDue(now) !== null;
  }

  /** Does as much as one run may, if it is due. Answers whether the channel is still there. */
  async add(db: D1DatabaseSession, now: number): Promise<boolean> {
    const late = this.#readDue(now);
    if (late === null) return true;
    const { storage, channelNumber } = this.#port;
    try {
      await within(STATEMENT_MS, addSightings(db, channelNumber, late.sightings));
      this.#port.noteStatement(db);
    } finally {
      // Also one that failed may have been carried out.
      this.#port.changed();
    }
    // What is kept here by now may be another channel's.
    if (this.#port.isStopped()) return false;
    dropLateSightings(storage.sql, late.upTo);
    return true;
  }

  #readDue(now: number): LateSightings | null {
    const { sql } = this.#port.storage;
    const late = readLateSightings(sql, MANY);
    if (late === null) return null;
    if (now - late.since >= WAIT_MS || late.sightings.length >= MANY) return late;
    const oldest = readJournalBounds(sql)?.oldest ?? 0;
    return late.sightings.some(({ seq }) => seq <= oldest) ? late : null;
  }
}
