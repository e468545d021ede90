import type {
  DialHealth,
  ProviderInput,
  ProviderRefusal,
  ProviderView,
} from "../../calls/provider.ts";
import { isWanted, type Demand } from "../../channel/demand.ts";
import type { Job } from "../../channel/job.ts";
import { grant, refuse, type Answer } from "../../event/answer.ts";
import type { Mode } from "../../event/mode.ts";
import type { Sending } from "../../event/sending.ts";
import type { Json } from "../../lib/json.ts";
import type { ProviderAdapter } from "../../protocols/provider.ts";
import { findProviderAdapter } from "../../protocols/registry.ts";
import {
  dropProvider,
  findProvider,
  listProviders,
  putProvider,
  type ProviderRow,
} from "../../store/journal/providers.ts";
import { findMade, putMade } from "../../store/object/requests.ts";
import type { KeptSeal } from "../resealing.ts";
import { sealCredentials } from "./credentials.ts";
import { Hooks, type HooksHost } from "./hooks.ts";
import { makeLinkHost, type LinkKeeper } from "./link-host.ts";
import { ProviderLink } from "./link.ts";
import {
  findClaimant,
  FOR_ANOTHER_HOST,
  hasSecrets,
  findHost,
  makeRow,
  refuseClaimed,
} from "./linking.ts";
import { readWanted } from "./looking-up.ts";
import { listKeptCredentials } from "./resealing.ts";
import { refuseCrowd, viewProviderHealth, viewProvider } from "./views.ts";

/** The port through which the providers reach their object. */
export interface ProvidersHost extends LinkKeeper, HooksHost {
  /** The channel's own mode, for providers that have none. */
  mode(): Mode;
  demand(): Demand;
  claimedBy(identifier: string): string | null;
}

/** A channel's providers: kept in its object, so that linking and dialling are one thing. */
export class Providers {
  readonly #host: ProvidersHost;
  readonly hooks: Hooks;
  readonly #links = new Map<string, ProviderLink>();
  #isStopped = false;

