import { lookUp } from "../lib/json.ts";
import type { Job } from "./job.ts";
import { chooseNextInTurn } from "./turn-taking.ts";

/** The pace of one account, and whose turn it is there. */
interface Account {
  /** No send before this, in milliseconds since 1970. */
  readonly freeAt: number;
  /** The job that the pace is kept after. */
  readonly after: string;
  /** Those who have been served, the last one last. */
  readonly served: readonly string[];
}

/**
 * The way to one provider's accounts. It outlives its sessions as long as anything waits: a provider
 * that is lost often must not favour the loud.
 */
export interface Line {
  /** A session is ready. */
  readonly isOpen: boolean;
  /** Least time between two sends to one account. */
  readonly paceMs: number;
  /** By the connection's identifier, the one that was sent to last at the end. */
  readonly accounts: Readonly<Record<string, Account>>;
}

// As many as anybody has linked behind one provider, and few enough to be kept in memory.
const ACCOUNTS_MAX = 100;
const SERVED_MAX = 100;

/** A session is ready: it has sent nothing yet. */
export function openLine(before: Line | undefined, paceMs: number): Line {
  const accounts = Object.entries(before?.accounts ?? {}).map(
    ([identifier, account]) => [identifier, { ...account, freeAt: 0 }] as const,
  );
  return { isOpen: true, paceMs, accounts: Object.fromEntries(accounts) };
}

/** When an account may be sent to next; null while no session is ready. */
export function findFreeAt(line: Line | undefined, identifier: string): number | null {
  if (line === undefined || !line.isOpen) return null;
  return lookUp(line.accounts, identifier)?.freeAt ?? 0;
}

/** Gives each account that is free the first of those who wait for it, as their turns are. */
export function serveAccounts(
  before: Line,
  waiting: readonly Job[],
  at: number,
): { line: Line; chosen: readonly Job[] } {
  let line = before;
  const chosen: Job[] = [];
  for (const identifier of new Set(waiting.map((job) => job.identifier))) {
    const freeAt = findFreeAt(before, identifier);
    if (freeAt === null || at < freeAt) continue;
    const served = lookUp(before.accounts, identifier)?.served ?? [];
    const here = waiting.filter((job) => job.identifier === identifier);
    const job = chooseNextInTurn(here, served);
    if (job === undefined) continue;
    const others = served.filter((each) => each !== job.sender);
    line = putLast(line, identifier, {
      freeAt: at + line.paceMs,
      after: job.id,
      served: [...others, job.sender].slice(-SERVED_MAX),
    });
    chosen.push(job);
  }
  return { line, chosen };
}

/** Takes back what an account was given and was not sent: the next one keeps no pace after it. */
export function giveBackPace(line: Line, { id, identifier }: Job): Line {
  const account = lookUp(line.accounts, identifier);
  if (account?.after !== id) return line;
  return { ...line, accounts: { ...line.accounts, [identifier]: { ...account, freeAt: 0 } } };
}

function putLast(line: Line, identifier: string, account: Account): Line {
  const { [identifier]: _before, ...others } = line.accounts;
  const accounts = [...Object.entries(others), [identifier, account] as const];
  return { ...line, accounts: Object.fromEntries(accounts.slice(-ACCOUNTS_MAX)) };
}
