import type { DialState } from "../../channel/redial.ts";
import type { LinkFailure } from "../../event/link-failure.ts";
import { parseJson, type Json } from "../../lib/json.ts";
import { explainUnopened, type Opened } from "../../lib/master-keys.ts";
import type { Deployment } from "../../protocols/hook.ts";
import type {
  ProviderAdapter,
  ProviderLink as LinkSpec,
  Renewal,
} from "../../protocols/provider.ts";
import type { HttpExchange, Renewed } from "../../protocols/session.ts";
import type { ProviderRow } from "../../store/journal/providers.ts";
import { dial, performExchange, mayDial } from "./dial.ts";
import type { Hooks } from "./hooks.ts";
import type { OutboundTurns } from "./outbound.ts";

/** The port through which a dial reaches its object. */
export interface ConnectHost {
  /** The turns of all links of the object. */
  readonly turns: OutboundTurns;
  /** The credentials in the clear, or the reason why they cannot be opened. */
  openCredentials(row: ProviderRow): Promise<Opened>;
  /** Keeps renewed credentials, and resolves once they are on disk. */
  saveCredentials(row: ProviderRow, credentials: Json): Promise<void>;
  readonly isPrivateAllowed: boolean;
  readonly hooks: Pick<Hooks, "heard">;
  deployment(names: readonly string[]): Deployment;
}

/**
 * The outcome of connecting. `spec` is what was dialled with, as far as it got; `renewed`: with new
 * credentials.
 */
export interface Connected {
  readonly spec: LinkSpec | null;
  readonly renewed: boolean;
  readonly outcome:
    /** `socket`: null where the provider is none that is dialled. */
    | { readonly type: "open"; readonly socket: WebSocket | null }
    | { readonly type: "fault"; readonly fault: LinkFailure };
}

/**
 * Dials a provider once: opens the credentials, renews them where they have run out or were refused
 * the last time, and asks for the socket, where there is one. Never throws.
 */
export async function connect(
  host: ConnectHost,
  row: ProviderRow,
  adapter: ProviderAdapter,
  state: DialState,
  handOver: string | null,
): Promise<Connected> {
  const opened = await host.openCredentials(row);
  if (!opened.ok) return makeFault(null, false, judgeUnopened(opened));
  const spec = readSpec(host, row, adapter, opened.text, handOver);
  if (spec === null) return makeFault(null, false, judgeUnopened({ missing: null }));
  const isBarred = (url: string): boolean => isBarredFor(host, row, url);
  if (row.url !== null && isBarred(row.url)) return makeFault(spec, false, PRIVATE_ADDRESS);
  const fresh = await renewWhereDue(host, row, adapter, state, spec, isBarred);
  if (fresh.fault !== null) return makeFault(spec, false, fresh.fault);
  const request = adapter.dial?.(fresh.spec);
  if (request === undefined) return { ...fresh, outcome: { type: "open", socket: null } };
  if (isBarred(request.url)) return makeFault(fresh.spec, fresh.renewed, PRIVATE_ADDRESS);
  const answer = await dial(request);
  switch (answer.type) {
    case "socket":
      return { ...fresh, outcome: { type: "open", socket: answer.socket } };
    case "refused":
      return makeFault(fresh.spec, fresh.renewed, adapter.refused(answer.refusal));
    case "unreachable":
      return makeFault(fresh.spec, fresh.renewed, {
        ...UNREACHABLE,
        detail: `The provider ${answer.detail}.`,
      });
  }
}

function readSpec(
  host: ConnectHost,
  row: ProviderRow,
  adapter: ProviderAdapter,
  opened: string,
  handOver: string | null,
): LinkSpec | null {
  const credentials = parseJson(opened);
  if (!credentials.ok) return null;
  return {
    dialId: crypto.randomUUID(),
    providerId: row.id,
    url: row.url,
    target: row.target,
    credentials: credentials.value as Json,
    handOver,
    deployment: host.deployment(adapter.deployment?.names ?? []),
    heard: host.hooks.heard(row.id),
  };
}

