import { Hono } from "hono";

import { within } from "../../deadline.ts";
import { report } from "../../report.ts";
import { listDatabases, type HistoryEnv } from "../../store/history/databases.ts";
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
    const state = await findState(c.env);
    return c.text(state, state === "ready" ? 200 : 503);
  });

type State = "ready" | "not migrated" | "away";

/**
 * `not migrated`: a database answers, and its tables are not those of this version. `away`: the relay's
 * own does not answer, or not in time. One of histories may be away: what needs it waits for it.
 */
async function findState(env: HistoryEnv): Promise<State> {
  const asked = [...listDatabases(env).values()].map(findStateOf);
  const [own = "away", ...others] = await Promise.all(asked);
  return own === "ready" && others.includes("not migrated") ? "not migrated" : own;
}

async function findStateOf(db: D1Database): Promise<State> {
  try {
    await within(READY_MS, askIfReady(db));
    return "ready";
  } catch (error) {
    report("database not ready", error);
    return isNotMigrated(error) ? "not migrated" : "away";
  }
}
