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
    const isGood =
      form.get("grant_type") === "refresh_token" &&
      form.get("refresh_token") === account.refreshToken;
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
    };
    return { status: 200, body };
  }
}
