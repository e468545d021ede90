import type { z } from "zod";

import type {
  AuthorizationInput,
  AuthorizationRefusal,
  AuthorizationView,
  Consent,
  ConsentOutcome,
} from "../../calls/authorization.ts";
import type { ProviderRefusal, ProviderView } from "../../calls/provider.ts";
import {
  CONSENT_MS,
  stepAuthorization,
  type AuthorizationInput as StepInput,
} from "../../channel/authorization.ts";
import { grant, type Answer } from "../../event/answer.ts";
import type { Principal } from "../../event/principal.ts";
import type { Json } from "../../lib/json.ts";
import type { MasterKeys } from "../../lib/master-keys.ts";
import { formatTime } from "../../lib/time.ts";
import { findProviderAdapter } from "../../protocols/registry.ts";
import {
  dropAuthorizations,
  listAuthorizations,
  putAuthorization,
  type KeptAuthorization,
} from "../../store/journal/authorizations.ts";
import { findMade, putMade } from "../../store/object/requests.ts";
import { exchangeCode, openClient, sealClient, sealState } from "../providers/log-in.ts";
import type { Providers } from "../providers/providers.ts";
import { AuthorizationRow, readInput } from "./authorization-input.ts";
import type { ChannelPort } from "./ports.ts";

type Kept = KeptAuthorization<z.infer<typeof AuthorizationRow>>;

/** The rest of the object, as far as log-ins need it. */
export interface AuthorizationHost extends Pick<ChannelPort, "storage" | "channel" | "authority"> {
  readonly providers: Pick<Providers, "add" | "change" | "find">;
}

/** The settings that log-ins go by. */
interface Settings {
  readonly keys: MasterKeys;
  readonly isPrivateAllowed: boolean;
}

// Of so many the oldest goes for the next.
const KEPT_MAX = 20;
const FORGOTTEN_MS = 86_400_000;

/** The log-ins of a channel with its providers. They are on disk; nothing of them is in memory. */
export class Authorizations {
  readonly #host: AuthorizationHost;
  readonly #settings: Settings;

  constructor(host: AuthorizationHost, settings: Settings) {
    this.#host = host;
    this.#settings = settings;
  }

