/*
 * The steps that a deploy still has to do, as a plain decision: nothing is asked or changed here. A deploy
 * that was cut off anywhere begins anew, sees what is there, and goes on.
 */

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
  /** The required secrets that the Worker does not have. */
  readonly missingSecrets?: readonly string[];
  /** Values for those, which the deploy takes along. */
  readonly hasMadeSecrets?: boolean;
  readonly isMigrated?: boolean;
  /** The relay's address, once it is deployed. */
  readonly address?: string;
  readonly isReady?: boolean;
}

export type Step =
  | "ask-who"
  | "log-in"
  | "choose-account"
  | "look-for-database"
  | "look-for-secrets"
  | "make-database"
  | "make-secrets"
  | "migrate"
  | "deploy"
  | "ask-readiness";

/** The state before anything was asked: a token for an account that is named needs no log-in. */
export function beginWith(hasToken: boolean, account: string | undefined): Known {
  return hasToken && account !== undefined ? { isLoggedIn: true } : {};
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
  if (known.database === "missing") return "make-database";
  if (known.missingSecrets.length > 0 && known.hasMadeSecrets !== true) return "make-secrets";
  if (known.isMigrated !== true) return "migrate";
  if (known.address === undefined) return "deploy";
  if (known.isReady !== true) return "ask-readiness";
  return null;
}
