import type { Seq } from "../../event/ids.ts";
import {
  deleteVolumes,
  openArchive,
  readOwnDirectory,
  readVolumeName,
  type ListedVolume,
  type VolumeOwner,
} from "./bucket.ts";
import { readHistoryBounds } from "./places.ts";
import type { Queries } from "./queries.ts";
import { findVolumeAt, listKnownPlaces, listNames } from "./volume-rows.ts";
import { describeVolume } from "./volume.ts";
import { replaceVolume, type Turn } from "./volumes.ts";

/*
 * Volumes that no row names: begun and not ended, or of a database that was put back.
 */

// What no row names, and the database does not have, is of a database that was put back: D1 can be put
// forward again for so long.
const STRAY_MS = 30 * 86_400_000;

/** Finds those of a channel's volumes that no row names. */
export async function listStrays(
  db: Queries,
  channel: VolumeOwner,
  volumes: readonly ListedVolume[],
): Promise<readonly ListedVolume[]> {
  const seqs = volumes.flatMap(({ name }) => readVolumeName(channel, name) ?? []);
  if (seqs.length === 0) return volumes;
  const names = await listNames(db, channel.number, Math.min(...seqs), Math.max(...seqs));
  const named = new Set(names);
  return volumes.filter(({ name }) => !named.has(name));
}

/**
 * Sees to a volume that no row names, nor will: the turn was begun before that was seen. Answers the
 * place whose row has taken it, where its own was gone: the database was put back.
 */
export async function settleStray(
  db: Queries,
  channel: VolumeOwner & Turn,
  { name, uploadedAt }: ListedVolume,
  now: number,
): Promise<Seq | null> {
  const bucket = openArchive(db);
  const first = readVolumeName(channel, name);
  const row = first === null ? null : await findVolumeAt(db, channel.number, first);
  const isCovered = row !== null && first !== null && row.last >= first;
  if (isCovered && (await bucket.head(row.name)) === null) {
    // The database was put back to before this one was made of that one.
    const directory = await readOwnDirectory(bucket, name);
    if (directory === null) return null;
    await replaceVolume(db, channel, row, name, describeVolume(directory));
    return row.first;
  }
  const isKnown = first !== null && (await listKnownPlaces(db, channel.number, [first])).has(first);
  // What is older than all that is kept has been taken away.
  const bounds = await readHistoryBounds(db, channel.number);
  const isPast = first !== null && bounds !== null && first <= bounds.oldest;
  if (isKnown || isPast || uploadedAt < now - STRAY_MS) await deleteVolumes(bucket, [name]);
  return null;
}
