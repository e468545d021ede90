import type { Standing } from "../../event/trouble.ts";
import { fromBase64, importHmacKey, signHmacSha256 } from "../../lib/signing.ts";
import { formatTime } from "../../lib/time.ts";
import { report } from "../../report.ts";
import {
  deferAlarm,
  dropAlarms,
  listAlarms,
  settleAlarms,
  type Alarm,
} from "../../store/history/alarms.ts";
import type { OptionalEnv } from "../env.ts";
import type { Run } from "./run.ts";

/*
 * The alarms for whoever operates the relay, at an address of their own: one POST for each trouble that
 * begins and for each that has ended, in their order, signed as webhooks are (Standard Webhooks, `v1`).
 */

// As a webhook's whole attempt; a run is not to wait longer for a stranger.
const POST_MS = 10_000;
const ALARMS_A_RUN = 20;

const RETRY_MS = 60_000;
const RETRY_MAX_MS = 3_600_000;
// What was wrong three days ago is no alarm.
const KEEP_MS = 3 * 86_400_000;

const PREFIX = "whsec_";

/** Is there somebody to be told? */
export function isAlarmSet({ ALARM_WEBHOOK_URL: url = "" }: OptionalEnv): boolean {
  return url !== "";
}

/** Writes what is to be told of a trouble, as a CloudEvents event. */
export function composeAlarm(what: "began" | "ended", standing: Standing, now: number): string {
  const { trouble, since } = standing;
  return JSON.stringify({
    specversion: "1.0",
    id: crypto.randomUUID(),
    source: "/",
    type: `relay.trouble.${what}`,
    time: formatTime(now),
    datacontenttype: "application/json",
    data: { ...trouble, since: formatTime(since) },
  });
}

/** Tells what is still to be told. The first that cannot be holds up the others. */
export async function tellAlarms({ env, now }: Run): Promise<void> {
  if (!isAlarmSet(env)) return;
  const dropped = await dropAlarms(env.DB, now - KEEP_MS);
  if (dropped > 0) report("alarms given up", new Error("too old"), { alarms: dropped });
  let told: Alarm | null = null;
  for (const alarm of await listAlarms(env.DB, ALARMS_A_RUN)) {
    if (alarm.dueAt > now) break;
    try {
      await post(env, alarm.body, now);
    } catch (error) {
      report("alarm could not be told", error, { alarm: alarm.number, tries: alarm.tries + 1 });
      const wait = Math.min(RETRY_MAX_MS, RETRY_MS * 2 ** Math.min(alarm.tries, 10));
      await deferAlarm(env.DB, alarm.number, now + wait);
      break;
    }
    told = alarm;
  }
  if (told !== null) await settleAlarms(env.DB, told.number);
}

async function post(env: OptionalEnv, body: string, now: number): Promise<void> {
  const { ALARM_WEBHOOK_URL: url = "", ALARM_WEBHOOK_SECRET: secret = "" } = env;
  const { id } = JSON.parse(body) as { id: string };
  const timestamp = String(Math.floor(now / 1_000));
  const key = await importHmacKey(readSecret(secret));
  const signature = await signHmacSha256(key, `${id}.${timestamp}.${body}`);
  const response = await fetch(url, {
    method: "POST",
    redirect: "manual",
    signal: AbortSignal.timeout(POST_MS),
    headers: {
      "content-type": "application/cloudevents+json",
      "user-agent": "Tributary-Alarms/1",
      "webhook-id": id,
      "webhook-timestamp": timestamp,
      "webhook-signature": `v1,${signature}`,
    },
    body,
  });
  await response.body?.cancel();
  if (!response.ok) throw new Error(`answered ${response.status}`);
}

/** The secret's bytes. One that cannot be read is no reason to send what nobody can trust. */
function readSecret(secret: string): Uint8Array<ArrayBuffer> {
  if (!secret.startsWith(PREFIX)) throw new Error("ALARM_WEBHOOK_SECRET must be whsec_<base 64>");
  return fromBase64(secret.slice(PREFIX.length));
}
