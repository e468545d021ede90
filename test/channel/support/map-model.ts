/*
 * The connection map said as simply as can be: what is true of each connection, and from it what has
 * to be told. Slow, forgetful of nothing, and written without looking at how the map does it.
 */

interface Known {
  provider: string;
  dialId: string;
  uuid: string;
  status: string;
  reason: string | null;
  since: number;
  isThere: boolean;
  isIdle: boolean;
  /** The uuids whose events can come: the current one, and the last before it that worked. */
  living: string[];
  /** From when on events may have been missed, why, and whether there was nothing to miss. */
  outage: { from: number; cause: string; wasIdle: boolean } | null;
}

export interface From {
  readonly provider: string;
  readonly dialId: string;
}

export interface Told {
  readonly id: string;
  readonly uuid: string;
  readonly status: string;
  readonly reason: string | null;
  readonly isIdle: boolean;
}

export class MapModel {
  readonly #all = new Map<string, Known>();
  #told: string[] = [];

  /** What has to be told since the last time this was asked, in any order. */
  takeTold(): string[] {
    return this.#told.splice(0).toSorted();
  }

  listed(): unknown[] {
    return [...this.#all]
      .filter(([, { isThere }]) => isThere)
      .map(([id, { provider, dialId, uuid, status, reason, since }]) => [
        id,
        provider,
        dialId,
        uuid,
        status,
        reason,
        since,
      ])
      .toSorted((a, b) => (String(a[0]) < String(b[0]) ? -1 : 1));
  }

  seen(from: From, { id, uuid, status, reason, isIdle }: Told, at: number): void {
    const known = this.#all.get(id);
    if (known?.isThere === true && known.provider !== from.provider) return;
    if (known?.uuid === uuid && known.status === status && known.reason === reason) {
      Object.assign(known, from);
      return;
    }
    const now = known ?? this.#new(id, from, at);
    const older = now.living.filter((each) => each !== uuid).slice(-1);
    const wasLiving = now.living.length > 0;
    now.living = status === "connected" ? [...older, uuid] : older;
    this.#told.push(`updated ${status} ${uuid}`);
    if (now.living.length === 0 && !isIdle) {
      if (wasLiving) this.#begins(now, at, reason ?? status);
    } else this.#ends(now, at, isIdle);
    const since = now.status === status ? now.since : at;
    Object.assign(now, { ...from, uuid, status, reason, isIdle, since, isThere: true });
  }

  dropped(from: From, uuid: string, reason: string, isFinal: boolean, at: number): void {
    for (const [id, known] of this.#all) {
      if (known.provider !== from.provider || !known.isThere) continue;
      const isCurrent = known.uuid === uuid;
      if (!isCurrent && !known.living.includes(uuid)) continue;
      const wasLiving = known.living.length > 0;
      known.living = isCurrent ? [] : known.living.filter((each) => each !== uuid);
      if (isCurrent) this.#told.push(`closed ${uuid} ${reason}`);
      if (isCurrent && isFinal) {
        this.#all.delete(id);
        continue;
      }
      const isMissed = isCurrent || !known.isIdle;
      if (wasLiving && known.living.length === 0 && isMissed) this.#begins(known, at, reason);
      if (!isCurrent) continue;
      Object.assign(known, { isThere: false, isIdle: false, status: "closed", reason, since: at });
    }
  }

  lost(
    from: From,
    loss: { claims: readonly string[]; status: string; reason: string; lastSeenAt: number },
    at: number,
  ): void {
    const mine = [...this.#all].filter(
      ([, each]) => each.isThere && each.provider === from.provider,
    );
    const isHungUp = loss.status === "closed";
    const claims =
      loss.claims.length + mine.length === 0 ? [`restream:${from.provider}`] : loss.claims;
    for (const [, known] of mine) {
      if (known.status === loss.status && known.reason === loss.reason) continue;
      const from = Math.min(at, Math.max(known.since, loss.lastSeenAt));
      if (known.living.length > 0 || known.isIdle) this.#begins(known, from, loss.reason);
      this.#down(known, loss, at);
      this.#told.push(
        isHungUp ? `closed ${known.uuid} ${loss.reason}` : `updated ${loss.status} ${known.uuid}`,
      );
    }
    for (const id of isHungUp ? [] : new Set(claims)) {
      if (this.#all.get(id)?.isThere === true) continue;
      const known = this.#all.get(id) ?? this.#new(id, from, at);
      this.#down(known, loss, at);
      Object.assign(known, { ...from, isThere: true });
      this.#told.push(`updated ${loss.status} ${known.uuid}`);
    }
  }

  settled({ provider, dialId }: From): void {
    this.#forget("not_announced", (each) => each.provider === provider && each.dialId !== dialId);
  }

  removed({ provider }: From): void {
    this.#forget("unlinked", (each) => each.provider === provider);
  }

  #forget(reason: string, isGone: (known: Known) => boolean): void {
    for (const [id, known] of this.#all) {
      if (!isGone(known)) continue;
      this.#all.delete(id);
      if (known.isThere) this.#told.push(`closed ${known.uuid} ${reason}`);
    }
  }

  #down(known: Known, { status, reason }: { status: string; reason: string }, at: number): void {
    const since = known.status === status ? known.since : at;
    const isThere = status !== "closed";
    Object.assign(known, { living: [], isIdle: false, status, reason, since, isThere });
  }

  #begins(known: Known, from: number, cause: string): void {
    known.outage ??= { from, cause, wasIdle: known.isIdle };
  }

  #ends(known: Known, at: number, isIdle: boolean): void {
    const { outage } = known;
    known.outage = null;
    if (outage === null || (isIdle && outage.wasIdle)) return;
    this.#told.push(`gap ${outage.from}-${Math.max(outage.from, at)} ${outage.cause}`);
  }

  #new(id: string, { provider, dialId }: From, at: number): Known {
    const known: Known = {
      provider,
      dialId,
      uuid: dialId,
      status: "new",
      reason: null,
      since: at,
      isThere: false,
      isIdle: false,
      living: [],
      outage: null,
    };
    this.#all.set(id, known);
    return known;
  }
}
