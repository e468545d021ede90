import type { ProviderRefusal } from "../../calls/provider.ts";
import { grant, refuse, type Answer } from "../../event/answer.ts";
import type { Json } from "../../lib/json.ts";
import { readLink, type LinkInput, type LinkRead } from "../../protocols/link-input.ts";
import type { ProviderAdapter } from "../../protocols/provider.ts";
import { mayDial, performExchange } from "./dial.ts";

/** Reads what is to be linked, with the target as the provider knows it. */
export async function readWanted(
  adapter: ProviderAdapter,
  wanted: LinkInput,
  isPrivateAllowed: boolean,
): Promise<Answer<Pick<LinkRead, "target" | "credentials">, ProviderRefusal>> {
  const { target, credentials, problems } = readLink(adapter, wanted, isPrivateAllowed);
  if (problems.length > 0) return refuse("invalid_input", "It cannot be linked so.", problems);
  const found = await lookUp(adapter, target, wanted.url, isPrivateAllowed);
  return found.ok ? grant({ target: found.value, credentials }) : found;
}

/** A target that is known by another name to the people who link it. */
async function lookUp(
  adapter: ProviderAdapter,
  target: Json,
  url: string | null,
  isPrivateAllowed: boolean,
): Promise<Answer<Json, ProviderRefusal>> {
  const request = adapter.lookUp?.due(target, url) ?? null;
  if (adapter.lookUp === undefined || request === null) return grant(target);
  const isBarred = url !== null && !mayDial(request.url, isPrivateAllowed);
  const answer = isBarred ? null : await performExchange(request);
  const read = answer === null ? null : adapter.lookUp.answered(target, answer);
  if (read?.ok === true) return grant(read.target);
  if (read?.isUnknown !== true) {
    return refuse("unavailable", "The provider could not be asked who this is. Try again later.");
  }
  const detail = "The provider knows nobody at this address.";
  return refuse("invalid_input", detail, [{ pointer: "/target", detail }]);
}
