import { z } from "zod";

import type { AuthorizationInput, AuthorizationRefusal } from "../../calls/authorization.ts";
import { AuthorizationState } from "../../channel/authorization-state.ts";
import { grant, listProblems, refuse, type Answer } from "../../event/answer.ts";
import { Mode } from "../../event/mode.ts";
import { Principal } from "../../event/principal.ts";
import type { Json } from "../../lib/json.ts";
import { readLink } from "../../protocols/link-input.ts";
import type { LogIn, ProviderAdapter } from "../../protocols/provider.ts";
import { findProviderAdapter } from "../../protocols/registry.ts";
import type { Providers } from "../providers/providers.ts";
import type { Settings } from "./authorization-steps.ts";

/** A log-in as it is kept, but for its secrets. */
export const AuthorizationRow = z.object({
  protocol: z.string(),
  target: z.record(z.string(), z.unknown()),
  url: z.string().nullable(),
  mode: Mode.nullable(),
  /** The provider that is to get new credentials; null for a new one. */
  provider: z.string().nullable(),
  redirectUri: z.string(),
  /** The word that somebody is to type, and the page for it; null where nothing is typed. */
  device: z.object({ userCode: z.string(), verificationUri: z.string() }).nullable().default(null),
  /** For whom it is: whoever began it may link providers when it ends, or it comes to nothing. */
  principal: Principal,
  expiresAt: z.number(),
  state: AuthorizationState,
});

/** A log-in that can begin. */
export interface ReadInput extends Pick<
  z.infer<typeof AuthorizationRow>,
  "protocol" | "target" | "url" | "mode" | "provider"
> {
  readonly client: Json;
  readonly logIn: LogIn;
}

/** Reads what is to be linked, before anybody is asked for consent to it. */
export function readInput(
  input: AuthorizationInput,
  providers: Pick<Providers, "find">,
  { isPrivateAllowed, deployment }: Pick<Settings, "isPrivateAllowed" | "deployment">,
): Answer<ReadInput, AuthorizationRefusal> {
  const { protocol, target = {}, mode = null, provider = null } = input;
  const adapter = findProviderAdapter(protocol);
  const { logIn } = adapter ?? {};
  if (adapter === undefined || logIn === undefined) {
    const name = protocol.slice(0, 40);
    const detail = `There is no log-in with ${name}: link it with its credentials.`;
    return refuse("protocol_unknown", detail, [{ pointer: "/protocol", detail }]);
  }
  const why =
    logIn.kind === "code"
      ? logIn.checkDeployment?.(deployment(adapter.deployment?.names ?? []))
      : null;
  if (why != null) return refuse("unavailable", why);
  const linked = provider === null ? null : providers.find(provider);
  if (provider !== null && linked?.protocol !== protocol) {
    return refuse("provider_not_found", "This channel has no such provider of this protocol.");
  }
  // What is linked already goes on where it is: its credentials are for no other host.
  const url = linked === null ? (input.url ?? null) : linked.url;
  return checkInput(
    adapter,
    logIn,
    { ...input, protocol, target, url, mode, provider },
    isPrivateAllowed,
  );
}

function checkInput(
  adapter: ProviderAdapter,
  logIn: LogIn,
  { client, ...link }: Omit<ReadInput, "client" | "logIn"> & Pick<AuthorizationInput, "client">,
  isPrivateAllowed: boolean,
): Answer<ReadInput, AuthorizationRefusal> {
  const wanted = { target: link.target, credentials: null, url: link.url };
  const { problems } =
    link.provider === null ? readLink(adapter, wanted, isPrivateAllowed) : { problems: [] };
  // Whoever consents by a word may leave open what is linked: it is the account's own.
  const isOpen = logIn.kind === "device" && isEmpty(link.target);
  const read = logIn.Client.safeParse(client);
  const all = [
    ...problems.filter(({ pointer }) => !isOpen || pointer?.startsWith("/target") !== true),
    ...(read.success ? [] : listProblems(read.error, "")),
  ];
  if (all.length > 0 || !read.success) {
    return refuse("invalid_input", "There can be no log-in with this.", all);
  }
  const { protocol, target, url, mode, provider } = link;
  return grant({ protocol, target, url, mode, provider, client: read.data as Json, logIn });
}

/** Says whether nothing was said of what is to be linked. */
export function isEmpty(target: object): boolean {
  return Object.keys(target).length === 0;
}
