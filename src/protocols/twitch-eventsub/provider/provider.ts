import type { SocketProviderAdapter } from "../../provider.ts";
import {
  ABOUT_CREDENTIALS,
  AccountCredentials,
  listSecrets,
  readAccount,
  readRefusal,
  renewal,
  Target,
} from "../../twitch-account.ts";
import { makeDeviceLogIn } from "../../twitch-log-in.ts";
import { sending } from "../../twitch-sending.ts";
import { askForKeepalive, DEFAULT_URL } from "../wire/frames.ts";
import { nameConnection } from "./connection.ts";
import { readClosing } from "./failures.ts";
import { openSession } from "./session.ts";
import { readHandOver } from "./state.ts";
import { readPlace } from "./token.ts";
import { LOG_IN_SCOPES } from "./wanted.ts";

const Credentials = AccountCredentials.describe(ABOUT_CREDENTIALS);

/** Dials Twitch's EventSub and hears all that a token may hear of one channel. */
export const provider: SocketProviderAdapter = {
  protocol: "twitch-eventsub",
  Target,
  Credentials,
  defaultUrl: DEFAULT_URL,
  claims: (target) => [nameConnection(Target.parse(target).channel)],
  secrets: listSecrets,
  dial({ url, handOver }) {
    const address = readHandOver(handOver)?.address;
    const isKnown = address !== undefined && isTwitchs(url, address);
    return { url: isKnown ? address : askForKeepalive(url ?? DEFAULT_URL), protocols: [] };
  },
  open({ providerId, url, target, credentials, handOver, place }) {
    const left = readHandOver(handOver);
    const account = readAccount(credentials);
    if (account === null) throw new Error("credentials without an account");
    const { channel } = Target.parse(target);
    return openSession({
      providerId,
      url,
      channel,
      account,
      knownId: readPlace(place, channel),
      handOver: left !== null && isTwitchs(url, left.address) ? left : null,
    });
  },
  sending,
  refused: readRefusal,
  closed: readClosing,
  renewal,
  logIn: makeDeviceLogIn(LOG_IN_SCOPES),
};

/**
 * May an address that came in a frame be dialled? With an address of its own, whoever set that has to
 * allow it.
 */
function isTwitchs(url: string | null, address: string): boolean {
  if (url !== null) return true;
  const { protocol, hostname } = new URL(address);
  return protocol === "wss:" && hostname.endsWith(".twitch.tv");
}
