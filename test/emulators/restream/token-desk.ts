import type { Chance } from "../kit/chance.ts";
import type { Gate } from "../kit/gate.ts";
import type { HttpAnswer, HttpQuestion } from "../kit/http.ts";
import { keep } from "../kit/keep.ts";
import type { RestreamKnobs } from "./actions.ts";
import type { ConsentDesk } from "./consent-desk.ts";
import type { IssuedTokens, RestreamReport, TokenRequest } from "./report.ts";

/** Good once, in every fresh state, so that a test can begin without asking for one. */
export const firstRefreshToken = "first-refresh-token";

const tokenPath = "/oauth/token";
const keptReports = 10_000;
const refreshLifeSeconds = 365 * 24 * 3_600;

interface Client {
  readonly id: string;
  readonly secret: string;
}

/** The token endpoint. A refresh token works once: the answer brings the next one. */
export class TokenDesk {
  readonly #chance: Chance;
  readonly #gate: Gate;
  readonly #good = new Set([firstRefreshToken]);
  readonly #issued: IssuedTokens[] = [];
  readonly #refreshes: TokenRequest[] = [];
  readonly #consents: ConsentDesk;

  constructor(chance: Chance, gate: Gate, consents: ConsentDesk) {
    this.#chance = chance;
    this.#gate = gate;
    this.#consents = consents;
  }

  /** One more refresh token that works once. */
  grant(value = `refresh-${this.#chance.hex(24)}`): string {
    this.#good.add(value);
    return value;
  }

  answer(
    { method, path, headers, body }: HttpQuestion,
    knobs: Pick<Required<RestreamKnobs>, "client" | "expiresInSeconds" | "tokenAnswer">,
  ): HttpAnswer | null {
    if (path !== tokenPath || method !== "POST") {
      return null;
    }
    const client = readBasic(headers.authorization);
    const form = new URLSearchParams(body);
    const grantType = form.get("grant_type");
    const refreshToken = form.get("refresh_token");
    const answer = this.#garble(this.#judge(client, form, knobs), knobs.tokenAnswer);
    const clientId = client?.id ?? null;
    const { status } = answer;
    keep(
      this.#refreshes,
      { grantType, refreshToken, clientId, status, at: Date.now() },
      keptReports,
    );
    return answer;
  }

  counts(): { issued: number; refreshes: number } {
    return { issued: this.#issued.length, refreshes: this.#refreshes.length };
  }

  report(): RestreamReport["tokens"] {
    return structuredClone({ issued: this.#issued, refreshes: this.#refreshes });
  }

  /** As a service answers that has just been deployed wrongly. */
  #garble(answer: HttpAnswer, how: RestreamKnobs["tokenAnswer"]): HttpAnswer {
    switch (how) {
      case "garbage":
        return { status: 200, body: "<html>Welcome</html>" };
      case "bare":
        return { status: 200, body: { access_token: "only-this" } };
      case "broken":
        return { status: 500, body: { error: "Internal Server Error" } };
      default:
        return answer;
    }
  }

  #judge(
    client: Client | null,
    form: URLSearchParams,
    { client: only, expiresInSeconds }: Parameters<TokenDesk["answer"]>[1],
  ): HttpAnswer {
    const isKnown =
      client !== null &&
      (only === null ||
        only === undefined ||
        (only.id === client.id && only.secret === client.secret));
    if (!isKnown) {
      return tokenError(401, "invalid_client", "Client authentication failed");
    }
    switch (form.get("grant_type")) {
      case "refresh_token":
        return this.#good.delete(form.get("refresh_token") ?? "")
          ? this.#issue(expiresInSeconds ?? 0)
          : tokenError(400, "invalid_token", "Refresh token is invalid or has been used");
      case "authorization_code":
        return this.#consents.redeem(form.get("code"), client.id, form.get("redirect_uri"))
          ? this.#issue(expiresInSeconds ?? 0)
          : tokenError(400, "invalid_grant", "The code is invalid, expired or was used");
      default:
        return tokenError(400, "unsupported_grant_type", "Unknown grant type");
    }
  }

  /** Letters, digits and a hyphen only: clients differ in whether they encode a token for a URL. */
  #issue(expiresInSeconds: number): HttpAnswer {
    const accessToken = `access-${this.#chance.hex(32)}`;
    const refreshToken = this.grant();
    this.#gate.issue(accessToken);
    keep(this.#issued, { accessToken, refreshToken, at: Date.now() }, keptReports);
    const nowSeconds = Math.floor(Date.now() / 1000);
    return {
      status: 200,
      body: {
        access_token: accessToken,
        accessToken,
        accessTokenExpiresAt: new Date((nowSeconds + expiresInSeconds) * 1000).toISOString(),
        accessTokenExpiresEpoch: nowSeconds + expiresInSeconds,
        refresh_token: refreshToken,
        refreshToken,
        refreshTokenExpiresAt: new Date((nowSeconds + refreshLifeSeconds) * 1000).toISOString(),
        expires_in: expiresInSeconds,
        scope: "chat.read",
        token_type: "Bearer",
        tokenType: "Bearer",
      },
    };
  }
}

export function tokenError(status: number, name: string, message: string): HttpAnswer {
  return { status, body: { error: { statusCode: status, status, code: status, message, name } } };
}

function readBasic(header: string | undefined): Client | null {
  const [, encoded] = /^Basic\s+(\S+)$/i.exec(header ?? "") ?? [];
  if (encoded === undefined) {
    return null;
  }
  const [id = "", ...rest] = Buffer.from(encoded, "base64").toString().split(":");
  return { id, secret: rest.join(":") };
}