  constructor(host: ProvidersHost) {
    this.#host = host;
    this.hooks = new Hooks(host, (id) => this.#links.get(id));
    for (const row of listProviders(host.storage.sql)) this.#open(row);
  }

  /**
   * Dials what is wanted and is not up; hangs up what nobody wants. Answers whether any is wanted.
   */
  ensure(now: number): boolean {
    let isAnyWanted = false;
    for (const link of this.#links.values()) {
      const mode = link.row.mode ?? this.#host.mode();
      const isLinkWanted = link.row.enabled && isWanted(mode, this.#host.demand(), now);
      if (isLinkWanted) link.ensure(now);
      else {
        link.hangUp(now, link.row.enabled ? "on_demand" : "disabled");
        this.hooks.release(link.row.id);
      }
      isAnyWanted ||= isLinkWanted && link.dialState.phase !== "stopped";
    }
    return isAnyWanted;
  }

  /** The credentials as they are kept, sealed, of all providers. */
  get keptSeals(): readonly KeptSeal[] {
    return listKeptCredentials(this.#host, (id) => this.#links.get(id));
  }

  noteSeen(): void {
    for (const link of this.#links.values()) link.noteSeen();
  }

  /** The channel is gone: so are its providers, and none can come to it any more. */
  stop(): void {
    this.#isStopped = true;
    for (const link of this.#links.values()) link.close();
    this.#links.clear();
  }

  list(): ProviderView[] {
    return listProviders(this.#host.storage.sql).map(viewProvider);
  }

  find(id: string): ProviderView | null {
    const row = findProvider(this.#host.storage.sql, id);
    return row === null ? null : viewProvider(row);
  }

  /** How a provider's connections are written to; undefined where they are not. */
  sendingOf(id: string): Sending | undefined {
    return this.#links.get(id)?.adapter.sending;
  }

  /** Hands a job to its provider's session; false if there is none that is ready. */
  send({ id: job, providerId, identifier, content }: Job): boolean {
    return this.#links.get(providerId)?.send({ job, identifier, content }) ?? false;
  }

  health(isDetailed: boolean): DialHealth[] {
    return [...this.#links.values()].map((link) => viewProviderHealth(link, isDetailed));
  }

  /** `request`: the same again within a day is answered with what it made. */
  async add(
    input: ProviderInput,
    request: string | null,
    now: number,
  ): Promise<Answer<ProviderView, ProviderRefusal>> {
    const adapter = findProviderAdapter(input.protocol);
    if (adapter === undefined) {
      const detail = `This relay does not dial ${input.protocol.slice(0, 40)}.`;
      return refuse("protocol_unknown", detail, [{ pointer: "/protocol", detail }]);
    }
    const { isPrivateAllowed, masterKeys, storage } = this.#host;
    const wanted = {
      target: input.target ?? {},
      credentials: input.credentials ?? {},
      url: input.url ?? null,
    };
    const read = await readWanted(adapter, wanted, isPrivateAllowed);
    if (!read.ok) return read;
    const { target, credentials } = read.value;
    const id = `p_${crypto.randomUUID().replaceAll("-", "").slice(0, 20)}`;
    const sealed = await sealCredentials(masterKeys, id, credentials);
    // Sealing let other calls in: what is kept here by now may be another channel's.
    if (this.#isStopped) return refuse("channel_not_found", "No such channel.");
    // Sealing let other calls in, and the same request may be one of them.
    const known = this.find(findMade(storage.sql, request) ?? "");
    if (known !== null) return grant(known);
    const refused = refuseCrowd(this.list()) ?? this.#claimed(adapter, target, id);
    if (refused !== null) return refused;
    const row = makeRow(id, adapter, input, { target, credentials: sealed }, now);
    putProvider(storage.sql, row);
    putMade(storage.sql, request, id, now);
    this.#open(row);
    return grant(viewProvider(row));
  }

  /** `expectedAt`: only if it was last changed then; null for no matter when. */
  async change(
    id: string,
    input: Omit<ProviderInput, "protocol">,
    expectedAt: number | null,
    now: number,
  ): Promise<Answer<ProviderView, ProviderRefusal>> {
    const link = this.#links.get(id);
    if (link === undefined) return refuse("provider_not_found", "No such provider.");
    const { adapter } = link;
    const before = link.row;
    const { isPrivateAllowed, masterKeys } = this.#host;
    const wanted = {
      target: input.target ?? before.target,
      credentials: input.credentials ?? null,
      url: input.url === undefined ? before.url : input.url,
    };
    const read = await readWanted(adapter, wanted, isPrivateAllowed);
    if (!read.ok) return read;
    const { target, credentials } = read.value;
    const isElsewhere =
      credentials === null && findHost(adapter, wanted.url) !== findHost(adapter, before.url);
    if (isElsewhere && (await hasSecrets(adapter, before, masterKeys))) return FOR_ANOTHER_HOST;
    const sealed = credentials === null ? null : await sealCredentials(masterKeys, id, credentials);
    // Opening and sealing let other calls in: what is changed is what is there now.
    const current = this.#links.get(id)?.row;
    if (current === undefined) return refuse("provider_not_found", "No such provider.");
    const wasChanged = isElsewhere && current.revision !== before.revision;
    if (wasChanged || (expectedAt !== null && current.updatedAt !== expectedAt)) {
      return refuse("conflict", "The provider was changed by somebody else.");
    }
    const claimed = this.#claimed(adapter, target, id);
    if (claimed !== null) return claimed;
    const row: ProviderRow = {
      ...current,
      target,
      ...(input.url !== undefined && { url: input.url }),
      ...(input.mode !== undefined && { mode: input.mode }),
      ...(input.enabled !== undefined && { enabled: input.enabled }),
      ...(sealed !== null && { credentials: sealed, revision: current.revision + 1 }),
      updatedAt: Math.max(now, current.updatedAt + 1),
    };
    putProvider(this.#host.storage.sql, { ...row, dial: link.dialState });
    link.row = row;
    const isRedial = sealed !== null || input.url !== undefined || input.target !== undefined;
    if (JSON.stringify(before.target) !== JSON.stringify(target)) this.hooks.release(id);
    if (isRedial) link.release(now);
    return grant(viewProvider(row));
  }

  remove(id: string, now: number): Answer<null, ProviderRefusal> {
    const link = this.#links.get(id);
    if (link === undefined) return refuse("provider_not_found", "No such provider.");
    link.close();
    this.hooks.release(id);
    this.#links.delete(id);
    dropProvider(this.#host.storage.sql, id);
    const gone = { providerId: id, provider: link.adapter.protocol, dialId: "" };
    this.#host.offer({ type: "link-removed", link: gone, at: now }, 0);
    return grant(null);
  }

  reconnect(
    id: string,
    request: string | null,
    now: number,
  ): Answer<ProviderView, ProviderRefusal> {
    const link = this.#links.get(id);
    if (link === undefined) return refuse("provider_not_found", "No such provider.");
    const { sql } = this.#host.storage;
    if (findMade(sql, request) === null) link.release(now);
    putMade(sql, request, id, now);
    return grant(viewProvider(link.row));
  }

  #open(row: ProviderRow): void {
    const adapter = findProviderAdapter(row.protocol);
    if (adapter === undefined) return;
    const host = makeLinkHost(this.#host, this.hooks, (id) => this.#links.get(id));
    this.#links.set(row.id, new ProviderLink(host, row, adapter));
  }

  #claimed(
    adapter: ProviderAdapter,
    target: Json,
    id: string,
  ): Answer<never, "connection_claimed"> | null {
    return refuseClaimed(
      adapter,
      target,
      id,
      (identifier) =>
        this.#host.claimedBy(identifier) ?? findClaimant(this.#links.values(), identifier, id),
    );
  }
}
