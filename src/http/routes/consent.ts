import { Hono, type Context } from "hono";
import { z } from "zod";

import type { Consent, ConsentOutcome } from "../../calls/authorization.ts";
import { decodeJson } from "../../lib/json.ts";
import { openSealed, readMasterKeys } from "../../lib/master-keys.ts";
import { report } from "../../report.ts";
import { findChannel } from "../../store/history/channels.ts";
import { getChannelObject } from "../access.ts";
import { makeConsentPage, type ConsentPage } from "../consent-pages.ts";
import type { AppEnv } from "../env.ts";

/** The address that providers send somebody back to. */
export const CALLBACK_PATH = "/oauth/callback";

const State = z.object({ channel: z.string(), id: z.string() });

// A provider's texts are short; whoever sends more is none.
const TEXT_MAX = 4096;

/** The one page that somebody sees who comes back from a provider. */
export const consentRoutes = new Hono<AppEnv>();

consentRoutes.get(CALLBACK_PATH, async (c) => {
  // A code is taken once: whoever asks for the headers alone has not come back.
  const page = c.req.method === "HEAD" ? PAGES.unreadable : await takeConsent(c);
  const { html, headers } = makeConsentPage(page);
  return c.body(html, page.status, headers);
});

async function takeConsent(c: Context<AppEnv>): Promise<ConsentPage> {
  const { state = "", code = "", error = "" } = c.req.query();
  const isShort = [state, code, error].every(({ length }) => length <= TEXT_MAX);
  const consent: Consent | null = error !== "" ? { error } : code !== "" ? { code } : null;
  if (!isShort || consent === null) return PAGES.unreadable;
  const opened = await openSealed(readMasterKeys(c.env), "authorization", "state", state);
  const read = opened.ok ? decodeJson(State, opened.text) : null;
  if (read?.ok !== true) return PAGES.unreadable;
  try {
    const channel = await findChannel(c.env.DB.withSession(), read.value.channel);
    if (channel === null) return PAGES.gone;
    const object = getChannelObject(c, channel);
    const outcome = await object.finishAuthorization(read.value.id, consent);
    return outcome === null ? PAGES.gone : describeOutcome(outcome);
  } catch (failure) {
    report("consent not taken", failure);
    return PAGES.away;
  }
}

function describeOutcome({
  status,
  reason,
  detail,
  redirectUri,
  isTaken,
}: ConsentOutcome): ConsentPage {
  if (!isTaken && status !== "expired") return PAGES.used;
  if (status === "done") return PAGES.done;
  const texts = [detail ?? ""];
  if (reason === "code_refused") {
    texts.push(`The application's redirect address has to be exactly ${redirectUri ?? ""}`);
  }
  if (status === "denied") return { status: 403, title: "Not linked", texts, reason };
  const code = status === "expired" ? 410 : 502;
  return { status: code, title: "The log-in came to nothing", texts, reason };
}

const PAGES = {
  done: {
    status: 200,
    title: "Linked",
    texts: ["The account is linked. This page can be closed."],
    reason: null,
  },
  used: {
    status: 409,
    title: "This was used already",
    texts: ["What the provider sent back is taken once. Look at the relay's console how it ended."],
    reason: "consent_used",
  },
  gone: {
    status: 404,
    title: "No such log-in",
    texts: ["It was taken away, or is more than a day old. Begin the log-in again."],
    reason: "authorization_not_found",
  },
  unreadable: {
    status: 400,
    title: "This is not the end of a log-in",
    texts: [
      "Providers send people here who have consented to a log-in that was begun at this relay. What this address was called with is not of one.",
      "Begin the log-in again at the relay, and open the address that it gives.",
    ],
    reason: "state_invalid",
  },
  away: {
    status: 503,
    title: "The relay is busy",
    texts: ["It could not be seen how the log-in ended. Look at the relay's console in a moment."],
    reason: "unavailable",
  },
} as const satisfies Record<string, ConsentPage>;
