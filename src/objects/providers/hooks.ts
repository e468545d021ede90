import type { ChannelInput, Placed } from "../../channel/channel.ts";
import { computeFingerprint } from "../../lib/fingerprint.ts";
import type { Heard } from "../../protocols/provider.ts";
import {
  dropClaim,
  listClaims,
  noteHeard,
  noteHearing,
  putClaim,
  type HookClaim,
} from "../../store/journal/hook-routes.ts";
import { findMade, putMade } from "../../store/object/requests.ts";
import type { ProviderLink } from "./link.ts";

// A row for each delivery would cost more than the events: a hole may be told a minute too long.
const NOTE_EVERY_MS = 60_000;

/** The port through which claims reach the rest of the object and the relay's own database. */
export interface HooksHost {
  readonly storage: DurableObjectStorage;
  offer(input: ChannelInput, bytes: number, ended?: (placed: Placed) => void): void;
  /** The directory of who has claimed what, for whoever takes deliveries. */
  readonly routes: HookRoutes;
}

/** The part of a claim that others have to know. */
export type Claimed = Pick<HookClaim, "provider" | "protocol" | "key">;

/** The directory of claims, as one channel's object sees it. */
export interface HookRoutes {
  /** Resolves once deliveries find the link; false while an earlier claim of the same is being left. */
  add(claim: Claimed): Promise<boolean>;
  /** Notes down, in the transaction that it is called in, that a claim is to be left. */
  leave(claim: Claimed): void;
  /** Some were noted down, and it is on disk. */
  begin(): void;
}

/**
 * The deliveries for a channel's links, of providers that tell what happens by requests to the relay: who
 * has claimed what, and what has been heard. Nothing is heard twice within a day, under whatever name it
 * is delivered: the log knows again what is recent, and deliveries may be hours late.
 */
export class Hooks {
  readonly #host: HooksHost;
  readonly #find: (id: string) => ProviderLink | undefined;
  /** Offered, and not yet on disk. */
  readonly #pending = new Set<Promise<void>>();
  #claims: readonly HookClaim[];

  constructor(host: HooksHost, find: (id: string) => ProviderLink | undefined) {
    this.#host = host;
    this.#find = find;
    this.#claims = listClaims(host.storage.sql);
  }

  /** Gives a delivery to the links that it is for, and resolves once what it tells is on disk. */
  async hear(protocol: string, key: string, frame: string, now: number): Promise<boolean> {
    const claims = this.#claims.filter((each) => each.protocol === protocol && each.key === key);
    const links = claims.map(({ provider }) => this.#find(provider)).filter((each) => each);
    for (const link of links) link?.receive(frame);
    this.#noteHeard(claims, now);
    await Promise.all(this.#pending);
    return links.length > 0;
  }

  /** Tells what was heard for a link; null for one that has claimed nothing. */
  heard(provider: string): Heard | null {
    const claim = this.#claimOf(provider);
    return claim === undefined ? null : { at: claim.heardAt, isAny: claim.isHeard };
  }

  /** A link claims what is said of a key, in place of what it had claimed. */
  async claim(claim: Claimed): Promise<boolean> {
    const before = this.#claimOf(claim.provider);
    if (before !== undefined && before.key !== claim.key) this.release(claim.provider);
    putClaim(this.#host.storage.sql, claim);
    this.#claims = listClaims(this.#host.storage.sql);
    const isAdded = await this.#host.routes.add(claim);
    if (this.#claimOf(claim.provider)?.key === claim.key) return isAdded;
    // Let go of meanwhile: what was added after it was taken away would lead here for ever.
    this.#leave(claim);
    return false;
  }

  /** A link wants to hear no more. */
  release(provider: string): void {
    const claim = this.#claimOf(provider);
    if (claim === undefined) return;
    this.#leave(claim);
  }

  /** A link is ready to hear. */
  noteReady(provider: string, at: number): void {
    if (this.#claimOf(provider)?.heardAt !== null) return;
    noteHearing(this.#host.storage.sql, provider, at);
    this.#claims = listClaims(this.#host.storage.sql);
  }

  /** Offers what a link has heard, without what was heard within a day. */
  offer(input: ChannelInput, bytes: number, ended?: (placed: Placed) => void): void {
    if (input.type !== "drafts-observed") return this.#host.offer(input, bytes, ended);
    const { sql } = this.#host.storage;
    const named = input.drafts.map((draft) => ({ draft, name: nameHeard(input.provider, draft) }));
    const fresh = named.filter(({ name }) => findMade(sql, name) === null);
    if (fresh.length === 0) return;
    const drafts = fresh.map(({ draft }) => draft);
    const offered = new Promise<void>((resolve) => {
      this.#host.offer({ ...input, drafts }, bytes, (placed) => {
        const names = placed.ok ? fresh : [];
        for (const { name } of names) putMade(sql, name, "", input.at);
        ended?.(placed);
        resolve();
      });
    });
    this.#pending.add(offered);
    void offered.then(() => this.#pending.delete(offered));
  }

  /** Drops a claim, where it is still there, and has it taken out of the directory. */
  #leave(claim: Claimed): void {
    const { storage, routes } = this.#host;
    const isHeld = this.#claimOf(claim.provider)?.key === claim.key;
    storage.transactionSync(() => {
      if (isHeld) dropClaim(storage.sql, claim.provider);
      routes.leave(claim);
    });
    this.#claims = listClaims(storage.sql);
    routes.begin();
  }

  #noteHeard(claims: readonly HookClaim[], now: number): void {
    const { sql } = this.#host.storage;
    const stale = claims.filter(
      ({ heardAt, isHeard }) => !isHeard || now - (heardAt ?? 0) >= NOTE_EVERY_MS,
    );
    for (const { provider } of stale) noteHeard(sql, provider, now);
    if (stale.length > 0) this.#claims = listClaims(sql);
  }

  #claimOf(provider: string): HookClaim | undefined {
    return this.#claims.find((each) => each.provider === provider);
  }
}

/** The name that an occurrence is remembered by for a day; null for one that cannot come again. */
function nameHeard(provider: string, { key }: { readonly key?: string }): string | null {
  return key === undefined ? null : `heard ${provider} ${computeFingerprint(key)}`;
}
