import { z } from "zod";

import { isPublicAddress, isPublicHost } from "../../lib/address.ts";
import { decodeJson } from "../../lib/json.ts";
import { report } from "../../report.ts";

/** RFC 8484's JSON form, as large resolvers speak it. */
const RESOLVER = "https://cloudflare-dns.com/dns-query";
// A name that resolves as long as the resolver is there: it is the resolver's own.
const KNOWN_NAME = new URL(RESOLVER).hostname;
const RESOLVE_MS = 2_000;
const ANSWER_MAX_CHARS = 64 * 1024;

/** The problem of an address whose name does not resolve: it may later. */
export const UNRESOLVED = "cannot be resolved";

// A and AAAA.
const ADDRESS_TYPES = new Set([1, 28]);

// No error, and no such name (RFC 1035): with any other the resolver could not find out.
const ANSWERS: readonly number[] = [0, 3];

const Resolved = z.object({
  Status: z.number().default(0),
  Answer: z.array(z.object({ type: z.number(), data: z.string() })).optional(),
});

// What was found public is looked up again after this time; what changes within it is not seen.
const KNOWN_MS = 60_000;
const KNOWN_MAX = 16;

/** Asks a resolver for a name's addresses of one kind; null if it does not say. */
export type Resolve = (name: string, kind: "A" | "AAAA") => Promise<readonly string[] | null>;

/**
 * Keeps deliveries away from private networks: by the address itself, and by what its name resolves
 * to. A Worker cannot pin the address it looked at, so a name that changes in between gets through;
 * that the network which Workers send from has nothing private in it is the other half of the guard.
 */
export class AddressGuard {
  readonly #isPrivateAllowed: boolean;
  readonly #resolve: Resolve;
  readonly #knownUntil = new Map<string, number>();

  constructor(isPrivateAllowed: boolean, resolve: Resolve = resolveOverHttps) {
    this.#isPrivateAllowed = isPrivateAllowed;
    this.#resolve = resolve;
  }

  /** Finds the problem of an address by itself; null for none. */
  problemWith(address: string): string | null {
    if (!URL.canParse(address)) return "is no address";
    const { protocol, hostname, username, password } = new URL(address);
    if (username !== "" || password !== "") return "must not hold a name or a password";
    if (this.#isPrivateAllowed) {
      return protocol === "https:" || protocol === "http:" ? null : "must be http: or https:";
    }
    if (protocol !== "https:") return "must be https:";
    return isPublicHost(hostname) ? null : "must be a public host";
  }

  /** The same, and what its name resolves to, where a resolver can be reached. */
  async check(address: string, now: number): Promise<string | null> {
    const problem = this.problemWith(address);
    if (problem !== null || this.#isPrivateAllowed) return problem;
    const { hostname } = new URL(address);
    if ((this.#knownUntil.get(hostname) ?? 0) > now) return null;
    const found = await Promise.all([
      this.#resolve(hostname, "A"),
      this.#resolve(hostname, "AAAA"),
    ]);
    const addresses = found.flatMap((each) => each ?? []);
    if (!addresses.every(isPublicAddress)) return "resolves to a private address";
    // Whoever owns a name decides whether it can be resolved, but not whether another one can.
    const isUnknown = found.includes(null);
    if (isUnknown && (await this.#resolve(KNOWN_NAME, "A")) !== null) return UNRESOLVED;
    // Nothing was found out, and may be by the next time.
    if (!isUnknown && addresses.length === 0) return null;
    if (this.#knownUntil.size >= KNOWN_MAX) this.#knownUntil.clear();
    this.#knownUntil.set(hostname, now + KNOWN_MS);
    return null;
  }
}

async function resolveOverHttps(
  name: string,
  kind: "A" | "AAAA",
): Promise<readonly string[] | null> {
  try {
    const url = `${RESOLVER}?name=${encodeURIComponent(name)}&type=${kind}`;
    const response = await fetch(url, {
      headers: { accept: "application/dns-json" },
      redirect: "manual",
      signal: AbortSignal.timeout(RESOLVE_MS),
    });
    const decoded = decodeJson(Resolved, (await response.text()).slice(0, ANSWER_MAX_CHARS));
    if (!response.ok || !decoded.ok || !ANSWERS.includes(decoded.value.Status)) return null;
    const answers = decoded.value.Answer ?? [];
    return answers.filter(({ type }) => ADDRESS_TYPES.has(type)).map(({ data }) => data);
  } catch (error) {
    report("resolver not reached", error);
    return null;
  }
}
