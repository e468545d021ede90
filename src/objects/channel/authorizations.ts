import type {
  AuthorizationInput,
  AuthorizationRefusal,
  AuthorizationView,
  Consent,
  ConsentOutcome,
} from "../../calls/authorization.ts";
import type { AuthorizationInput as StepInput } from "../../channel/authorization-state.ts";
import { CONSENT_MS, stepAuthorization } from "../../channel/authorization.ts";
import { beginWaiting } from "../../channel/device-authorization.ts";
import { grant, refuse, type Answer } from "../../event/answer.ts";
import type { Principal } from "../../event/principal.ts";
import { makeProofKey, PROOF_BYTES } from "../../lib/proof-key.ts";
import { formatTime } from "../../lib/time.ts";
import { findProviderAdapter } from "../../protocols/registry.ts";
import { report } from "../../report.ts";
import { findMade, putMade } from "../../store/object/requests.ts";
import { beginDevice, openCodeSecrets, sealSecrets, sealState } from "../providers/log-in.ts";
import type { Providers } from "../providers/providers.ts";
import { readInput, type ReadInput } from "./authorization-input.ts";
import { AuthorizationShelf, type KeptLogIn } from "./authorization-shelf.ts";
import { AuthorizationSteps, type Settings } from "./authorization-steps.ts";
import type { ChannelPort, WakePort } from "./ports.ts";

/** The rest of the object, as far as log-ins need it. */
export interface AuthorizationHost
  extends Pick<ChannelPort, "storage" | "channel" | "authority">, Pick<WakePort, "wakeForLogIns"> {
  readonly providers: Pick<Providers, "add" | "change" | "find">;
}

type Begun = Pick<KeptLogIn["row"], "state" | "device" | "expiresAt"> & Pick<KeptLogIn, "secrets">;

/** The log-ins of a channel with its providers. They are on disk; nothing of them is in memory. */
export class Authorizations {
  readonly #host: AuthorizationHost;
  readonly #settings: Settings;
  readonly #shelf: AuthorizationShelf;
  readonly #steps: AuthorizationSteps;

  constructor(host: AuthorizationHost, settings: Settings) {
    this.#host = host;
    this.#settings = settings;
    this.#shelf = new AuthorizationShelf(host);
    this.#steps = new AuthorizationSteps(host, this.#shelf, settings);
  }

