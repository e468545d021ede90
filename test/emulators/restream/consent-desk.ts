import type { Chance } from "../kit/chance.ts";
import type { HttpAnswer, HttpQuestion } from "../kit/http.ts";
import { keep } from "../kit/keep.ts";

const loginPath = "/login";
const keptCodes = 1_000;

interface Code {
  readonly clientId: string;
  readonly redirectUri: string;
  readonly goodUntil: number;
}

export interface ConsentKnobs {
  /** What the owner of the account does. "again": consents, and is given a code that was used. */
  readonly consent: "allow" | "deny" | "again" | "invalid";
  readonly codeLifeMs: number;
}

export interface ConsentReport {
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
}

/** Where somebody consents: the answer sends them back with a code, or with a word for why not. */
export class ConsentDesk {
  readonly #chance: Chance;
  readonly #codes = new Map<string, Code>();
  readonly #asked: ConsentReport[] = [];
  #lastUsed: string | null = null;

  constructor(chance: Chance) {
    this.#chance = chance;
  }

  answer({ method, path, query }: HttpQuestion, knobs: ConsentKnobs): HttpAnswer | null {
    if (path !== loginPath || method !== "GET") {
      return null;
    }
    keep(this.#asked, { path, query: Object.fromEntries(query) }, keptCodes);
    const clientId = query.get("client_id");
    const redirectUri = query.get("redirect_uri");
    if (clientId === null || redirectUri === null || query.get("response_type") !== "code") {
      return { status: 400, body: "The request is missing a parameter." };
    }
    const back = new URL(redirectUri);
    back.searchParams.set("state", query.get("state") ?? "");
    if (knobs.consent === "deny") {
      back.searchParams.set("error", "access_denied");
    } else if (knobs.consent === "invalid") {
      back.searchParams.set("error", "invalid_scope");
    } else {
      back.searchParams.set("code", this.#give(clientId, redirectUri, knobs));
    }
    return { status: 302, body: null, headers: { location: back.toString() } };
  }

  /** A code is good once, for whom and where it was given, and not for long. */
  redeem(code: string | null, clientId: string, redirectUri: string | null): boolean {
    const known = this.#codes.get(code ?? "");
    if (code === null || known === undefined) {
      return false;
    }
    this.#codes.delete(code);
    this.#lastUsed = code;
    return (
      known.clientId === clientId &&
      known.redirectUri === redirectUri &&
      known.goodUntil > Date.now()
    );
  }

  report(): readonly ConsentReport[] {
    return structuredClone(this.#asked);
  }

  #give(clientId: string, redirectUri: string, { consent, codeLifeMs }: ConsentKnobs): string {
    if (consent === "again" && this.#lastUsed !== null) {
      return this.#lastUsed;
    }
    const code = `code-${this.#chance.hex(16)}`;
    this.#codes.set(code, { clientId, redirectUri, goodUntil: Date.now() + codeLifeMs });
    return code;
  }
}
