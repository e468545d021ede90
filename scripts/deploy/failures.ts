/*
 * The words about a step that did not succeed: what it was, the reason as it was given, and what to
 * do.
 */
import type { Account, Step } from "./steps.ts";

/** A failure that a person can do something about. */
export class Failure extends Error {
  constructor(what: string, reason: string, advice: string) {
    const lines = [what, ...reason.trim().split("\n").filter(Boolean), `What to do: ${advice}`];
    super(lines.join("\n  "));
  }
}

const WHAT: Record<Step, string> = {
  "ask-who": "Cloudflare did not say who is logged in.",
  "log-in": "Nobody is logged in to Cloudflare.",
  "choose-account": "It is not clear which account of Cloudflare's to use.",
  "look-for-database": "The databases of the account could not be listed.",
  "look-for-secrets": "The Worker's secrets could not be listed.",
  "make-database": "The database could not be made.",
  "make-bucket": "The archive's bucket could not be made.",
  "make-secrets": "The secrets were not made.",
  migrate: "The database's tables could not be brought up to date.",
  deploy: "The Worker could not be deployed.",
  "ask-readiness": "The relay is deployed, and did not become ready.",
  "judge-key-change": "It could not be found out whether the key may be changed.",
  "see-key-taken-up": "The relay could not be asked whether it has taken the key up.",
  "drop-key": "The key before could not be taken away.",
};

/** The permission that a token needs for a step, in the words of Cloudflare's dashboard. */
const PERMISSION: Partial<Record<Step, string>> = {
  "look-for-database": "Account, D1: Edit",
  "make-database": "Account, D1: Edit",
  "make-bucket": "Account, Workers R2 Storage: Edit",
  migrate: "Account, D1: Edit",
  "judge-key-change": "Account, D1: Edit",
  "see-key-taken-up": "Account, D1: Edit",
  "drop-key": "Account, Workers Scripts: Edit",
  "look-for-secrets": "Account, Workers Scripts: Edit",
  deploy:
    "Account, Workers Scripts: Edit (with a domain of its own also Zone, Workers Routes: Edit)",
};

const TOKENS = "https://dash.cloudflare.com/profile/api-tokens";
const AGAIN = "run `npm run deploy` again: it goes on from where it is.";

/** Reasons that any step can meet, each with what to do. */
const ADVICE: readonly (readonly [RegExp, string])[] = [
  [
    /fetch failed|ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|network/i,
    `see that this machine reaches https://api.cloudflare.com (a proxy is named by HTTPS_PROXY), and ${AGAIN}`,
  ],
  [
    /workers\.dev subdomain|workers\/onboarding/,
    `choose the account's name on workers.dev at the address above, once, and ${AGAIN}`,
  ],
  [
    /maximum number of D1 databases/,
    `delete a database that is not needed (\`npx wrangler d1 list\`, \`npx wrangler d1 delete\`), or take Workers Paid, and ${AGAIN}`,
  ],
  [
    /code: 10072\b|cron triggers?.*(limit|exceeded)|(limit|exceeded).*cron triggers?/i,
    `the account has as many cron triggers as its plan allows: delete one of another Worker, or take Workers Paid, and ${AGAIN}`,
  ],
  [
    /is in jurisdiction/,
    "a database stays where it was made: put `jurisdiction` in wrangler.toml back to what it was, or give the database another name there.",
  ],
  [
    /code: 10042\b|enable R2/i,
    `take R2 for the account once, in Cloudflare's dashboard (Storage, R2), or take the binding ARCHIVE out of wrangler.toml, and ${AGAIN}`,
  ],
  [/code: (429|971|10429)\b|rate.?limit/i, `wait some minutes, and ${AGAIN}`],
  [
    /\b(500|502|503|504|52\d)\b|internal error|Internal Server Error/i,
    `wait some minutes (https://www.cloudflarestatus.com says how they are), and ${AGAIN}`,
  ],
];

/** The failure of a step that wrangler was asked to do. */
export function explain(step: Step, reason: string, hasToken: boolean): Failure {
  return new Failure(WHAT[step], reason, adviseOn(step, reason, hasToken));
}

