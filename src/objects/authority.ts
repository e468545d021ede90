import { refuse, type Answer } from "../event/answer.ts";
import { mayOrder } from "../event/erasure.ts";
import type { EventDraft } from "../event/event.ts";
import type { ProviderId } from "../event/ids.ts";
import {
  isValid,
  MODERATING,
  mayAnywhere,
  findRights,
  type Ground,
  type Principal,
  type Revoked,
  type Scope,
} from "../event/principal.ts";
import { listRevoked, putRevoked } from "../store/revoked.ts";

/** How long a revocation is remembered: what was let in just before is on its way for less. */
const REMEMBER_MS = 120_000;

/** The credentials that were revoked a short while ago, as this object was told. */
export class Revocations implements Revoked {
  readonly #sql: SqlStorage;
  readonly #until: Map<string, number>;
  #revision = 0;

  constructor(sql: SqlStorage) {
    this.#sql = sql;
    this.#until = new Map(listRevoked(sql, Date.now()).map(({ id, until }) => [id, until]));
  }

  /** The credential no longer holds, whatever was given to it before. */
  add(credentialId: string): void {
    const now = Date.now();
    for (const [id, until] of this.#until) if (until <= now) this.#until.delete(id);
    this.#until.set(credentialId, now + REMEMBER_MS);
    this.#revision += 1;
    putRevoked(this.#sql, credentialId, { now, until: now + REMEMBER_MS });
  }

  /** Longer than it is promised does no harm: a revoked credential never holds again. */
  has(credentialId: string): boolean {
    return this.#until.has(credentialId);
  }

  /** Another number after each revocation: what was decided before is to be decided anew. */
  get revision(): number {
    return this.#revision;
  }

  get ids(): readonly string[] {
    return [...this.#until.keys()];
  }
}

/** Why somebody may not do what they ask for. */
export type Denial = "unauthorized" | "forbidden";

/** The revocations as an `Authority` looks at them. */
export type RevocationsSeen = Pick<Revocations, "has" | "revision">;

/** The rights of a principal, and what they were decided by. */
interface Decided {
  readonly ground: Ground;
  readonly revision: number;
  /** In milliseconds since 1970: they hold before then. */
  readonly until: number;
  readonly scopes: readonly Scope[];
}

const NOTHING: readonly Scope[] = [];

/**
 * The rights that anybody has on one channel, as the channel is in this very moment. It is asked
 * for each frame of each socket: what was decided is kept for as long as nothing that it was
 * decided by changes.
 */
export class Authority {
  readonly #revoked: RevocationsSeen;
  readonly #ground: () => Ground | null;
  readonly #decided = new WeakMap<Principal, Decided>();

  /**
   * `ground`: the channel as it is, another object once it has changed; null while it is unknown.
   */
  constructor(revoked: RevocationsSeen, ground: () => Ground | null) {
    this.#revoked = revoked;
    this.#ground = ground;
  }

  /** Lists what a principal may do here now. */
  rights(principal: Principal): readonly Scope[] {
    const ground = this.#ground();
    if (ground === null) return NOTHING;
    const now = Date.now();
    const { revision } = this.#revoked;
    const known = this.#decided.get(principal);
    const isSame = known?.ground === ground && known.revision === revision && now < known.until;
    if (known !== undefined && isSame) return known.scopes;
    const scopes = findRights(principal, ground, now, this.#revoked);
    const until = principal.expiresAt ?? Number.POSITIVE_INFINITY;
    this.#decided.set(principal, { ground, revision, until, scopes });
    return scopes;
  }

  may(principal: Principal, scope: Scope): boolean {
    return this.rights(principal).includes(scope);
  }

  /** May the principal, also where the channel is not open to everybody? */
  mayBySelf(principal: Principal, scope: Scope): boolean {
    const ground = this.#ground();
    if (ground === null) return false;
    const closed = { ...ground, public: false };
    return findRights(principal, closed, Date.now(), this.#revoked).includes(scope);
  }

  /** Null where the principal may do what one of the scopes names; else the refusal. */
  denial(
    principal: Principal,
    ...any: readonly Scope[]
  ): (Answer<never, Denial> & { ok: false }) | null {
    if (any.some((scope) => this.may(principal, scope))) return null;
    return deny(principal, any.join(" or "), this.#revoked);
  }
}

/** Says no, and to whoever has no credential that holds, that one is needed. */
export function deny(
  principal: Principal,
  scope: string,
  revoked: Revoked = new Set(),
): Answer<never, Denial> & { ok: false } {
  const isNobody = principal.kind === "anonymous" || !isValid(principal, Date.now(), revoked);
  return isNobody
    ? refuse("unauthorized", "This needs a credential that holds.")
    : refuse("forbidden", `This needs the scope ${scope}, on this channel.`);
}

/** The scopes for what is posted as the API's own events, and as the relay's. */
const POSTING: Partial<Record<ProviderId, Scope>> = {
  api: "events:write",
  relay: "channels:manage",
};

/**
 * Null where somebody may post these events; else the refusal. A client of a protocol that is served
 * here chats; only the API's own events need `events:write`, and whoever orders by them that words
 * are erased has to be one who may moderate.
 */
export function denyPost(
  authority: Authority,
  principal: Principal,
  provider: ProviderId,
  drafts: readonly Pick<EventDraft, "type">[],
): (Answer<never, Denial> & { ok: false }) | null {
  const denial = authority.denial(principal, POSTING[provider] ?? "chat:write");
  if (denial !== null) return denial;
  const rights = authority.rights(principal);
  const order = drafts.find(({ type }) => !mayOrder(type, rights));
  if (order === undefined) return null;
  const detail = `To post ${order.type} needs one of the scopes ${MODERATING.join(", ")} as well.`;
  return refuse("forbidden", detail);
}

/**
 * The answer to somebody who asks to read a channel that is not there: the same as of one that is
 * private, unless the principal may read every channel.
 */
export function denyUnknown(
  principal: Principal,
): Answer<never, Denial | "channel_not_found"> & { ok: false } {
  return mayAnywhere(principal, "events:read", Date.now())
    ? refuse("channel_not_found", "No such channel.")
    : deny(principal, "events:read");
}
