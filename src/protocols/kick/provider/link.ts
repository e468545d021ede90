import { formatConnectionId } from "../../../event/ids.ts";
import { lookUp } from "../../../lib/json.ts";
import type { Deployment } from "../../hook.ts";
import type { Heard } from "../../provider.ts";
import { API_URL, AUTH_URL } from "../wire/frames.ts";

/** The names of the deployment's settings. */
export const SETTINGS = {
  clientId: "KICK_CLIENT_ID",
  clientSecret: "KICK_CLIENT_SECRET",
  apiUrl: "KICK_API_URL",
  authUrl: "KICK_AUTH_URL",
} as const;

/** The deployment's app at Kick. */
export interface App {
  readonly clientId: string;
  readonly clientSecret: string;
}

/** Kick as the deployment reaches it. */
export interface Place {
  /** Null where the deployment has none. */
  readonly app: App | null;
  readonly apiUrl: string;
  readonly authUrl: string;
}

/** The token of an account that writes. */
export interface Account {
  readonly token: string;
  readonly isRenewable: boolean;
}

/** A link to a channel, as its session needs it. */
export interface KickLink extends Place {
  readonly providerId: string;
  /** The slug: the channel's name in its page's address. */
  readonly channel: string;
  /** Without one nothing can be written. */
  readonly account: Account | null;
  /** The account's token has just been renewed: refused again, it is of no use. */
  readonly isRenewed: boolean;
  readonly heard: Heard;
}

export function readPlace(deployment: Deployment): Place {
  const clientId = lookUp(deployment, SETTINGS.clientId);
  const clientSecret = lookUp(deployment, SETTINGS.clientSecret);
  return {
    app: clientId === undefined || clientSecret === undefined ? null : { clientId, clientSecret },
    apiUrl: trimUrl(lookUp(deployment, SETTINGS.apiUrl) ?? API_URL),
    authUrl: trimUrl(lookUp(deployment, SETTINGS.authUrl) ?? AUTH_URL),
  };
}

export function nameConnection(channel: string): string {
  return formatConnectionId("kick", channel);
}

function trimUrl(url: string): string {
  return url.replace(/\/+$/, "");
}
