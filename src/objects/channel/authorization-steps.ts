import type { ProviderRefusal, ProviderView } from "../../calls/provider.ts";
import type {
  AuthorizationEffect,
  AuthorizationInput as StepInput,
} from "../../channel/authorization-state.ts";
import { stepAuthorization } from "../../channel/authorization.ts";
import type { Answer } from "../../event/answer.ts";
import type { Principal } from "../../event/principal.ts";
import type { Json } from "../../lib/json.ts";
import type { MasterKeys } from "../../lib/master-keys.ts";
import type { Deployment } from "../../protocols/hook.ts";
import type { DeviceLogIn, Renewed } from "../../protocols/provider.ts";
import { findProviderAdapter } from "../../protocols/registry.ts";
import {
  askDevice,
  exchangeCode,
  identify,
  openCodeSecrets,
  openSecrets,
  sealSecrets,
  type AskedAt,
} from "../providers/log-in.ts";
import type { Providers } from "../providers/providers.ts";
import { isEmpty } from "./authorization-input.ts";
import type { AuthorizationShelf, KeptLogIn } from "./authorization-shelf.ts";
import type { ChannelPort } from "./ports.ts";

/** The rest of the object, as far as what is done for log-ins needs it. */
export interface StepsHost extends Pick<ChannelPort, "authority"> {
  readonly providers: Pick<Providers, "add" | "change">;
}

/** The settings that log-ins go by. */
export interface Settings {
  readonly keys: MasterKeys;
  readonly isPrivateAllowed: boolean;
  /** Those of the deployment's settings that go by these names. */
  deployment(names: readonly string[]): Deployment;
}

/** The outcome of something that was done, and the secrets that are to be kept with it. */
interface Outcome {
  readonly input: StepInput;
  readonly sealed?: string;
}

type Done = Exclude<AuthorizationEffect["type"], "secrets-drop" | "credentials-keep">;
type Doing = Extract<AuthorizationEffect, { type: Done }>;

/** Performs what log-ins ask for: each step is on disk before anything is done for it. */
export class AuthorizationSteps {
  readonly #host: StepsHost;
  readonly #shelf: AuthorizationShelf;
  readonly #settings: Settings;

  constructor(host: StepsHost, shelf: AuthorizationShelf, settings: Settings) {
    this.#host = host;
    this.#shelf = shelf;
    this.#settings = settings;
  }