async function renewWhereDue(
  host: ConnectHost,
  row: ProviderRow,
  { renewal }: ProviderAdapter,
  state: DialState,
  spec: LinkSpec,
  isBarred: (url: string) => boolean,
): Promise<{ spec: LinkSpec; renewed: boolean; fault: LinkFailure | null }> {
  const wasRefused = state.reason === "token_invalid" && !state.renewed;
  const request = wasRefused ? renewal?.forced(spec) : renewal?.due(spec, Date.now());
  if (renewal === undefined || request == null) return { spec, renewed: false, fault: null };
  const outcome = await performRenewal(host, row, renewal, spec, request, isBarred);
  if (!outcome.ok) return { spec, renewed: false, fault: outcome.failure };
  return { spec: { ...spec, credentials: outcome.credentials }, renewed: true, fault: null };
}

/** Renews a link's credentials, and keeps the new ones. */
async function performRenewal(
  host: ConnectHost,
  row: ProviderRow,
  renewal: Renewal,
  spec: LinkSpec,
  request: HttpExchange,
  isBarred: (url: string) => boolean,
): Promise<Renewed> {
  if (isBarred(request.url)) return { ok: false, failure: PRIVATE_ADDRESS };
  const answer = await performExchange(request);
  if (answer === null) return { ok: false, failure: { ...UNREACHABLE, reason: "renewal_failed" } };
  const outcome = renewal.answered(spec, answer, Date.now());
  // Before anything else: the old refresh token is used up.
  if (outcome.ok) await host.saveCredentials(row, outcome.credentials);
  return outcome;
}

/**
 * Renews the credentials of a link whose socket lives, as `spec` has them. Where others are kept by
 * now, somebody else has renewed them, and those are what came of it. Never throws.
 */
export async function renewInLife(
  host: ConnectHost,
  row: ProviderRow,
  adapter: ProviderAdapter,
  spec: LinkSpec,
): Promise<Renewed> {
  const { renewal } = adapter;
  const opened = await host.openCredentials(row);
  if (!opened.ok) return { ok: false, failure: judgeUnopened(opened) };
  const kept = readSpec(host, row, adapter, opened.text, null);
  if (kept === null) return { ok: false, failure: judgeUnopened({ missing: null }) };
  const { credentials } = kept;
  if (JSON.stringify(credentials) !== JSON.stringify(spec.credentials)) {
    return { ok: true, credentials };
  }
  const request = renewal?.forced(kept) ?? null;
  if (renewal === undefined || request === null) return { ok: false, failure: NOTHING_TO_RENEW };
  return performRenewal(host, row, renewal, kept, request, (url) => isBarredFor(host, row, url));
}

/**
 * An address of our own making is public; one that was set by hand is looked at each time, before
 * anything is said to it.
 */
function isBarredFor(host: ConnectHost, row: ProviderRow, url: string): boolean {
  return row.url !== null && !mayDial(url, host.isPrivateAllowed);
}

function makeFault(spec: LinkSpec | null, renewed: boolean, what: LinkFailure): Connected {
  return { spec, renewed, outcome: { type: "fault", fault: what } };
}

const UNREACHABLE: LinkFailure = {
  remedy: "retry",
  reason: "unreachable",
  detail: "The provider could not be reached.",
};

/** A master key that is missing may be given to the relay: then it goes on by itself. */
function judgeUnopened(unopened: { readonly missing: string | null }): LinkFailure {
  return {
    remedy: unopened.missing === null ? "stop" : "slow",
    reason: "credentials_unreadable",
    detail: `The stored credentials cannot be opened. ${explainUnopened(unopened)}`,
  };
}

const NOTHING_TO_RENEW: LinkFailure = {
  remedy: "stop",
  reason: "token_invalid",
  detail: "The token was refused, and nothing was given to renew it with.",
};

const PRIVATE_ADDRESS: LinkFailure = {
  remedy: "stop",
  reason: "address_refused",
  detail: "The address is private, and this relay dials public ones only.",
};
