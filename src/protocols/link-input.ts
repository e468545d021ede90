import type { z } from "zod";

import { listProblems, type InputProblem } from "../event/answer.ts";
import { redactDetail } from "../event/redact.ts";
import { isPublicHost } from "../lib/address.ts";
import type { Json } from "../lib/json.ts";
import type { ProviderAdapter } from "./provider.ts";

/** A link that somebody wants: a stream, the credentials for it, and an address. */
export interface LinkInput {
  readonly target: unknown;
  /** Null: those that are there stay. */
  readonly credentials: unknown;
  /** Null: the provider's own. */
  readonly url: string | null;
}

/** The same, read; `problems` is empty where all of it can be used. */
export interface LinkRead {
  readonly target: Json;
  readonly credentials: Json | null;
  readonly problems: readonly InputProblem[];
}

/**
 * Reads what is to be linked by the protocol's own schemas. No problem ever repeats a credential.
 */
export function readLink(
  adapter: ProviderAdapter,
  { target, credentials, url }: LinkInput,
  isPrivateAllowed: boolean,
): LinkRead {
  const readTarget = adapter.Target.safeParse(target);
  const readCredentials = credentials === null ? null : adapter.Credentials.safeParse(credentials);
  return {
    target: (readTarget.data ?? null) as Json,
    credentials: (readCredentials?.data ?? null) as Json,
    problems: [
      ...(readTarget.success ? [] : listProblems(readTarget.error, "/target")),
      ...(readCredentials === null || readCredentials.success
        ? []
        : listProblems({ issues: readCredentials.error.issues.map(hideValue) }, "/credentials")),
      ...checkUrl(adapter, url, isPrivateAllowed),
    ],
  };
}

/** A field that nobody knows is not named: it may be a credential in the wrong place. */
function hideValue(issue: z.core.$ZodIssue): z.core.$ZodIssue {
  return issue.code === "unrecognized_keys"
    ? { ...issue, message: "has a field that does not belong here" }
    : issue;
}

function checkUrl(
  adapter: ProviderAdapter,
  text: string | null,
  isPrivateAllowed: boolean,
): InputProblem[] {
  const problem = (detail: string): InputProblem[] => [{ pointer: "/url", detail }];
  if (text === null) {
    return adapter.defaultUrl === null ? problem("this protocol needs an address") : [];
  }
  if (adapter.isPlaceless === true) return problem("this protocol's address is the deployment's");
  if (!URL.canParse(text)) return problem("is no address");
  const url = new URL(text);
  // An address is shown to whoever may see the link, and is not sealed.
  const isOpen = url.username === "" && url.password === "" && redactDetail(text) === text;
  if (!isOpen) return problem("must not hold credentials");
  const schemes = isPrivateAllowed ? ["wss:", "ws:"] : ["wss:"];
  if (!schemes.includes(url.protocol))
    return problem(`must begin with ${schemes.join("// or ")}//`);
  if (!isPrivateAllowed && !isPublicHost(url.hostname)) return problem("must be a public host");
  return [];
}
