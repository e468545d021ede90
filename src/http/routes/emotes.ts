import { OpenAPIHono } from "@hono/zod-openapi";
import type { Context } from "hono";

import { joinLists, type JoinedList } from "../../emotes/join.ts";
import { findAccounts, EmotePlatform, type EmoteAccount } from "../../emotes/service.ts";
import { RelayError } from "../../errors.ts";
import { isPublicHost } from "../../lib/address.ts";
import { computeFingerprint } from "../../lib/fingerprint.ts";
import { findPrincipal, getChannel, getChannelObject } from "../access.ts";
import { describeHeader } from "../describe.ts";
import { findLists } from "../emotes/lists.ts";
import type { AppEnv } from "../env.ts";
import { hasCurrent } from "../preconditions.ts";
import { describeJsonAnswer, respondJsonText, route } from "../route.ts";
import { ChannelParams } from "../schemas/common.ts";
import { Emotes, EmotesQuery } from "../schemas/emotes.ts";
import { onInvalid } from "../validation.ts";

// A page asks every ten minutes. What is not whole may be so a moment later.
const WHOLE_SECONDS = 300;
const PART_SECONDS = 30;

/** The emotes that a channel's viewers know from 7TV, BTTV and FFZ. */
export const emoteRoutes = new OpenAPIHono<AppEnv>({ defaultHook: onInvalid });

emoteRoutes.openapi(
  route(
    { scope: "events:read", on: "channel" },
    {
      method: "get",
      path: "/channels/{channel}/emotes",
      operationId: "getEmotes",
      isTagged: true,
      tags: ["Channels"],
      summary: "Read a channel's emotes of 7TV, BTTV and FFZ",
      description:
        "Joined by name, the first counts: 7TV, BTTV, FFZ, and of each the channel's own before those that hold everywhere. Whose they are is taken from the channel's connections to Twitch, YouTube and Kick. The services are asked once in ten minutes; one that is away is told in `missing` or `stale`, and costs the others nothing.",
      request: { params: ChannelParams, query: EmotesQuery },
      responses: {
        200: {
          ...describeJsonAnswer(Emotes, "The emotes, by the words that they stand for"),
          headers: { "cache-control": describeHeader("How long it may be kept, privately.") },
        },
      },
    },
  ),
  async (c) => {
    const { sets, ...named } = c.req.valid("query");
    const accounts = await chooseAccounts(c, named);
    const found = await findLists(sets, accounts, {
      origin: new URL(c.req.url).origin,
      elsewhere: readElsewhere(c.env),
      // A HEAD waits for nothing.
      mayAsk: c.req.method !== "HEAD",
      outlive: (work) => c.executionCtx.waitUntil(work),
    });
    return respond(c, joinLists(found, Date.now()));
  },
);

/** The accounts of the channel's connections, and in the place of each those that are named. */
async function chooseAccounts(
  c: Context<AppEnv>,
  named: Readonly<Partial<Record<EmotePlatform, string | undefined>>>,
): Promise<EmoteAccount[]> {
  const given = EmotePlatform.options.flatMap((platform) => {
    const id = named[platform];
    return id === undefined ? [] : [{ platform, target: { id } }];
  });
  const { kind } = await findPrincipal(c);
  if (given.length > 0 && kind === "anonymous") {
    // Each id that nobody has asked for is three requests to strangers.
    throw new RelayError("unauthorized", "To name an account needs a credential.");
  }
  const connections = await getChannelObject(c, getChannel(c)).connections();
  const others = connections.filter((each) => !given.some((one) => one.platform === each.platform));
  return findAccounts([...given, ...others]);
}

/** The address of the services instead of their own, as the deployment's setting says. */
function readElsewhere({ EMOTES_URL: url = "", ALLOW_PRIVATE_NETWORK: mode }: AppEnv["Bindings"]) {
  if (url === "") return "";
  const { protocol, hostname } = new URL(url);
  const isPublic = protocol === "https:" && isPublicHost(hostname);
  if (isPublic || mode === "on") return url;
  throw new Error("EMOTES_URL must be https: and a public host");
}

function respond(c: Context<AppEnv>, { emotes, fetchedAt, missing, stale }: JoinedList) {
  const isWhole = missing.length === 0 && stale.length === 0;
  c.header("cache-control", `private, max-age=${isWhole ? WHOLE_SECONDS : PART_SECONDS}`);
  c.header("vary", "Authorization", { append: true });
  const rest = { missing, ...(stale.length > 0 && { stale }) };
  // Weak: that the same was fetched anew is nothing new.
  const tag = `W/"${computeFingerprint(emotes + JSON.stringify(rest))}"`;
  if (hasCurrent(c, tag)) return respondJsonText(c, Emotes, null);
  const about = JSON.stringify({ fetchedAt, ...rest });
  return respondJsonText(c, Emotes, `{"emotes":${emotes},${about.slice(1)}`);
}
