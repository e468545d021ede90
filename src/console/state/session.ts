/*
 * The credential: in memory, and in the tab's own storage so that a reload survives. Never anywhere
 * that outlives the tab, and never in an address.
 */
import { computed, signal } from "@preact/signals";

import { ask, setDoor } from "../api/call.ts";
import { reportFault } from "../api/fault.ts";
import type { Credential } from "../api/types.ts";

const NAME = "tributary.session";
const IDLE_MS = 12 * 3_600_000;

interface Kept {
  readonly key: string;
  readonly usedAt: number;
}

export type Scope = Credential["scopes"][number];

/** The key that requests are made with; null for none. */
let key: string | null = null;

/** The rights of the key, once the relay has said it; null while nobody is logged in. */
export const credential = signal<Credential | null>(null);

/** Nothing is known yet, as the relay is being asked about the key that is kept. */
export const isOpening = signal(true);

/** Why the last session ended, in words for the log-in page. */
export const farewell = signal("");

/** The relay answers. False from a request that did not reach it until one that did. */
export const isReached = signal(true);

/** Somebody who looks at a public channel asks to log in. */
export const isLoginWanted = signal(false);

/** When the session began in this tab. */
export const since = signal(Date.now());

export const isAdmin = computed(() => credential.value?.kind === "admin");

const leaving = new Set<() => void>();

/** Has something done when the session ends. */
export function onLeave(run: () => void): void {
  leaving.add(run);
}

setDoor({
  key: () => key,
  refused: () => endSession("Your key no longer holds: it was revoked, or it ran out."),
  reached: (reached) => {
    isReached.value = reached;
  },
});

/** The key, for the socket. */
export function readKey(): string | null {
  return key;
}

/** Begins with what this tab has kept, if anything. */
export async function openSession(): Promise<void> {
  const kept = readKept();
  if (kept !== null) {
    try {
      await beginSession(kept.key);
    } catch (error) {
      reportFault(error);
      // A refusal has ended the session already, with a word. What could not be reached is tried again by whoever asks next.
      if (key !== null) keep();
    }
  }
  isOpening.value = false;
}

/** Logs in; throws what the relay refuses a key with. */
export async function beginSession(given: string): Promise<void> {
  key = given;
  try {
    const found = await ask<Credential>("/credential");
    credential.value = found;
    since.value = Date.now();
    farewell.value = "";
    isLoginWanted.value = false;
    keep();
  } catch (error) {
    // A key that was refused is forgotten, and the refusal goes on to whoever asked.
    const isAway = !isReached.value;
    if (!isAway || credential.value === null) key = null;
    throw error;
  }
}

/** Logs out, with a word for the log-in page. */
export function endSession(words = ""): void {
  key = null;
  credential.value = null;
  farewell.value = words;
  drop();
  for (const run of leaving) run();
}

/** Notes that somebody is there; a session ends after twelve hours without. */
export function touchSession(): void {
  const kept = readKept();
  if (key === null) return;
  if (kept === null || Date.now() - kept.usedAt > IDLE_MS) endSession("Logged out after a while.");
  else keep();
}

/** Tells if the credential may do this on this channel. */
export function may(scope: Scope, channel?: string): boolean {
  const { value } = credential;
  if (value === null || !value.scopes.includes(scope)) return false;
  return channel === undefined || value.channels === null || value.channels.includes(channel);
}

function readKept(): Kept | null {
  try {
    const kept = JSON.parse(sessionStorage.getItem(NAME) ?? "null") as Kept | null;
    if (kept === null || typeof kept.key !== "string") return null;
    return Date.now() - kept.usedAt > IDLE_MS ? null : kept;
  } catch {
    // A browser that keeps nothing, or something that is none of ours: nobody is logged in.
    return null;
  }
}

function keep(): void {
  if (key === null) return;
  try {
    sessionStorage.setItem(NAME, JSON.stringify({ key, usedAt: Date.now() } satisfies Kept));
  } catch {
    // It is kept in memory all the same.
  }
}

function drop(): void {
  try {
    sessionStorage.removeItem(NAME);
  } catch {
    // Nothing was kept.
  }
}
