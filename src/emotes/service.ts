import { z } from "zod";

import { lookUp } from "../lib/json.ts";

/** The services whose emotes are no platform's own. Of two emotes of one name the first one's wins. */
export const EmoteService = z.enum(["7tv", "bttv", "ffz"]);
export type EmoteService = z.infer<typeof EmoteService>;

/** The platforms whose accounts a service has lists for. */
export const EmotePlatform = z.enum(["twitch", "youtube", "kick"]);
export type EmotePlatform = z.infer<typeof EmotePlatform>;

// As the platforms number their accounts: what goes into an address of a service is of this form.
const NUMBER = /^\d{1,20}$/;
const IDS: Readonly<Record<EmotePlatform, RegExp>> = {
  twitch: NUMBER,
  youtube: /^UC[\w-]{10,40}$/,
  kick: NUMBER,
};

/** The ids of accounts, as a query has them: one a platform. */
export const accountParameters = {
  twitch: z.string().regex(IDS.twitch, "is no Twitch user id").optional(),
  youtube: z.string().regex(IDS.youtube, "is no YouTube channel id").optional(),
  kick: z.string().regex(IDS.kick, "is no Kick user id").optional(),
};

/** An account on a platform, by the platform's own id. */
export interface EmoteAccount {
  readonly platform: EmotePlatform;
  readonly id: string;
}

/** The most accounts of a channel that are asked for: each is a request to every service. */
export const ACCOUNTS_MAX = 4;

/** A connection, as far as it says whose stream it is. */
interface Connected {
  readonly platform: string;
  readonly target: { readonly id?: string | undefined } | null;
}

/** The accounts that a channel's connections name, each once, in the order of the connections. */
export function findAccounts(connections: readonly Connected[]): EmoteAccount[] {
  const found = connections.flatMap(({ platform, target }) => {
    const id = target?.id ?? "";
    const known = EmotePlatform.safeParse(platform);
    return known.success && IDS[known.data].test(id) ? [{ platform: known.data, id }] : [];
  });
  const byName = new Map(found.map((account) => [`${account.platform} ${account.id}`, account]));
  return [...byName.values()].slice(0, ACCOUNTS_MAX);
}

/** One list of a service: an account's, or the one that holds everywhere. */
export interface EmoteSource {
  readonly service: EmoteService;
  /** The account that has it; null for the one that holds everywhere. */
  readonly account: EmoteAccount | null;
  /** The path below the service's root. */
  readonly path: string;
}

interface Addresses {
  readonly root: string;
  readonly everywhere: string;
  /** The path of an account's list, by the platform: `{id}` stands for the account. */
  readonly accounts: Readonly<Record<string, string>>;
}

const ADDRESSES: Readonly<Record<EmoteService, Addresses>> = {
  "7tv": {
    root: "https://7tv.io",
    everywhere: "/v3/emote-sets/global",
    accounts: {
      twitch: "/v3/users/twitch/{id}",
      youtube: "/v3/users/youtube/{id}",
      kick: "/v3/users/kick/{id}",
    },
  },
  bttv: {
    root: "https://api.betterttv.net",
    everywhere: "/3/cached/emotes/global",
    accounts: {
      twitch: "/3/cached/users/twitch/{id}",
      youtube: "/3/cached/users/youtube/{id}",
    },
  },
  ffz: {
    root: "https://api.frankerfacez.com",
    everywhere: "/v1/set/global",
    accounts: { twitch: "/v1/room/id/{id}", youtube: "/v1/room/yt/{id}" },
  },
};

/**
 * The address of a service's root. `elsewhere`: where all three are instead, each under its own
 * name; empty for where they really are.
 */
export function findRoot(service: EmoteService, elsewhere: string): string {
  if (elsewhere === "") return ADDRESSES[service].root;
  return `${elsewhere.replace(/\/+$/, "")}/${service}`;
}

/** The lists that a service has for a channel: of two with the same name the first one's emote wins. */
export function listSources(
  service: EmoteService,
  accounts: readonly EmoteAccount[],
): EmoteSource[] {
  const { everywhere, accounts: paths } = ADDRESSES[service];
  const own = accounts.flatMap((account) => {
    const path = lookUp(paths, account.platform);
    if (path === undefined) return [];
    return [{ service, account, path: path.replace("{id}", encodeURIComponent(account.id)) }];
  });
  return [...own, { service, account: null, path: everywhere }];
}
