import { Hono, type Context } from "hono";

import { RelayError } from "../../errors.ts";
import { workThrough } from "../../lib/work-through.ts";
import { pickDeployment, type HeardDelivery } from "../../protocols/hook.ts";
import { findProviderAdapter } from "../../protocols/registry.ts";
import { report } from "../../report.ts";
import type { ChannelRecord } from "../../store/history/channels.ts";
import { listRouted } from "../../store/history/hook-routes.ts";
import { getChannelObject } from "../access.ts";
import type { AppEnv } from "../env.ts";
import { findFrom, limitBody, makeTooMany } from "../guards.ts";
import { isSigned, type Hooked } from "../hook-keys.ts";
import { countRefusal, isRefusedOften } from "../hook-refusals.ts";

// No frame that is longer is read by a session.
const BODY_MAX_BYTES = 256 * 1024;

// Any number of channels may hear one broadcaster: at most so many objects are told at the same time.
const AT_ONCE = 32;

// A provider tries a few times: soon is soon enough.
const COME_BACK_SECONDS = 5;

/**
 * The addresses at which providers tell what happens. A delivery is answered with 200 once what it tells
 * is on disk, is known already, or is for nobody here; with 401 where its signature does not hold, and
 * with 429 where that was so too often. It is never answered with 5xx: after too many of those some
 * providers let go of a subscription, and a delivery that cannot be taken now is asked for again.
 */
export const hookRoutes = new Hono<AppEnv>();

hookRoutes.post("/hooks/:provider", limitBody(BODY_MAX_BYTES), async (c) => {
  const adapter = findProviderAdapter(c.req.param("provider"));
  const hook = adapter?.hook;
  if (adapter === undefined || hook === undefined) {
    throw new RelayError("not_found", "No provider tells of anything at this address.");
  }
  if (isRefusedOften(findFrom(c), Date.now())) throw makeTooMany();
  try {
    const { protocol, deployment } = adapter;
    const heard = await verify(c, {
      protocol,
      hook,
      deployment: pickDeployment(c.env, deployment?.names ?? []),
      db: c.env.DB,
      later: (work) => c.executionCtx.waitUntil(work),
    });
    if (heard !== null) await hand(c, protocol, heard);
    return c.body(null, 200);
  } catch (error) {
    if (error instanceof RelayError && error.code !== "unavailable") throw error;
    report("delivery not taken", error, { provider: adapter.protocol });
    throw new RelayError("delivery_not_taken", "Deliver it again in a moment.", {
      headers: { "retry-after": String(COME_BACK_SECONDS) },
    });
  }
});

/** Reads a delivery whose signature holds; null for one that can be for nobody. */
async function verify(c: Context<AppEnv>, hooked: Hooked): Promise<HeardDelivery | null> {
  const { hook, protocol } = hooked;
  const header = (name: string): string | null => c.req.header(name) ?? null;
  const signature = hook.readSignature(header);
  // The bytes as they came: they are what is signed.
  const body = new Uint8Array(await c.req.arrayBuffer());
  if (signature === null || !(await isSigned(hooked, signature, body))) {
    countRefusal(hooked, findFrom(c), Date.now());
    throw new RelayError("signature_invalid", "The delivery is not signed by the provider's key.");
  }
  const read = hook.read(header, new TextDecoder().decode(body));
  if (read === null) {
    const problem = new Error("it is signed, and says not whose it is");
    report("delivery not read", problem, { provider: protocol });
  }
  return read;
}

/**
 * Hands a delivery to every channel with a link that hears it. Where one of them cannot take it, all the
 * others have it all the same: what is delivered again is no news to them.
 */
async function hand(
  c: Context<AppEnv>,
  protocol: string,
  { key, frame }: HeardDelivery,
): Promise<void> {
  const channels = await findListening(c.env.DB, protocol, key);
  const outcomes = await workThrough(channels, AT_ONCE, async (channel) => {
    try {
      return await getChannelObject(c, channel).hear(channel.number, protocol, key, frame);
    } catch (error) {
      report("delivery not heard", error, { provider: protocol, channel: channel.number });
      return null;
    }
  });
  if (outcomes.includes(null)) throw new RelayError("unavailable", "Not every channel has it.");
}

/** The channels that hear of a key. A copy of the database may not know of a link that has just come. */
async function findListening(
  db: D1Database,
  protocol: string,
  key: string,
): Promise<ChannelRecord[]> {
  const near = await listRouted(db.withSession(), protocol, key);
  return near.length > 0 ? near : listRouted(db.withSession("first-primary"), protocol, key);
}
