import { within } from "../../deadline.ts";
import type { Erasure } from "../../event/erasure.ts";
import { eraseAt, eraseBetween } from "../../store/history/events.ts";
import {
  dropErasure,
  listErasures,
  putErasure,
  type PendingErasure,
} from "../../store/journal/erasures.ts";
import { STATEMENT_MS } from "./history-statement.ts";

// Rows that one erasing statement looks through: some 30 ms of a database that does one thing at a
// time.
const ERASE_ROWS = 5_000;

/** The history's writer, as far as erasing needs it. */
export interface ErasingPort {
  readonly storage: DurableObjectStorage;
  readonly channelNumber: number;
  /** The channel is gone: what storage holds by now may be another one's. */
  isStopped(): boolean;
  /** A statement has been carried out: reads that must see it come after this. */
  noteStatement(db: D1DatabaseSession): void;
  /** An erasure is carried out, and no longer pending. */
  erased(erasure: Erasure): void;
}

/**
 * Carries out one statement of the oldest pending erasure; false if there is nothing more to do.
 */
export async function eraseNext(port: ErasingPort, db: D1DatabaseSession): Promise<boolean> {
  const { sql } = port.storage;
  const [pending] = listErasures(sql);
  if (pending === undefined) return false;
  const left = await eraseSome(port, db, pending);
  if (port.isStopped()) return false;
  if (left !== null) {
    putErasure(sql, left);
    return true;
  }
  dropErasure(sql, pending.erasure.seq);
  port.erased(pending.erasure);
  return true;
}

/** Erases at known places first, and then a range of rows at a time. Answers what is left to do. */
async function eraseSome(
  port: ErasingPort,
  db: D1DatabaseSession,
  { erasure, places, below }: PendingErasure,
): Promise<PendingErasure | null> {
  const { channelNumber } = port;
  if (places.length > 0) {
    await within(STATEMENT_MS, eraseAt(db, channelNumber, places));
    port.noteStatement(db);
    return { erasure, places: [], below };
  }
  if (below === 0) return null;
  const after = Math.max(0, below - ERASE_ROWS);
  const range = { after, upTo: below };
  await within(STATEMENT_MS, eraseBetween(db, channelNumber, erasure, range));
  port.noteStatement(db);
  return after > 0 ? { erasure, places, below: after } : null;
}
