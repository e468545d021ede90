import type { z } from "zod";

import { decodeOwnJson } from "../../lib/json.ts";
import type { Queries } from "./queries.ts";

/** The note that a part of the relay has made, as `schema`; null if there is nothing of this shape. */
export async function readNote<S extends z.ZodType>(
  db: Queries,
  name: string,
  schema: S,
): Promise<z.infer<S> | null> {
  const row = await db
    .prepare("SELECT note FROM notes WHERE name = ?")
    .bind(name)
    .first<{ note: string }>();
  if (row === null) return null;
  const decoded = decodeOwnJson(schema, row.note);
  return decoded.ok ? decoded.value : null;
}

export async function saveNote(db: Queries, name: string, note: unknown): Promise<void> {
  await db
    .prepare("INSERT INTO notes (name, note) VALUES (?1, ?2) ON CONFLICT DO UPDATE SET note = ?2")
    .bind(name, JSON.stringify(note))
    .run();
}
