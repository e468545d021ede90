import type { Channels, User } from "./channels.ts";
import { blacklistedReason, connectionTexts as texts, unknownTokenReason } from "./wire.ts";

/** What the service's own questions to Twitch would bring to light. */
export interface Findings {
  readonly blacklist: readonly string[];
  /** The tokens that are an application's, with no user behind them. */
  readonly appTokens: readonly string[];
  readonly clientIdError: string | null;
  readonly tokenError: string | null;
  readonly userError: string | null;
  readonly configurationError: string | null;
  readonly isGood: (token: string) => boolean;
}

export interface Credentials {
  readonly clientId: string;
  readonly token: string;
}

/** The checks that need nobody else: they are made, and told, at once. */
export function readCredentials({
  path,
  query,
}: {
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
}): Credentials | { readonly error: string } {
  if (path === "/" && Object.keys(query).length === 0) {
    return { error: texts.queryMissing };
  }
  const read = path === "/" ? query : misread(path, query);
  const { client_id: clientId = "", access_token: token = "" } = read;
  return clientId === "" || token === "" ? { error: texts.credentialMissing } : { clientId, token };
}

/** The first failure is the one that is told. */
export function admit(
  { clientId, token }: Credentials,
  findings: Findings,
  channels: Channels,
): User | { readonly error: string } {
  const { blacklist, appTokens, clientIdError, tokenError, userError, configurationError } =
    findings;
  const clientIdReason = clientIdError ?? (blacklist.includes(clientId) ? blacklistedReason : null);
  if (clientIdReason !== null) {
    return { error: texts.clientIdError + clientIdReason };
  }
  const tokenReason = tokenError ?? (findings.isGood(token) ? null : unknownTokenReason);
  if (tokenReason !== null) {
    return { error: texts.tokenError + tokenReason };
  }
  if (appTokens.includes(token)) {
    return { error: texts.noUser };
  }
  if (userError !== null) {
    return { error: texts.userError + userError };
  }
  return configurationError === null
    ? channels.ownerOf(token)
    : { error: texts.configurationError + configurationError };
}

/**
 * The service cuts the first character of the request's address and takes all the rest for a query:
 * at any path but the root, the first name has the path in front.
 */
function misread(path: string, query: Readonly<Record<string, string>>): Record<string, string> {
  const rest = new URLSearchParams(query).toString();
  const target = path.slice(1) + (rest === "" ? "" : `?${rest}`);
  return Object.fromEntries(new URLSearchParams(target));
}
