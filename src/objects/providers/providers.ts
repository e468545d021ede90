import type {
  ProviderHealth,
  ProviderInput,
  ProviderRefusal,
  ProviderView,
} from "../../calls/channel.ts";
import type { ChannelInput } from "../../channel/channel.ts";
import { isWanted, type Demand, type Mode } from "../../channel/demand.ts";
import type { Job } from "../../channel/job.ts";
import type { OutboxInput } from "../../channel/outbox.ts";
import { IDLE } from "../../channel/redial.ts";
import { granted, refused, type Answer } from "../../event/answer.ts";
import type { Sending } from "../../event/sending.ts";
import type { Json } from "../../lib/json.ts";
import { readLink } from "../../protocols/link-input.ts";
import type { ProviderAdapter } from "../../protocols/provider.ts";
import { providerAdapter } from "../../protocols/registry.ts";
import {
  dropProvider,
  findProvider,
  listProviders,
  putProvider,
  saveCredentials,
  saveDial,
  saveSeen,
  type ProviderRow,
} from "../../store/journal/providers.ts";
import { openCredentials, sealCredentials } from "./credentials.ts";
import { ProviderLink, type LinkHost } from "./link.ts";
import { providerHealth, providerView } from "./views.ts";

/** What the providers need of their object. */
export interface ProvidersHost {
  offer(input: ChannelInput, bytes: number): void;
  sent(input: OutboxInput): void;
  readonly isPrivateAllowed: boolean;
  readonly storage: DurableObjectStorage;
  readonly masterKey: string;
  /** The channel's own mode, for providers that have none. */
  mode(): Mode;
  demand(): Demand;
  claimedBy(identifier: string): string | null;
}

/** A channel's providers: kept in its object, so that linking and dialling are one thing. */
export class Providers {
  readonly #host: ProvidersHost;
  readonly #links = new Map<string, ProviderLink>();

  constructor(host: ProvidersHost) {
    this.#host = host;
    for (const row of listProviders(host.storage.sql)) this.#open(row);
  }

