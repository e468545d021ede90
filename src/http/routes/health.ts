import { Hono } from "hono";

import { report } from "../../report.ts";
import type { AppEnv } from "../env.ts";

// Whoever asks does so to decide within seconds.
const READY_MS = 1_000;

/** Is it alive; is it ready. Nobody needs a credential to ask, and nobody learns any detail. */
export const healthRoutes = new Hono<AppEnv>()
  .get("/livez", (c) => {
    c.header("cache-control", "no-store");
    return c.text("ok");
  })
  .get("/readyz", async (c) => {
    c.header("cache-control", "no-store");
    const isReady = await answersInTime(c.env.DB);
    return isReady ? c.text("ready") : c.text("not ready", 503);
  });

/** Does the database answer a question about a table that must be there? */
async function answersInTime(db: D1Database): Promise<boolean> {
  const question = db
    .prepare("SELECT 1 FROM channels LIMIT 1")
    .all()
    .then(() => true)
    .catch((error: unknown) => {
      report("database not ready", error);
      return false;
    });
  const late = new Promise<false>((resolve) => {
    setTimeout(() => resolve(false), READY_MS);
  });
  return Promise.race([question, late]);
}
