/*
 * The steps that a deploy still has to do, as a plain decision: nothing is asked or changed here. A deploy
 * that was cut off anywhere begins anew, sees what is there, and goes on.
 */

import type { KeyChange } from "./key-change.ts";

/** An account that the log-in, or the token, may use. */
export interface Account {
  readonly id: string;
  readonly name: string;
}

/** The things that a deploy has found out and done so far. One that is absent is not known yet. */
export interface Known {
  readonly isLoggedIn?: boolean;
  readonly accounts?: readonly Account[];
  /** The account that is deployed to. */
  readonly account?: string;
  readonly database?: "missing" | "there";
  /** The bucket for the archive, where the relay is to have one. */
  readonly bucket?: "wanted" | "there";
  /** A change of a key that is asked for beside the deploy. */
  readonly keyChange?: KeyChange;
  /** The secrets that the Worker has, and the required ones that it does not. */
  readonly secrets?: readonly string[];
  readonly missingSecrets?: readonly string[];
  /** Values for those, which the deploy takes along. */
  readonly hasMadeSecrets?: boolean;
  /** The key can be changed, as things are. */
  readonly isKeyChangePossible?: boolean;
  /** The change of the key has begun before, and goes on with the key that was made then. */
  readonly isUnderWay?: boolean;
  readonly isMigrated?: boolean;
  /** The relay's address, once it is deployed. */
  readonly address?: string;
  readonly isReady?: boolean;
  /** The relay works with the new key, and has the one before. */
  readonly isTakenUp?: boolean;
  /** The key before is gone. */
  readonly isDropped?: boolean;
}

export type Step =
  | "ask-who"
  | "log-in"
  | "choose-account"
  | "look-for-database"
  | "look-for-secrets"
  | "judge-key-change"
  | "make-database"
  | "make-bucket"
  | "make-secrets"
  | "migrate"
  | "deploy"
  | "ask-readiness"
  | "see-key-taken-up"
  | "drop-key";

/** The state before anything was asked: a token for an account that is named needs no log-in. */
export function beginWith(
  hasToken: boolean,
  account: string | undefined,
  keyChange?: KeyChange,
): Known {
  const known = keyChange === undefined ? {} : { keyChange };
  return hasToken && account !== undefined ? { ...known, isLoggedIn: true } : known;
}

/**
 * The next step, or null when all is done. Everything is looked at before anything is made; the
 * database has its tables before code asks for them.
 */
export function nextStep(known: Known): Step | null {
  if (known.isLoggedIn === undefined) return "ask-who";
  if (!known.isLoggedIn) return "log-in";
  if (known.account === undefined) return "choose-account";
  if (known.database === undefined) return "look-for-database";
  if (known.missingSecrets === undefined) return "look-for-secrets";
  const { keyChange } = known;
  if (keyChange !== undefined && known.isKeyChangePossible !== true) return "judge-key-change";
  if (keyChange?.kind === "drop") return known.isDropped === true ? null : "drop-key";
  if (known.database === "missing") return "make-database";
  if (known.bucket === "wanted") return "make-bucket";
  const needsKey = keyChange !== undefined && known.isUnderWay !== true;
  const needsSecrets = known.missingSecrets.length > 0 || needsKey;
  if (needsSecrets && known.hasMadeSecrets !== true) return "make-secrets";
  if (known.isMigrated !== true) return "migrate";
  if (known.address === undefined) return "deploy";
  if (known.isReady !== true) return "ask-readiness";
  if (keyChange !== undefined && known.isTakenUp !== true) return "see-key-taken-up";
  return null;
}
