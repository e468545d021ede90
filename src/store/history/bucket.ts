import { z } from "zod";

import { RelayError } from "../../errors.ts";
import type { Epoch, Seq } from "../../event/ids.ts";
import type { PackedVolume, Span } from "./volume.ts";

/*
 * The bucket with the archive's volumes. A volume's name is used once: it is put there under a name
 * of its own, is never changed, and goes.
 */

/** As much of a bucket as is used. */
export type Bucket = Pick<R2Bucket, "put" | "get" | "head" | "list" | "delete">;

/** The binding to a bucket, where whoever deploys has made one, and how old history is that goes there. */
export interface ArchiveEnv {
  readonly ARCHIVE?: R2Bucket;
  readonly ARCHIVE_AFTER_HOURS?: string;
}

/** A channel's log, whose volumes have names that begin alike. */
export interface VolumeOwner {
  readonly number: number;
  readonly epoch: Epoch;
}

/** A volume as the bucket lists it. */
export interface ListedVolume {
  readonly name: string;
  readonly uploadedAt: number;
}

// Names are listed in their order: that of the places in the log.
const SEQ_DIGITS = 10;

/** The beginning of the names of a channel's volumes, whichever log of it they are of. */
export function makeChannelPrefix(channel: number): string {
  return `channels/${channel}/`;
}

/** Makes a volume's name; `chance`: what makes it another one than any other of the same place. */
export function makeVolumeName({ number, epoch }: VolumeOwner, first: Seq, chance: string): string {
  return `${makeChannelPrefix(number)}${epoch}/${String(first).padStart(SEQ_DIGITS, "0")}-${chance}`;
}

/** Reads the place of a volume from its name; null where it is not one of this log. */
export function readVolumeName({ number, epoch }: VolumeOwner, name: string): Seq | null {
  const prefix = `${makeChannelPrefix(number)}${epoch}/`;
  if (!name.startsWith(prefix)) return null;
  const [, digits] = /^(\d{10})-/.exec(name.slice(prefix.length)) ?? [];
  return digits === undefined ? null : Number(digits);
}

/** Puts a volume away. */
export async function putVolume(bucket: Bucket, name: string, volume: PackedVolume): Promise<void> {
  const directory = new TextEncoder().encode(volume.directory).length;
  await bucket.put(name, volume.bytes, { customMetadata: { directory: String(directory) } });
}

/**
 * Reads a part of a volume, or all of it; null where there is none of this name. Rejects with what
 * whoever asked may be told where it cannot be read.
 */
export async function readVolume(
  bucket: Bucket,
  name: string,
  span: Span | null = null,
): Promise<Uint8Array<ArrayBuffer> | null> {
  if (span?.length === 0) return new Uint8Array();
  const range = span === null ? {} : { range: { offset: span.offset, length: span.length } };
  const read = async (): Promise<Uint8Array<ArrayBuffer> | null> => {
    const found = await bucket.get(name, range);
    return found === null ? null : new Uint8Array(await found.arrayBuffer());
  };
  return read().catch((cause: unknown) => {
    // Thrown on, as something that says when to come back.
    throw new ArchiveError(cause);
  });
}

/** The bucket, where what the database tells of is to be read. */
export function openArchive({ archive }: { readonly archive?: Bucket | undefined }): Bucket {
  if (archive !== undefined) return archive;
  throw new ArchiveError(new Error("history is in the archive, and there is no binding ARCHIVE"));
}

const Metadata = z.object({ directory: z.coerce.number().int().min(1) });

/** Reads the directory that a volume has of its own; null where there is none of this name. */
export async function readOwnDirectory(bucket: Bucket, name: string): Promise<string | null> {
  const head = await bucket.head(name);
  if (head === null) return null;
  const { directory: length } = Metadata.parse(head.customMetadata);
  const bytes = await readVolume(bucket, name, { offset: head.size - length, length });
  return bytes === null
    ? null
    : new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
}

/** Lists volumes of a channel in the order of their names, after one of them. */
export async function listVolumes(
  bucket: Bucket,
  channel: number,
  after: string | null,
  limit: number,
): Promise<{ volumes: readonly ListedVolume[]; hasMore: boolean }> {
  const from = after === null ? {} : { startAfter: after };
  const found = await bucket.list({ prefix: makeChannelPrefix(channel), limit, ...from });
  const volumes = found.objects.map(({ key, uploaded }) => ({
    name: key,
    uploadedAt: uploaded.getTime(),
  }));
  return { volumes, hasMore: found.truncated };
}

// R2 deletes a thousand at a time.
const DELETED_AT_ONCE = 1_000;

/** Deletes volumes; those that are gone already are no failure. */
export async function deleteVolumes(bucket: Bucket, names: readonly string[]): Promise<void> {
  for (let at = 0; at < names.length; at += DELETED_AT_ONCE) {
    await bucket.delete(names.slice(at, at + DELETED_AT_ONCE));
  }
}

/** A part of the history that is in the archive, and cannot be read now. */
export class ArchiveError extends RelayError {
  constructor(cause?: unknown) {
    super("unavailable", "A part of the history cannot be read now. Try again.", { cause });
    this.name = "ArchiveError";
  }
}
