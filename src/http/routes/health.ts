import { Hono } from "hono";

import { within } from "../../deadline.ts";
import { report } from "../../report.ts";
import { askIfReady, isNotMigrated } from "../../store/history/ready.ts";
import type { AppEnv } from "../env.ts";

// Load balancers time out after a few seconds.
const READY_MS = 1_000;

/** Is it alive; is it ready. Nobody needs a credential to ask, and nobody learns more than a word. */
export const healthRoutes = new Hono<AppEnv>()
  .get("/livez", (c) => {
    c.header("cache-control", "no-store");
    return c.text("ok");
  })
  .get("/readyz", async (c) => {
    c.header("cache-control", "no-store");
    const state = await findState(c.env.DB);
    return c.text(state, state === "ready" ? 200 : 503);
  });

/**
 * `not migrated`: the database answers, and its tables are not those of this version. `away`: it does
 * not answer, or not in time.
 */
async function findState(db: D1Database): Promise<"ready" | "not migrated" | "away"> {
  try {
    await within(READY_MS, askIfReady(db));
    return "ready";
  } catch (error) {
    report("database not ready", error);
    return isNotMigrated(error) ? "not migrated" : "away";
  }
}