  /** Begins one; the same request within a day begins no other. */
  async begin(
    principal: Principal,
    input: AuthorizationInput,
    redirectUri: string,
    request: string | null,
  ): Promise<Answer<AuthorizationView, AuthorizationRefusal>> {
    const { sql } = this.#host.storage;
    const read = readInput(input, this.#host.providers, this.#settings.isPrivateAllowed);
    if (!read.ok) return read;
    const id = `a_${crypto.randomUUID().replaceAll("-", "").slice(0, 20)}`;
    const secrets = await sealClient(this.#settings.keys, id, read.value.client);
    const known = this.#find(findMade(sql, request) ?? "");
    if (known !== null) return grant(await this.#view(known));
    const now = Date.now();
    const { client: _client, ...link } = read.value;
    const expiresAt = now + CONSENT_MS;
    const state = { status: "pending" } as const;
    const row = { ...link, redirectUri, principal, expiresAt, state };
    const kept = { id, createdAt: now, row, secrets };
    this.#tidy(now);
    putAuthorization(sql, kept);
    putMade(sql, request, id, now);
    return grant(await this.#view(kept));
  }

  list(): Promise<AuthorizationView[]> {
    return Promise.all(this.#list().map((each) => this.#view(each)));
  }

  async find(id: string): Promise<AuthorizationView | null> {
    const kept = this.#find(id);
    return kept === null ? null : this.#view(kept);
  }

  /** Takes one away, whatever has become of it. */
  drop(id: string): boolean {
    const kept = this.#find(id);
    if (kept !== null) dropAuthorizations(this.#host.storage.sql, [id]);
    return kept !== null;
  }

  /** Takes what a provider sent somebody back with; resolves once it has come to something. */
  async finish(id: string, consent: Consent): Promise<ConsentOutcome | null> {
    const kept = this.#find(id);
    if (kept === null) return null;
    const at = Date.now();
    const isTaken = kept.row.state.status === "pending";
    const input: StepInput =
      "code" in consent
        ? { type: "code-received", code: consent.code, at }
        : { type: "consent-refused", error: consent.error, at };
    const { status, reason, detail, redirectUri } = await this.#view(await this.#step(kept, input));
    return { status, reason, detail, redirectUri, isTaken };
  }

  async #step(kept: Kept, input: StepInput): Promise<Kept> {
    const { state, effects } = stepAuthorization(kept.row.state, kept.row.expiresAt, input);
    const isOver = effects.some(({ type }) => type === "secrets-drop");
    const next = { ...kept, row: { ...kept.row, state }, ...(isOver && { secrets: "" }) };
    // Before anything is done: a code that comes again finds that it was taken. One that was taken
    // away meanwhile does not come back.
    if (state !== kept.row.state && this.#isKept(kept.id)) {
      putAuthorization(this.#host.storage.sql, next);
    }
    for (const effect of effects) {
      if (effect.type === "secrets-drop") continue;
      const result =
        effect.type === "code-exchange"
          ? await this.#exchange(next, effect.code)
          : await this.#link(next, effect.credentials);
      return this.#step(next, result);
    }
    return next;
  }

  async #exchange({ id, row, secrets }: Kept, code: string): Promise<StepInput> {
    const client = await openClient(this.#settings.keys, id, secrets);
    const logIn = findProviderAdapter(row.protocol)?.logIn;
    if (client === null || logIn === undefined) {
      const detail = "What was kept for it cannot be read any more. Begin the log-in again.";
      return { type: "exchange-failed", reason: "client_unreadable", detail };
    }
    if (!this.#mayLink(row.principal)) return REVOKED;
    const { url, redirectUri } = row;
    const { isPrivateAllowed } = this.#settings;
    const outcome = await exchangeCode(logIn, client, { url, redirectUri, code }, isPrivateAllowed);
    if (outcome.ok) return { type: "credentials-received", credentials: outcome.credentials };
    const { reason, detail } = outcome.failure;
    return { type: "exchange-failed", reason, detail };
  }

  async #link({ id, row }: Kept, credentials: Json): Promise<StepInput> {
    if (!this.#isKept(id)) return TAKEN_AWAY;
    if (!this.#mayLink(row.principal)) return REVOKED;
    const { providers } = this.#host;
    const { protocol, target, url, mode, provider } = row;
    const given = { credentials: credentials as Record<string, unknown> };
    const answer: Answer<ProviderView, ProviderRefusal> =
      provider === null
        ? await providers.add({ protocol, target, url, mode, ...given }, null, Date.now())
        : await providers.change(provider, given, null, Date.now());
    return answer.ok
      ? { type: "provider-linked", provider: answer.value.id }
      : { type: "exchange-failed", reason: answer.code, detail: answer.detail };
  }

  #mayLink(principal: Principal): boolean {
    return this.#host.authority.may(principal, "channels:manage");
  }

  async #view(given: Kept): Promise<AuthorizationView> {
    const kept = this.#settle(given);
    const { id, createdAt, row, secrets } = kept;
    const { protocol, url, redirectUri, state, expiresAt } = row;
    const isOpen = state.status === "pending" || state.status === "exchanging";
    const { keys } = this.#settings;
    const client = state.status === "pending" ? await openClient(keys, id, secrets) : null;
    const sealed = await sealState(keys, this.#host.channel.id, id);
    const logIn = findProviderAdapter(protocol)?.logIn;
    const ask = { url, redirectUri, state: sealed };
    return {
      id,
      protocol,
      kind: "code",
      status: isOpen ? "pending" : state.status,
      reason: "reason" in state ? state.reason : null,
      detail: "detail" in state ? state.detail : null,
      authorizeUrl: client === null ? null : (logIn?.makeAddress(client, ask) ?? null),
      redirectUri,
      verificationUri: null,
      userCode: null,
      provider: state.status === "done" ? state.provider : row.provider,
      createdAt: formatTime(createdAt),
      expiresAt: formatTime(expiresAt),
    };
  }

  /** A log-in as it is by now: its time may have passed. */
  #settle(kept: Kept): Kept {
    const input = { type: "time-passed" as const, at: Date.now() };
    const { state } = stepAuthorization(kept.row.state, kept.row.expiresAt, input);
    if (state === kept.row.state) return kept;
    const next = { ...kept, row: { ...kept.row, state }, secrets: "" };
    putAuthorization(this.#host.storage.sql, next);
    return next;
  }

  #tidy(now: number): void {
    const all = this.#list();
    const old = all.filter(({ createdAt }) => createdAt < now - FORGOTTEN_MS);
    const many = all.slice(0, Math.max(0, all.length + 1 - KEPT_MAX));
    const ids = new Set([...old, ...many].map(({ id }) => id));
    dropAuthorizations(this.#host.storage.sql, [...ids]);
  }

  #list(): Kept[] {
    return listAuthorizations(this.#host.storage.sql, AuthorizationRow);
  }

  #find(id: string): Kept | null {
    return this.#list().find((each) => each.id === id) ?? null;
  }

  #isKept(id: string): boolean {
    return this.#find(id) !== null;
  }
}

const REVOKED: StepInput = {
  type: "exchange-failed",
  reason: "forbidden",
  detail: "Whoever began the log-in may not link providers on this channel any more.",
};

const TAKEN_AWAY: StepInput = {
  type: "exchange-failed",
  reason: "authorization_not_found",
  detail: "The log-in was taken away meanwhile. Begin it again.",
};