  /** Begins one; the same request within a day begins no other. */
  async begin(
    principal: Principal,
    input: AuthorizationInput,
    redirectUri: string,
    request: string | null,
  ): Promise<Answer<AuthorizationView, AuthorizationRefusal>> {
    const { sql } = this.#host.storage;
    const read = readInput(input, this.#host.providers, this.#settings);
    if (!read.ok) return read;
    // A provider that was asked for a word is not asked again for the same request.
    const before = this.#shelf.find(findMade(sql, request) ?? "");
    if (before !== null) return grant(await this.#view(before));
    const id = `a_${crypto.randomUUID().replaceAll("-", "").slice(0, 20)}`;
    const begun = await this.#begin(id, read.value);
    if (!begun.ok) return begun;
    const known = this.#shelf.find(findMade(sql, request) ?? "");
    if (known !== null) return grant(await this.#view(known));
    const now = Date.now();
    const { client: _client, logIn: _logIn, ...link } = read.value;
    const { secrets, ...state } = begun.value;
    const row = { ...link, redirectUri, principal, ...state };
    const kept = { id, createdAt: now, row, secrets };
    this.#shelf.tidy(now);
    this.#shelf.put(kept);
    putMade(sql, request, id, now);
    return grant(await this.#view(kept));
  }

  list(): Promise<AuthorizationView[]> {
    return Promise.all(this.#shelf.list().map((each) => this.#view(each)));
  }

  async find(id: string): Promise<AuthorizationView | null> {
    const kept = this.#shelf.find(id);
    return kept === null ? null : this.#view(kept);
  }

  /** Takes one away, whatever has become of it. */
  drop(id: string): boolean {
    const kept = this.#shelf.find(id);
    if (kept !== null) this.#shelf.drop([id]);
    return kept !== null;
  }

  /** Takes what a provider sent somebody back with; resolves once it has come to something. */
  async finish(id: string, consent: Consent): Promise<ConsentOutcome | null> {
    const kept = this.#shelf.find(id);
    if (kept === null) return null;
    const at = Date.now();
    const isTaken = kept.row.state.status === "pending";
    const input: StepInput =
      "code" in consent
        ? { type: "code-received", code: consent.code, at }
        : { type: "consent-refused", error: consent.error, at };
    const ended = await this.#steps.take(kept, { input });
    const { status, reason, detail, redirectUri } = await this.#view(ended);
    return { status, reason, detail, redirectUri, isTaken };
  }

  /** Does what is due by itself, each beside the others. What fails is due again. */
  async goOn(now: number): Promise<void> {
    const input = { type: "time-passed" as const, at: now };
    const due = this.#shelf.listDue(now);
    if (due.length === 0) this.#shelf.arm();
    const done = due.map((kept) =>
      this.#steps.take(kept, { input }).catch((error: unknown) => {
        report("log-in not gone on with", error, { channel: this.#host.channel.id });
      }),
    );
    await Promise.all(done);
  }

  /** Begins it with the provider where that is to be asked first. */
  async #begin(
    id: string,
    { client, logIn, url }: ReadInput,
  ): Promise<Answer<Begun, AuthorizationRefusal>> {
    const { keys, isPrivateAllowed } = this.#settings;
    if (logIn.kind === "code") {
      const proof = await makeProofKey(crypto.getRandomValues(new Uint8Array(PROOF_BYTES)));
      const secrets = await sealSecrets(keys, id, { client, proof: { ...proof } });
      const expiresAt = Date.now() + CONSENT_MS;
      return grant({ state: { status: "pending" }, device: null, expiresAt, secrets });
    }
    const begun = await beginDevice(logIn, client, { url, isPrivateAllowed });
    if (!begun.ok) {
      const { detail } = begun;
      return begun.isClient
        ? refuse("invalid_input", detail, [{ pointer: "/clientId", detail }])
        : refuse("unavailable", detail);
    }
    const { code, userCode, verificationUri, intervalMs, lifeMs } = begun.device;
    const secrets = await sealSecrets(keys, id, { client, code });
    const now = Date.now();
    const state = beginWaiting(intervalMs, now);
    return grant({
      state,
      device: { userCode, verificationUri },
      expiresAt: now + lifeMs,
      secrets,
    });
  }

  async #view(given: KeptLogIn): Promise<AuthorizationView> {
    const kept = this.#settle(given);
    const { id, createdAt, row } = kept;
    const { protocol, redirectUri, state, expiresAt, device } = row;
    const isOver = "reason" in state || state.status === "done";
    const shown = state.status === "waiting" ? device : null;
    return {
      id,
      protocol,
      kind: device === null ? "code" : "device",
      status: isOver ? state.status : "pending",
      reason: "reason" in state ? state.reason : null,
      detail: "detail" in state ? state.detail : null,
      authorizeUrl: state.status === "pending" ? await this.#makeAddress(kept) : null,
      redirectUri: device === null ? redirectUri : null,
      verificationUri: shown?.verificationUri ?? null,
      userCode: shown?.userCode ?? null,
      provider: state.status === "done" ? state.provider : row.provider,
      createdAt: formatTime(createdAt),
      expiresAt: formatTime(expiresAt),
    };
  }

  /** Makes the address at which consent is asked for; null where that cannot be read any more. */
  async #makeAddress({ id, row, secrets }: KeptLogIn): Promise<string | null> {
    const { keys } = this.#settings;
    const { protocol, url, redirectUri } = row;
    const opened = await openCodeSecrets(keys, id, secrets);
    const adapter = findProviderAdapter(protocol);
    if (opened === null || adapter?.logIn?.kind !== "code") return null;
    const { client, proof } = opened;
    const state = await sealState(keys, this.#host.channel.id, id);
    const deployment = this.#settings.deployment(adapter.deployment?.names ?? []);
    return adapter.logIn.makeAddress(client, { url, redirectUri, deployment, proof, state });
  }

  /** A log-in as it is by now: its time may have passed. */
  #settle(kept: KeptLogIn): KeptLogIn {
    const input = { type: "looked-at" as const, at: Date.now() };
    const { state } = stepAuthorization(kept.row.state, kept.row.expiresAt, input);
    if (state === kept.row.state) return kept;
    const next = { ...kept, row: { ...kept.row, state }, secrets: "" };
    this.#shelf.put(next);
    return next;
  }
}
