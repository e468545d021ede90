import type { z } from "zod";

import { findNextTime } from "../../channel/authorization.ts";
import {
  dropAuthorizations,
  listAuthorizations,
  putAuthorization,
  type KeptAuthorization,
} from "../../store/journal/authorizations.ts";
import { AuthorizationRow } from "./authorization-input.ts";
import type { ChannelPort, WakePort } from "./ports.ts";

export type KeptLogIn = KeptAuthorization<z.infer<typeof AuthorizationRow>>;

// Of so many the oldest goes for the next.
const KEPT_MAX = 20;
const FORGOTTEN_MS = 86_400_000;

/** The log-ins of a channel as they are on disk, with the alarm that the next of them wants. */
export class AuthorizationShelf {
  readonly #sql: SqlStorage;
  readonly #host: Pick<WakePort, "wakeForLogIns">;

  constructor(host: Pick<ChannelPort, "storage"> & Pick<WakePort, "wakeForLogIns">) {
    this.#sql = host.storage.sql;
    this.#host = host;
  }

  /** All of them, oldest first. */
  list(): KeptLogIn[] {
    return listAuthorizations(this.#sql, AuthorizationRow);
  }

  find(id: string): KeptLogIn | null {
    return this.list().find((each) => each.id === id) ?? null;
  }

  /** Those that have something to do by now. */
  listDue(now: number): KeptLogIn[] {
    return this.list().filter(({ row: { state, expiresAt } }) => {
      const nextAt = findNextTime(state, expiresAt);
      return nextAt !== null && nextAt <= now;
    });
  }

  put(kept: KeptLogIn): void {
    putAuthorization(this.#sql, kept);
    this.arm();
  }

  drop(ids: readonly string[]): void {
    dropAuthorizations(this.#sql, ids);
    this.arm();
  }

  /** Has the object woken when the next of them has something to do. */
  arm(): void {
    const times = this.list().flatMap(({ row: { state, expiresAt } }) => {
      const nextAt = findNextTime(state, expiresAt);
      return nextAt === null ? [] : [nextAt];
    });
    this.#host.wakeForLogIns(times.length === 0 ? null : Math.min(...times));
  }

  /** Forgets what is old, and makes room for one more. */
  tidy(now: number): void {
    const all = this.list();
    const old = all.filter(({ createdAt }) => createdAt < now - FORGOTTEN_MS);
    const many = all.slice(0, Math.max(0, all.length + 1 - KEPT_MAX));
    this.drop([...new Set([...old, ...many].map(({ id }) => id))]);
  }
}
