import { z } from "@hono/zod-openapi";

import * as calls from "../../calls/provider.ts";
import { protocols, type Protocol } from "../../protocols/registry.ts";
import { nameComponent } from "./component.ts";

export const Provider = nameComponent(calls.ProviderView.omit({ updatedAt: true }), "Provider");

export const Connection = nameComponent(calls.ConnectionView, "Connection");

export const ProviderHealth = nameComponent(calls.ProviderHealth, "ProviderHealth");

/** One text of all that the protocols say of something of their own. */
function describeEachProtocol(
  describe: (provider: Protocol["provider"]) => string | undefined,
): string {
  return Object.values(protocols)
    .map(({ provider }) => `${provider.protocol} ${describe(provider) ?? "anything"}`)
    .join(", ");
}

/** The protocols whose servers everybody runs on their own. */
function listWithoutAddress(): string {
  return Object.values(protocols)
    .flatMap(({ provider }) => (provider.defaultUrl === null ? [provider.protocol] : []))
    .join(" and ");
}

const { target, credentials, url } = calls.ProviderFields.shape;

const fields = calls.ProviderFields.extend({
  target: target.meta({
    description: `Whose stream: ${describeEachProtocol(({ Target }) => Target.description)}.`,
  }),
  credentials: credentials.meta({
    description: `Never shown again. ${describeEachProtocol(({ Credentials }) => Credentials.description)}.`,
  }),
  url: url.meta({
    description: `An address of its own instead of the protocol's: wss:// to a public host. ${listWithoutAddress()} have none, and need one.`,
  }),
}).shape;

export const NewProvider = z
  .strictObject({ protocol: z.string().max(40), ...fields })
  .partial({ target: true, credentials: true, url: true, mode: true, enabled: true })
  .openapi("NewProvider");

export const ProviderPatch = z.strictObject(fields).partial().openapi("ProviderPatch");
