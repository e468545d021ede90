import type { HttpAnswer } from "../kit/http.ts";

/** The client that is good, and the refresh token of its user. It stays the same. */
export const account = {
  clientId: "4711-otter.apps.googleusercontent.com",
  clientSecret: "a-client-secret",
  refreshToken: "1//a-refresh-token",
};

export const apiKey = "AIza-an-api-key";

/** The part of Google that gives out access tokens. */
export class Tokens {
  readonly refreshes: { readonly status: number }[] = [];
  expiresInSeconds = 3599;
  #good = new Set<string>();
  #isRevoked = false;
  #count = 0;
  /** Codes that were given and not used, with where each was sent. */
  readonly #codes = new Map<string, string>();

  /** Somebody consents, or does not: where they are sent back to. */
  consent(query: URLSearchParams, isGiven = true): string | null {
    const redirect = query.get("redirect_uri") ?? "";
    if (query.get("client_id") !== account.clientId || !URL.canParse(redirect)) return null;
    const back = new URL(redirect);
    back.searchParams.set("state", query.get("state") ?? "");
    // Without both no refresh token comes of it.
    const isLasting = query.get("access_type") === "offline" && query.get("prompt") === "consent";
    const code = `4/${isLasting ? "lasting" : "brief"}-${this.#codes.size + 1}`;
    if (isGiven) this.#codes.set(code, redirect);
    back.searchParams.set(isGiven ? "code" : "error", isGiven ? code : "access_denied");
    return back.toString();
  }

  /** The access tokens that are out are good no more. */
  expire(): void {
    this.#good.clear();
  }

  /** The user took it back. */
  revoke(): void {
    this.#isRevoked = true;
  }

  isGood(token: string): boolean {
    return this.#good.has(token);
  }

  answer(form: URLSearchParams): HttpAnswer {
    const answer = this.#answer(form);
    this.refreshes.push({ status: answer.status });
    return answer;
  }

  #answer(form: URLSearchParams): HttpAnswer {
    const isClient =
      form.get("client_id") === account.clientId &&
      form.get("client_secret") === account.clientSecret;
    if (!isClient) {
      return { status: 401, body: { error: "invalid_client" } };
    }
    const code = form.get("grant_type") === "authorization_code" ? form.get("code") : null;
    const isCodeGood = code !== null && this.#codes.get(code) === form.get("redirect_uri");
    if (code !== null) this.#codes.delete(code);
    const isGood =
      isCodeGood ||
      (form.get("grant_type") === "refresh_token" &&
        form.get("refresh_token") === account.refreshToken);
    if (!isGood || this.#isRevoked) {
      const said = { error: "invalid_grant", error_description: "Token has been revoked." };
      return { status: 400, body: said };
    }
    this.#count += 1;
    const token = `ya29.token-${this.#count}`;
    this.#good.add(token);
    const body = {
      access_token: token,
      expires_in: this.expiresInSeconds,
      scope: "https://www.googleapis.com/auth/youtube.force-ssl",
      token_type: "Bearer",
      ...(isCodeGood && code.includes("lasting") && { refresh_token: account.refreshToken }),
    };
    return { status: 200, body };
  }
}
