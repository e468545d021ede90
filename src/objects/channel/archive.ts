import { z } from "zod";

import type { NextShelving } from "../../channel/shelving.ts";
import { within } from "../../deadline.ts";
import type { Erasure } from "../../event/erasure.ts";
import { report } from "../../report.ts";
import type { PackedBlock } from "../../store/history/block.ts";
import {
  deleteVolumes,
  listVolumes,
  makeVolumeName,
  openArchive,
  putVolume,
  type VolumeOwner,
} from "../../store/history/bucket.ts";
import { eraseInVolume } from "../../store/history/erasing-volumes.ts";
import type { Look, Reach } from "../../store/history/erasing.ts";
import type { Queries } from "../../store/history/queries.ts";
import {
  findShelvable,
  readBlocks,
  readVolumeBlocks,
  trimBlocks,
} from "../../store/history/shelving.ts";
import { listStrays, settleStray } from "../../store/history/strays.ts";
import { findOldestVolume, type Volume } from "../../store/history/volume-rows.ts";
import { packVolume } from "../../store/history/volume.ts";
import {
  beginTurn,
  dropVolume,
  findTurn,
  replaceVolume,
  shelveBlocks,
  type Turn,
} from "../../store/history/volumes.ts";
import { dropMeta, readMeta, writeMeta } from "../../store/object/meta.ts";

// Names that one look at the bucket lists, and volumes without a row that it sees to.
const LISTED = 500;
const SEEN_TO = 20;

// Volumes that one run of retention takes away.
const DROPPED_A_RUN = 20;

// What has not been answered by then will not be; nothing else of history is written meanwhile.
const ASK_MS = 60_000;

// To replace a volume's row, and its types.
const REPLACE_STATEMENTS = 3;

/** `archive`: something was begun in the bucket; after which name it is to be looked through. */
const DoubtMark = z.object({ after: z.string().nullable() });

/** The channel, as far as its archive needs it. */
export interface ArchivePort {
  readonly storage: DurableObjectStorage;
  readonly channel: VolumeOwner;
  /** How many blocks a volume has at most; `VOLUME_BLOCKS` where nothing is said. */
  readonly volumeBlocks?: number | undefined;
  /** The channel is gone: what storage holds by now may be another one's. */
  isStopped(): boolean;
}

/**
 * A channel's volumes: made, made anew and taken away, by this object only, one after the other. A
 * volume is there before a row names it, and goes when none does any more. That something of the kind
 * is under way is written down first: an object that is lost in the middle looks through the bucket
 * and takes away what no row names.
 */
export class ChannelArchive {
  readonly #port: ArchivePort;

  constructor(port: ArchivePort) {
    this.#port = port;
  }

