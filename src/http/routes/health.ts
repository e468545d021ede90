import { Hono } from "hono";

import { within } from "../../deadline.ts";
import { report } from "../../report.ts";
import { askIfReady } from "../../store/history/ready.ts";
import type { AppEnv } from "../env.ts";

// Load balancers time out after a few seconds.
const READY_MS = 1_000;

/** Is it alive; is it ready. Nobody needs a credential to ask, and nobody learns any detail. */
export const healthRoutes = new Hono<AppEnv>()
  .get("/livez", (c) => {
    c.header("cache-control", "no-store");
    return c.text("ok");
  })
  .get("/readyz", async (c) => {
    c.header("cache-control", "no-store");
    const isReady = await isAnsweredInTime(c.env.DB);
    return isReady ? c.text("ready") : c.text("not ready", 503);
  });

async function isAnsweredInTime(db: D1Database): Promise<boolean> {
  try {
    await within(READY_MS, askIfReady(db));
    return true;
  } catch (error) {
    report("database not ready", error);
    return false;
  }
}
