import { z } from "zod";

import { decodeJson } from "../../../lib/json.ts";
import type { HttpExchange } from "../../session.ts";
import { ID_URL } from "../wire/frames.ts";
import { makeHttpUrl, type Account } from "./credentials.ts";

const WRITING = "user:write:chat";

/** Twitch's word on a token. */
export type Validation =
  | { readonly type: "good"; readonly userId: string }
  /** Nobody can write with it, for a reason that a person can mend. */
  | { readonly type: "useless"; readonly reason: string }
  /** It has run out, or was taken back. */
  | { readonly type: "refused" }
  /** It was not said. */
  | { readonly type: "unknown" };

/** Asks about a token. Whoever keeps one has to, at the start and each hour. */
export function requestValidation(url: string | null, { token }: Account): HttpExchange {
  return {
    url: makeHttpUrl(url, ID_URL, "/oauth2/validate"),
    method: "GET",
    headers: { authorization: `OAuth ${token}`, accept: "application/json" },
  };
}

const Answer = z.looseObject({
  client_id: z.string(),
  user_id: z.string().min(1),
  scopes: z.array(z.string()).nullish(),
});

export function readValidation(account: Account, status: number, body: string): Validation {
  if (status === 401) return { type: "refused" };
  const decoded = status === 200 ? decodeJson(Answer, body) : null;
  if (decoded?.ok !== true) return { type: "unknown" };
  const { client_id: clientId, user_id: userId, scopes } = decoded.value;
  if (clientId !== account.clientId) return { type: "useless", reason: "token_wrong_client" };
  if (scopes?.includes(WRITING) !== true) return { type: "useless", reason: "scope_missing" };
  return { type: "good", userId };
}
