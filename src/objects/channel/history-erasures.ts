import { within } from "../../deadline.ts";
import type { Erasure } from "../../event/erasure.ts";
import type { Seq } from "../../event/ids.ts";
import { eraseBelow } from "../../store/history/erasing.ts";
import {
  dropErasure,
  listErasures,
  putErasure,
  type PendingErasure,
} from "../../store/journal/erasures.ts";
import { STATEMENT_MS } from "./history-statement.ts";

/** The history's writer, as far as erasing needs it. */
export interface ErasingPort {
  readonly storage: DurableObjectStorage;
  readonly channelNumber: number;
  /** The channel is gone: what storage holds by now may be another one's. */
  isStopped(): boolean;
  /** A statement has been carried out: reads that must see it come after this. */
  noteStatement(db: D1DatabaseSession): void;
  /** What history has was changed. */
  changed(): void;
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

/** Erases in the next blocks downwards: to known places, or to 0. Answers what is left to do. */
async function eraseSome(
  port: ErasingPort,
  db: D1DatabaseSession,
  { erasure, places, below }: PendingErasure,
): Promise<PendingErasure | null> {
  const from = places.length > 0 ? Math.max(...places) : below;
  const left = await erase(port, db, erasure, from);
  if (places.length === 0) return left > 0 ? { erasure, places, below: left } : null;
  const rest = places.filter((place) => place <= left);
  return rest.length > 0 || below > 0 ? { erasure, places: rest, below } : null;
}

async function erase(
  port: ErasingPort,
  db: D1DatabaseSession,
  erasure: Erasure,
  from: Seq,
): Promise<Seq> {
  try {
    return await within(STATEMENT_MS, eraseBelow(db, port.channelNumber, erasure, from));
  } finally {
    // Also one that failed may have been carried out.
    port.changed();
    port.noteStatement(db);
  }
}
