import { applyD1Migrations } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { inject } from "vitest";

/** Databases that the relay of the tests has no use for, until they are bound as further ones. */
export const SPARES = env as unknown as {
  readonly SPARE_1: D1Database;
  readonly SPARE_2: D1Database;
};

/** Binds further databases for histories, with their tables, as a deploy would. */
export async function bindDatabases(bindings: Readonly<Record<string, D1Database>>): Promise<void> {
  for (const db of Object.values(bindings)) await applyD1Migrations(db, inject("migrations"));
  Object.assign(env, bindings);
}

/** Takes the bindings away; what is in the databases stays. */
export function unbindDatabases(): void {
  for (const name of Object.keys(env)) {
    if (name.startsWith("HISTORY_")) Reflect.deleteProperty(env, name);
  }
}
