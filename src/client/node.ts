/**
 * Places kept in a file, for programs that are killed.
 *
 * @module
 */
import { mkdir, open, readFile, rename } from "node:fs/promises";
import { dirname } from "node:path";

import type { Position } from "./event-types.ts";
import { epochOf, isAfter } from "./place.ts";
import type { PositionStore } from "./types.ts";

/**
 * Keeps places in a file of JSON: written beside it, flushed and renamed, so that it is whole whenever
 * the program ends. One program to a file.
 */
export function filePositions(path: string): PositionStore {
  let places: Promise<Map<string, Position>> | null = null;
  let writing: Promise<void> = Promise.resolve();
  let isWaiting = false;

  const write = async (): Promise<void> => {
    isWaiting = false;
    const text = JSON.stringify(Object.fromEntries((await places) ?? []));
    await mkdir(dirname(path), { recursive: true });
    const beside = `${path}.new`;
    const file = await open(beside, "w");
    try {
      await file.writeFile(`${text}\n`);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(beside, path);
  };

  return {
    async load(name) {
      places ??= readPlaces(path);
      return (await places).get(name) ?? null;
    },
    async save(name, position) {
      places ??= readPlaces(path);
      const known = await places;
      const kept = known.get(name);
      const isBehind =
        kept !== undefined && epochOf(kept) === epochOf(position) && !isAfter(position, kept);
      if (isBehind) return;
      known.set(name, position);
      // What waits to be written takes this one along.
      if (!isWaiting) {
        isWaiting = true;
        const before = writing.catch(() => {
          // Whoever saved then was told.
        });
        writing = before.then(write);
      }
      await writing;
    },
  };
}

async function readPlaces(path: string): Promise<Map<string, Position>> {
  let text: string;
  try {
    text = await readFile(path, "utf8");
  } catch (error) {
    // There is none before the first place is kept.
    if ((error as { code?: string }).code === "ENOENT") return new Map();
    throw error;
  }
  return new Map(Object.entries(JSON.parse(text) as Record<string, Position>));
}
