import type { Consent } from "../../calls/authorization.ts";
import type { ChannelCalls } from "../../calls/channel.ts";
import { grant, refuse } from "../../event/answer.ts";
import type { Principal } from "../../event/principal.ts";
import { readMasterKeys } from "../../lib/master-keys.ts";
import { pickDeployment } from "../../protocols/hook.ts";
import { report } from "../../report.ts";
import type { Denial } from "../authority.ts";
import { Authorizations } from "./authorizations.ts";
import { NO_CHANNEL } from "./life.ts";
import { ChannelPeerCalls } from "./peer-calls.ts";
import type { ChannelRuntime } from "./runtime.ts";

type AuthorizationCalls =
  | "beginAuthorization"
  | "listAuthorizations"
  | "findAuthorization"
  | "dropAuthorization"
  | "finishAuthorization";

/** One channel, as the door asks it about log-ins with providers. */
export abstract class ChannelAuthorizationCalls
  extends ChannelPeerCalls
  implements Pick<ChannelCalls, AuthorizationCalls>
{
  async beginAuthorization(
    ...[principal, input, redirectUri, request]: Parameters<ChannelCalls["beginAuthorization"]>
  ): ReturnType<ChannelCalls["beginAuthorization"]> {
    const ready = this.#open(principal);
    return ready.ok ? ready.value.begin(principal, input, redirectUri, request) : ready;
  }

  async listAuthorizations(principal: Principal): ReturnType<ChannelCalls["listAuthorizations"]> {
    const ready = this.#open(principal);
    return ready.ok ? grant(await ready.value.list()) : ready;
  }

  async findAuthorization(
    principal: Principal,
    id: string,
  ): ReturnType<ChannelCalls["findAuthorization"]> {
    const ready = this.#open(principal);
    if (!ready.ok) return ready;
    const view = await ready.value.find(id);
    return view === null ? NO_AUTHORIZATION : grant(view);
  }

  async dropAuthorization(
    principal: Principal,
    id: string,
  ): ReturnType<ChannelCalls["dropAuthorization"]> {
    const ready = this.#open(principal);
    if (!ready.ok) return ready;
    return ready.value.drop(id) ? grant(null) : NO_AUTHORIZATION;
  }

  /** Log-ins for devices go on by themselves, beside all else that the object is woken for. */
  override async alarm(): Promise<void> {
    const { runtime } = this;
    if (runtime !== null) this.ctx.waitUntil(this.#goOn(runtime));
    await super.alarm();
  }

  /** Never throws: what fails is due again with the next alarm. */
  async #goOn(runtime: ChannelRuntime): Promise<void> {
    try {
      await this.#of(runtime).goOn(Date.now());
      // There may be a provider more, to be dialled.
      runtime.ensure();
    } catch (error) {
      report("log-ins not gone on with", error, { channel: runtime.channel.id });
    }
  }

  async finishAuthorization(
    id: string,
    consent: Consent,
  ): ReturnType<ChannelCalls["finishAuthorization"]> {
    const { runtime } = this;
    if (runtime === null) return null;
    const outcome = await this.#of(runtime).finish(id, consent);
    runtime.ensure();
    return outcome;
  }

  #open(
    principal: Principal,
  ): { ok: true; value: Authorizations } | typeof NO_CHANNEL | ReturnType<typeof refuse<Denial>> {
    const { runtime } = this;
    if (runtime === null) return NO_CHANNEL;
    const denial = runtime.authority.denial(principal, "channels:manage");
    return denial ?? { ok: true, value: this.#of(runtime) };
  }

  #of(runtime: ChannelRuntime): Authorizations {
    const isPrivateAllowed = this.env.ALLOW_PRIVATE_NETWORK === "on";
    return new Authorizations(runtime, {
      keys: readMasterKeys(this.env),
      isPrivateAllowed,
      deployment: (names) => pickDeployment(this.env, names),
    });
  }
}

const NO_AUTHORIZATION = refuse("authorization_not_found", "This channel has no such log-in.");