function adviseOn(step: Step, reason: string, hasToken: boolean): string {
  const isRefused =
    /Authentication error|code: (10000|9109|9106|6003|6111)\b|Invalid (API|access) token|permission|Unauthorized|Forbidden/i;
  if (isRefused.test(reason)) {
    if (!hasToken) return "log in anew (`npx wrangler login`), and run `npm run deploy` again.";
    const permission = PERMISSION[step] ?? "Account, Workers Scripts: Edit, and Account, D1: Edit";
    return `give the token in CLOUDFLARE_API_TOKEN this permission, or make another, at ${TOKENS}: ${permission}. Then ${AGAIN}`;
  }
  const found = ADVICE.find(([pattern]) => pattern.test(reason));
  if (found !== undefined) return found[1];
  if (step === "deploy" && /inherit binding/.test(reason)) {
    return "Cloudflare did not rename the key that there is. Set it yourself as TRIBUTARY_MASTER_KEY_PREVIOUS (or TRIBUTARY_ADMIN_KEY_PREVIOUS) in the environment, and run the same again: nothing was changed.";
  }
  if (step === "migrate") {
    return `the database is as it was before the migration that failed, and what is deployed still runs. Mend what the reason names, and ${AGAIN}`;
  }
  return `mend what the reason names, and ${AGAIN}`;
}

/** Nobody is logged in, and nobody is there to do it. */
export function explainNoLogIn(hasToken: boolean): Failure {
  return hasToken
    ? new Failure(
        WHAT["log-in"],
        "The token in CLOUDFLARE_API_TOKEN was not taken.",
        `make a token at ${TOKENS} with Account, Workers Scripts: Edit, and Account, D1: Edit, and put it there.`,
      )
    : new Failure(
        WHAT["log-in"],
        "The log-in needs a browser, and was not completed, or this is not a terminal.",
        `run \`npx wrangler login\` (with --device where no browser can reach this machine), or set CLOUDFLARE_API_TOKEN (${TOKENS}), and ${AGAIN}`,
      );
}

/** No account, or more than one and nobody to choose. */
export function explainNoAccount(accounts: readonly Account[]): Failure {
  const reason = accounts.map(({ id, name }) => `${id}  ${name}`).join("\n");
  return accounts.length === 0
    ? new Failure(
        WHAT["choose-account"],
        "The log-in, or the token, names none.",
        `set CLOUDFLARE_ACCOUNT_ID; it is in the dashboard's address. Then ${AGAIN}`,
      )
    : new Failure(
        WHAT["choose-account"],
        reason,
        `set CLOUDFLARE_ACCOUNT_ID to one of these, and ${AGAIN}`,
      );
}

/** wrangler takes a name that it does not know for the first environment. */
export function explainNoEnvironment(name: string): Failure {
  return new Failure(
    `There is no environment ${name}.`,
    "wrangler.toml does not name it.",
    "take the comment signs from the [env.staging] block at its end, or leave --env out.",
  );
}

/** The admin key would be kept by a log that others may read. */
export function explainNoAdminKey(): Failure {
  return new Failure(
    WHAT["make-secrets"],
    "An admin key would have to be made, and what is printed here is kept in a log.",
    "choose a long random one and set it as TRIBUTARY_ADMIN_KEY for this build (as TRIBUTARY_ADMIN_KEY_NEXT, where it is changed), as a secret; or set it as a secret of the Worker. Then build again.",
  );
}

/** The last answer of the relay's address. */
export interface Readiness {
  readonly status: number | null;
  /** False: its database has not got the tables of this version. */
  readonly isMigrated?: boolean;
  /** Why there was no answer at all. */
  readonly error?: string;
}

/** The relay is there, as far as Cloudflare says, and does not say that it is ready. */
export function explainNotReady(address: string, last: Readiness, waitedSeconds: number): Failure {
  const question = `${address}/readyz`;
  const heard = last.status === null ? `did not answer (${last.error})` : `answered ${last.status}`;
  return new Failure(
    WHAT["ask-readiness"],
    `${question} ${heard}, after ${waitedSeconds} s.`,
    adviseOnReadiness(last, question),
  );
}

function adviseOnReadiness({ status, isMigrated }: Readiness, question: string): string {
  if (status === 503 && isMigrated === false) {
    return `the relay runs, and its database has not got its tables: is it bound to the database that was migrated (\`database_name\` in wrangler.toml)? \`npm run migrate\` applies what is missing.`;
  }
  if (status === 503) {
    return `the relay runs, and its database does not answer: ${AGAIN} If it stays so, \`npx wrangler tail\` shows what the relay meets.`;
  }
  if (status !== null && ((status >= 300 && status < 400) || status === 401 || status === 403)) {
    return "something of Cloudflare's stands before the relay: Access, Bot Fight Mode or a WAF rule. docs/operating.md says what must be let through.";
  }
  if (status !== null && status >= 500) {
    return "the relay fails as it starts: `npx wrangler tail` shows why. `npx wrangler rollback` puts the version before back.";
  }
  return `a new address can take some minutes to be known everywhere: ask ${question} again, or ${AGAIN}`;
}