  /** Was something begun whose end is not known? */
  get isInDoubt(): boolean {
    return readMeta(this.#port.storage.sql, "archive", DoubtMark) !== null;
  }

  /** Notes that the bucket may hold something else than the database tells of. */
  doubt(): void {
    if (!this.isInDoubt) writeMeta(this.#port.storage.sql, "archive", { after: null });
  }

  /** Puts the oldest blocks away that were recorded before a time, as one volume. */
  async shelve(db: Queries, before: number): Promise<NextShelving> {
    const { number } = this.#port.channel;
    const next = await ask(findShelvable(db, number, before, this.#port.volumeBlocks));
    if (next.kind === "nothing") return "nothing";
    if (next.kind === "young") return { lastAt: next.lastAt };
    const blocks = await ask(readBlocks(db, number, next.firsts));
    if (blocks.length !== next.firsts.length) throw new Error("a block is gone");
    const volume = await packVolume(blocks);
    await this.#surely(db, async (turn) => {
      const name = makeVolumeName(this.#port.channel, volume.first, crypto.randomUUID());
      await ask(putVolume(openArchive(db), name, volume));
      if (this.#port.isStopped()) return;
      await ask(shelveBlocks(db, turn, name, volume, next.found));
    });
    return "more";
  }

  /** Writes a volume anew with these blocks; the old one goes once nothing names it any more. */
  async replace(db: Queries, before: Volume, blocks: readonly PackedBlock[]): Promise<void> {
    const volume = await packVolume(blocks);
    await this.#surely(db, async (turn) => {
      const name = makeVolumeName(this.#port.channel, volume.first, crypto.randomUUID());
      await ask(putVolume(openArchive(db), name, volume));
      if (this.#port.isStopped()) return;
      await ask(replaceVolume(db, turn, before, name, volume));
      await ask(deleteVolumes(openArchive(db), [before.name]));
    });
  }

  /**
   * Takes away what was recorded before a time: whole volumes, and then what is too old in the oldest
   * that is left. Its row goes first: no reader is to find a row without its volume. Answers whether
   * there is more.
   */
  async prune(db: Queries, time: number): Promise<boolean> {
    const { number } = this.#port.channel;
    const isEmpty = (await ask(findOldestVolume(db, number))) === null;
    if (isEmpty && (await ask(findTurn(db, number))).turn === 0) return false;
    // Seen to now and then, whatever is known: what was sent may have come later than it was waited for.
    this.doubt();
    for (let dropped = 0; dropped < DROPPED_A_RUN; dropped++) {
      if (this.#port.isStopped()) return false;
      const oldest = await ask(findOldestVolume(db, number));
      if (oldest === null || oldest.firstAt >= time) return false;
      if (oldest.lastAt >= time) {
        await this.#trim(db, oldest, time);
        return false;
      }
      await this.#surely(db, async (turn) => {
        await ask(dropVolume(db, turn, oldest));
        await ask(deleteVolumes(openArchive(db), [oldest.name]));
      });
    }
    return true;
  }

  /**
   * Makes tombstones of what erasures reach in the newest volume of a part of history; see
   * `eraseInHistory`.
   */
  async erase(db: Queries, erasures: readonly Erasure[], reach: Reach): Promise<Look> {
    const { number } = this.#port.channel;
    const { change, ...look } = await ask(eraseInVolume(db, number, erasures, reach)).catch(
      (error: unknown) => {
        // Thrown on. A row may tell of what is not there: that is looked for before the next try.
        this.doubt();
        throw error;
      },
    );
    if (change === null) return look;
    await this.replace(db, change.before, change.blocks);
    return { ...look, statements: look.statements + REPLACE_STATEMENTS };
  }

  async #trim(db: Queries, volume: Volume, time: number): Promise<void> {
    const blocks = await ask(readVolumeBlocks(db, volume));
    if (blocks === null) throw new Error("a volume is gone");
    await this.replace(db, volume, await trimBlocks(blocks, time));
  }

  /**
   * Looks through a part of the bucket for what was begun and not ended: volumes that no row names.
   * Answers whether there is more to look through.
   */
  async sweep(db: Queries, now: number): Promise<boolean> {
    const { storage, channel } = this.#port;
    const mark = readMeta(storage.sql, "archive", DoubtMark);
    if (mark === null) return false;
    // Without a bucket and without a row that tells of one there is nothing to look through.
    if (db.archive === undefined && (await ask(findOldestVolume(db, channel.number))) === null) {
      dropMeta(storage.sql, "archive");
      return false;
    }
    const bucket = openArchive(db);
    // What is not named now is not named later by what comes late.
    const turn = await ask(beginTurn(db, channel.number));
    const listed = await ask(listVolumes(bucket, channel.number, mark.after, LISTED));
    const strays = await ask(listStrays(db, channel, listed.volumes));
    for (const stray of strays.slice(0, SEEN_TO)) {
      const healed = await ask(settleStray(db, { ...channel, ...turn }, stray, now));
      if (healed !== null) {
        const cause = new Error("the database was restored");
        report("a volume was found under another name", cause, {
          channel: channel.number,
          seq: healed,
        });
      }
    }
    if (this.#port.isStopped()) return false;
    const cut = strays.length > SEEN_TO ? strays[SEEN_TO - 1] : undefined;
    const last = cut ?? listed.volumes.at(-1);
    const hasMore = cut !== undefined || (listed.hasMore && last !== undefined);
    if (hasMore) writeMeta(storage.sql, "archive", { after: last?.name ?? null });
    else dropMeta(storage.sql, "archive");
    return hasMore;
  }

  /** Notes what is begun, and that it has ended; the one before the other, whatever comes between. */
  async #surely(db: Queries, work: (turn: Turn) => Promise<void>): Promise<void> {
    const { storage } = this.#port;
    const wasInDoubt = this.isInDoubt;
    this.doubt();
    await storage.sync();
    await work(await ask(findTurn(db, this.#port.channel.number)));
    if (!wasInDoubt && !this.#port.isStopped()) dropMeta(storage.sql, "archive");
  }
}

function ask<T>(question: Promise<T>): Promise<T> {
  return within(ASK_MS, question);
}