  /** Takes what has happened to a log-in; resolves once nothing more follows of it at once. */
  async take(kept: KeptLogIn, { input, sealed }: Outcome): Promise<KeptLogIn> {
    const { state, effects } = stepAuthorization(kept.row.state, kept.row.expiresAt, input);
    const has = (type: AuthorizationEffect["type"]): boolean =>
      effects.some((each) => each.type === type);
    const secrets = has("secrets-drop")
      ? ""
      : has("credentials-keep") && sealed !== undefined
        ? sealed
        : kept.secrets;
    const next = { ...kept, row: { ...kept.row, state }, secrets };
    // Before anything is done: a code that comes again finds that it was taken. One that was taken
    // away meanwhile does not come back.
    if (state !== kept.row.state && this.#shelf.find(kept.id) !== null) this.#shelf.put(next);
    const doing = effects.find(
      (each): each is Doing => each.type !== "secrets-drop" && each.type !== "credentials-keep",
    );
    if (doing === undefined) return next;
    const outcome = await this.#perform(next, doing);
    // Others may have had a hand in it meanwhile.
    return this.take(this.#shelf.find(kept.id) ?? next, outcome);
  }

  async #perform(kept: KeptLogIn, effect: Doing): Promise<Outcome> {
    if (this.#shelf.find(kept.id) === null) return TAKEN_AWAY;
    if (!this.#mayLink(kept.row.principal)) return REVOKED;
    if (effect.type === "provider-link") return this.#link(kept, effect);
    const { keys, isPrivateAllowed } = this.#settings;
    const adapter = findProviderAdapter(kept.row.protocol);
    const logIn = adapter?.logIn;
    const at = { url: kept.row.url, isPrivateAllowed };
    if (effect.type === "code-exchange") {
      const secrets = await openCodeSecrets(keys, kept.id, kept.secrets);
      if (secrets === null || logIn?.kind !== "code") return UNREADABLE;
      const { client, proof } = secrets;
      const { redirectUri } = kept.row;
      const deployment = this.#settings.deployment(adapter?.deployment?.names ?? []);
      const ask = { redirectUri, deployment, proof, code: effect.code };
      return readExchanged(await exchangeCode(logIn, client, ask, at));
    }
    const opened = await openSecrets(keys, kept.id, kept.secrets);
    if (opened === null || logIn?.kind !== "device") return UNREADABLE;
    const held = opened as { client: Json; code: string; credentials: Json };
    return effect.type === "device-ask"
      ? this.#ask(kept, logIn, held, at)
      : this.#find(kept, logIn, held.credentials, at);
  }

  /** Asks whether somebody has consented; the tokens are sealed at once. */
  async #ask(
    { id }: KeptLogIn,
    logIn: DeviceLogIn,
    { client, code }: { client: Json; code: string },
    at: AskedAt,
  ): Promise<Outcome> {
    const answer = await askDevice(logIn, client, code, at);
    const input = { type: "device-answered" as const, answer, at: Date.now() };
    if (answer.type !== "granted") return { input };
    const held = { credentials: answer.credentials };
    return { input, sealed: await sealSecrets(this.#settings.keys, id, held) };
  }

  /** Finds whose the tokens are. What somebody named is linked, and else what is the account's own. */
  async #find(
    { row }: KeptLogIn,
    logIn: DeviceLogIn,
    credentials: Json,
    at: AskedAt,
  ): Promise<Outcome> {
    const found = await identify(logIn, credentials, at);
    if (found === null) return { input: { type: "account-unknown", at: Date.now() } };
    if (!found.ok) return failWith(found.failure);
    const target = isEmpty(row.target) ? found.target : (row.target as Json);
    return { input: { type: "account-found", credentials, target } };
  }

  async #link(
    { id, row }: KeptLogIn,
    { credentials, target = row.target as Json }: Extract<Doing, { type: "provider-link" }>,
  ): Promise<Outcome> {
    const { providers } = this.#host;
    const { protocol, url, mode, provider } = row;
    const given = { credentials: credentials as Record<string, unknown> };
    const wanted = { protocol, target: target as Record<string, unknown>, url, mode, ...given };
    // Of one that was lost in the middle the provider may be there already.
    const answer: Answer<ProviderView, ProviderRefusal> =
      provider === null
        ? await providers.add(wanted, `log-in ${id}`, Date.now())
        : await providers.change(provider, given, null, Date.now());
    return answer.ok
      ? { input: { type: "provider-linked", provider: answer.value.id } }
      : failWith({ reason: answer.code, detail: answer.detail });
  }

  #mayLink(principal: Principal): boolean {
    return this.#host.authority.may(principal, "channels:manage");
  }
}

function readExchanged(exchanged: Renewed): Outcome {
  if (!exchanged.ok) return failWith(exchanged.failure);
  return { input: { type: "credentials-received", credentials: exchanged.credentials } };
}

function failWith({ reason, detail }: { reason: string; detail: string }): Outcome {
  return { input: { type: "exchange-failed", reason, detail } };
}

const UNREADABLE = failWith({
  reason: "client_unreadable",
  detail: "What was kept for it cannot be read any more. Begin the log-in again.",
});

const REVOKED = failWith({
  reason: "forbidden",
  detail: "Whoever began the log-in may not link providers on this channel any more.",
});

const TAKEN_AWAY = failWith({
  reason: "authorization_not_found",
  detail: "The log-in was taken away meanwhile. Begin it again.",
});
