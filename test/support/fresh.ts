import { applyD1Migrations, reset } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { inject, vi } from "vitest";

/*
 * A file of tests shares its runtime with those before it, and nothing else: their objects, alarms
 * and rows are gone, and what they put in the place of a method, a binding or a setting is what it
 * was.
 */
const BINDINGS = Symbol.for("tributary.bindings");
const shared = globalThis as { [BINDINGS]?: Env };
shared[BINDINGS] ??= { ...env };
vi.restoreAllMocks();
vi.useRealTimers();
for (const name of Object.keys(env)) {
  if (!(name in shared[BINDINGS])) Reflect.deleteProperty(env, name);
}
Object.assign(env, shared[BINDINGS]);
await reset();
await applyD1Migrations(env.DB, inject("migrations"));