  /** Dials what is wanted and is not up; hangs up what nobody wants. Answers whether any is wanted. */
  ensure(now: number): boolean {
    let isAnyWanted = false;
    for (const link of this.#links.values()) {
      const mode = link.row.mode ?? this.#host.mode();
      const isLinkWanted = link.row.enabled && isWanted(mode, this.#host.demand(), now);
      if (isLinkWanted) link.ensure(now);
      else link.hangUp(now, link.row.enabled ? "on_demand" : "disabled");
      isAnyWanted ||= isLinkWanted && link.dialState.phase !== "stopped";
    }
    return isAnyWanted;
  }

  noteSeen(): void {
    for (const link of this.#links.values()) link.noteSeen();
  }

  closeAll(): void {
    for (const link of this.#links.values()) link.close();
  }

  list(): ProviderView[] {
    return listProviders(this.#host.storage.sql).map(providerView);
  }

  find(id: string): ProviderView | null {
    const row = findProvider(this.#host.storage.sql, id);
    return row === null ? null : providerView(row);
  }

  /** How a provider's connections are written to; undefined where they are not. */
  sendingOf(id: string): Sending | undefined {
    return this.#links.get(id)?.adapter.sending;
  }

  /** Hands a job to its provider's session; false if there is none that is ready. */
  send({ id: job, providerId, identifier, content }: Job): boolean {
    return this.#links.get(providerId)?.send({ job, identifier, content }) ?? false;
  }

  health(isDetailed: boolean): ProviderHealth[] {
    return [...this.#links.values()].map((link) => providerHealth(link, isDetailed));
  }

  async add(input: ProviderInput, now: number): Promise<Answer<ProviderView, ProviderRefusal>> {
    const adapter = providerAdapter(input.protocol);
    if (adapter === undefined) {
      const detail = `This relay does not dial ${input.protocol.slice(0, 40)}.`;
      return refused("protocol_unknown", detail, [{ pointer: "/protocol", detail }]);
    }
    const { isPrivateAllowed, masterKey, storage } = this.#host;
    const wish = {
      target: input.target ?? {},
      credentials: input.credentials ?? {},
      url: input.url ?? null,
    };
    const { target, credentials, problems } = readLink(adapter, wish, isPrivateAllowed);
    if (problems.length > 0) {
      return refused("invalid_input", "The provider cannot be linked so.", problems);
    }
    const id = `p_${crypto.randomUUID().replaceAll("-", "").slice(0, 20)}`;
    const sealed = await sealCredentials(masterKey, id, credentials);
    const claimed = this.#claimed(adapter, target, id);
    if (claimed !== null) return claimed;
    const row: ProviderRow = {
      id,
      protocol: adapter.protocol,
      target,
      url: input.url ?? null,
      mode: input.mode ?? null,
      enabled: input.enabled ?? true,
      credentials: sealed,
      createdAt: now,
      updatedAt: now,
      dial: IDLE,
      seenAt: null,
    };
    putProvider(storage.sql, row);
    this.#open(row);
    return granted(providerView(row));
  }

  /** `expectedAt`: only if it was last changed then; null for no matter when. */
  async change(
    id: string,
    input: Omit<ProviderInput, "protocol">,
    expectedAt: number | null,
    now: number,
  ): Promise<Answer<ProviderView, ProviderRefusal>> {
    const link = this.#links.get(id);
    if (link === undefined) return refused("provider_not_found", "No such provider.");
    const { adapter } = link;
    const before = link.row;
    const { isPrivateAllowed, masterKey } = this.#host;
    const wish = {
      target: input.target ?? before.target,
      credentials: input.credentials ?? null,
      url: input.url === undefined ? before.url : input.url,
    };
    const { target, credentials, problems } = readLink(adapter, wish, isPrivateAllowed);
    if (problems.length > 0) {
      return refused("invalid_input", "The provider cannot be changed so.", problems);
    }
    const sealed = credentials === null ? null : await sealCredentials(masterKey, id, credentials);
    // Sealing let other calls in: what is changed is what is there now.
    const current = this.#links.get(id)?.row;
    if (current === undefined) return refused("provider_not_found", "No such provider.");
    if (expectedAt !== null && current.updatedAt !== expectedAt) {
      return refused("conflict", "The provider was changed by somebody else.");
    }
    const claimed = this.#claimed(adapter, target, id);
    if (claimed !== null) return claimed;
    const row: ProviderRow = {
      ...current,
      target,
      ...(input.url !== undefined && { url: input.url }),
      ...(input.mode !== undefined && { mode: input.mode }),
      ...(input.enabled !== undefined && { enabled: input.enabled }),
      ...(sealed !== null && { credentials: sealed }),
      updatedAt: Math.max(now, current.updatedAt + 1),
    };
    putProvider(this.#host.storage.sql, { ...row, dial: link.dialState });
    link.row = row;
    const isRedial = sealed !== null || input.url !== undefined || input.target !== undefined;
    if (isRedial) link.release(now);
    return granted(providerView(row));
  }

  remove(id: string, now: number): Answer<null, ProviderRefusal> {
    const link = this.#links.get(id);
    if (link === undefined) return refused("provider_not_found", "No such provider.");
    link.close();
    this.#links.delete(id);
    dropProvider(this.#host.storage.sql, id);
    const gone = { providerId: id, provider: link.adapter.protocol, dialId: "" };
    this.#host.offer({ type: "link-removed", link: gone, at: now }, 0);
    return granted(null);
  }

  reconnect(id: string, now: number): Answer<ProviderView, ProviderRefusal> {
    const link = this.#links.get(id);
    if (link === undefined) return refused("provider_not_found", "No such provider.");
    link.release(now);
    return granted(providerView(link.row));
  }

  #open(row: ProviderRow): void {
    const adapter = providerAdapter(row.protocol);
    if (adapter === undefined) return;
    const { sql } = this.#host.storage;
    const { masterKey, isPrivateAllowed } = this.#host;
    const host: LinkHost = {
      isPrivateAllowed,
      offer: (input, bytes) => this.#host.offer(input, bytes),
      sent: (input) => this.#host.sent(input),
      openCredentials: ({ id, credentials }) => openCredentials(masterKey, id, credentials),
      saveDial: (id, dial) => saveDial(sql, id, dial),
      saveSeen: (id, at) => saveSeen(sql, id, at),
      saveCredentials: async ({ id }, credentials) => {
        const sealed = await sealCredentials(masterKey, id, credentials);
        saveCredentials(sql, id, sealed);
        const link = this.#links.get(id);
        if (link !== undefined) link.row = { ...link.row, credentials: sealed };
        await this.#host.storage.sync();
      },
    };
    this.#links.set(row.id, new ProviderLink(host, row, adapter));
  }

  #claimed(
    adapter: ProviderAdapter,
    target: Json,
    id: string,
  ): Answer<never, "connection_claimed"> | null {
    for (const identifier of adapter.claims(target)) {
      const owner = this.#host.claimedBy(identifier) ?? this.#claimant(identifier, id);
      if (owner === null || owner === id) continue;
      const detail = `Another provider of this channel follows ${identifier} already.`;
      return refused("connection_claimed", detail, [{ pointer: "/target", detail }]);
    }
    return null;
  }

  #claimant(identifier: string, except: string): string | null {
    for (const { row, adapter } of this.#links.values()) {
      if (row.id !== except && adapter.claims(row.target).includes(identifier)) return row.id;
    }
    return null;
  }
}
