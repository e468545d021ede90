import { pause } from "../deadline.ts";
import { readBounded } from "../lib/read-bounded.ts";
import { verifyRsaSha256 } from "../lib/signing.ts";
import type { DeliverySignature, Deployment, HookAdapter } from "../protocols/hook.ts";
import { report } from "../report.ts";
import { readHookKey, saveHookKey, takeKeyTurn, type HookKey } from "../store/history/hook-keys.ts";

// Whoever sends what is signed by nobody must not have us ask for a key each time.
const ASK_EVERY_MS = 60_000;

// A key is asked for anew after a day, whether or not it still holds.
const FRESH_MS = 86_400_000;

const ASK_MS = 5_000;
const KEY_MAX_BYTES = 16 * 1024;

// Another request has asked a moment ago: its answer is waited for.
const LOOK_EACH_MS = 100;

/** A provider that tells what happens by requests, as it is verified. */
export interface Hooked {
  readonly protocol: string;
  readonly hook: HookAdapter;
  readonly deployment: Deployment;
  readonly db: D1Database;
  /** Goes on after the answer. */
  readonly later: (work: Promise<unknown>) => void;
}

/**
 * Does a delivery's signature hold? By the key that is kept; where it does not, the provider may have
 * another by now, and is asked at most once a minute.
 */
export async function isSigned(
  hooked: Hooked,
  { signature, prefix }: DeliverySignature,
  body: Uint8Array,
): Promise<boolean> {
  const signed = join(new TextEncoder().encode(prefix), body);
  const now = Date.now();
  const kept = await readHookKey(hooked.db, hooked.protocol, now);
  const holds = (key: string | null): Promise<boolean> =>
    key === null ? Promise.resolve(false) : verifyRsaSha256(key, signature, signed);
  if (kept !== null && ((await holds(kept.key)) || (await holds(kept.previous)))) {
    if (now - kept.fetchedAt >= FRESH_MS) hooked.later(renewKey(hooked, now));
    return true;
  }
  // Whoever sends what is signed by nobody costs no more than this look.
  const isAnswered = kept !== null && kept.fetchedAt >= kept.askedAt;
  if (isAnswered && now - kept.askedAt < ASK_EVERY_MS) return false;
  const fresh = await renewKey(hooked, now);
  return fresh !== (kept?.key ?? null) && (await holds(fresh));
}

/** Asks for the key, unless somebody has a moment ago; answers the one that there is then. */
async function renewKey(
  { protocol, hook, deployment, db }: Hooked,
  now: number,
): Promise<string | null> {
  if (!(await takeKeyTurn(db, protocol, now, ASK_EVERY_MS))) {
    return (await awaitKey(db, protocol, now))?.key ?? null;
  }
  const { url, method, headers } = hook.askKey(deployment);
  try {
    const signal = AbortSignal.timeout(ASK_MS);
    const response = await fetch(url, { method, headers, signal, redirect: "manual" });
    const { text } = await readBounded(response.body, KEY_MAX_BYTES);
    const key = hook.readKey({ status: response.status, body: text });
    if (key === null) throw new Error(`no key in an answer of ${response.status}`);
    await saveHookKey(db, protocol, key, now);
    return key;
  } catch (error) {
    report("hook key not fetched", error, { provider: protocol });
    return null;
  }
}

/** The key, once an answer that was asked for a moment ago is there. */
async function awaitKey(db: D1Database, protocol: string, now: number): Promise<HookKey | null> {
  for (;;) {
    const at = Date.now();
    const kept = await readHookKey(db, protocol, at);
    const isAwaited = kept !== null && kept.fetchedAt < kept.askedAt && at - kept.askedAt < ASK_MS;
    if (!isAwaited || at - now >= ASK_MS) return kept;
    await pause(LOOK_EACH_MS);
  }
}

function join(head: Uint8Array, tail: Uint8Array): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(head.byteLength + tail.byteLength);
  whole.set(head);
  whole.set(tail, head.byteLength);
  return whole;
}
