import type { ChannelCalls } from "./calls/channel.ts";
import type { HubCalls } from "./calls/hub.ts";
import { findObject, type ObjectName } from "./calls/object-names.ts";
import { CHANNEL_REPEATS, HUB_REPEATS, WEBHOOK_REPEATS } from "./calls/repeats.ts";
import type { WebhookCalls, WebhookChannelCalls } from "./calls/webhook.ts";
import { within } from "./deadline.ts";
import { lookUp } from "./lib/json.ts";
import { findLoss } from "./lib/loss.ts";
import { report, type ReportIds } from "./report.ts";

/*
 * The one way to ask an object, for the door and for the other objects. One that was lost in the
 * middle is asked once more, where that can double nothing; whatever else fails is for whoever asks.
 */

/** A channel's object: its calls, and `fetch` for sockets. */
export type ChannelStub = ChannelCalls & WebhookChannelCalls & Pick<Fetcher, "fetch">;

/** A hub: its calls, and `fetch` for sockets. */
export type HubStub = HubCalls & Pick<Fetcher, "fetch">;

// A socket that was lost in the middle of its upgrade is nobody's.
const CHANNEL = { ...CHANNEL_REPEATS, fetch: true };
const HUB = { ...HUB_REPEATS, fetch: true };

/** How long is waited for each call; null where whoever asks has a deadline of its own. */
type CallMs = number | null;

/** The object of a channel, by its name. */
export function reachChannel(
  env: Pick<Env, "CHANNEL">,
  name: ObjectName,
  ms: CallMs = null,
): ChannelStub {
  return reach(
    { object: "channel", name },
    () => findObject<ChannelStub>(env.CHANNEL, name),
    CHANNEL,
    ms,
  );
}

/** A hub, by its name. */
export function reachHub(env: Pick<Env, "HUB">, name: ObjectName, ms: CallMs = null): HubStub {
  return reach({ object: "hub", name }, () => findObject<HubStub>(env.HUB, name), HUB, ms);
}

/** The object of a webhook, by its name. */
export function reachWebhook(
  env: Pick<Env, "WEBHOOK">,
  name: ObjectName,
  ms: CallMs = null,
): WebhookCalls {
  const about = { object: "webhook", name };
  return reach(about, () => findObject<WebhookCalls>(env.WEBHOOK, name), WEBHOOK_REPEATS, ms);
}

interface About {
  readonly object: string;
  readonly name: string;
}

type Ask = (...given: unknown[]) => Promise<unknown>;

/** Makes the calls of an object, each with a stub of its own: after a failure one is of no more use. */
function reach<Calls extends object>(
  about: About,
  getStub: () => Calls,
  repeats: Readonly<Record<string, unknown>>,
  ms: CallMs,
): Calls {
  return new Proxy({} as Calls, {
    get(_none, call) {
      const repeat = typeof call === "string" ? lookUp(repeats, call) : undefined;
      if (typeof call !== "string" || repeat === undefined) return undefined;
      return (...given: unknown[]) => {
        const once = (): Promise<unknown> => {
          const asked = (getStub() as Record<string, Ask>)[call]?.(...given);
          if (asked === undefined) throw new Error(`the object has no call ${call}`);
          return ms === null ? asked : within(ms, asked);
        };
        return askAgain(once, () => mayRepeat(repeat, given), { ...about, call });
      };
    },
  });
}

async function askAgain(
  once: () => Promise<unknown>,
  mayRepeat: () => boolean,
  about: ReportIds,
): Promise<unknown> {
  try {
    return await once();
  } catch (error) {
    const isAgain = findLoss(error) === "restarted" && mayRepeat();
    if (!isAgain) throw error;
    report("object asked once more", error, about);
    return once();
  }
}

function mayRepeat(repeat: unknown, given: readonly unknown[]): boolean {
  return typeof repeat === "function" ? repeat(...given) === true : repeat === true;
}
