import { z } from "@hono/zod-openapi";

import { AuthorizationView } from "../../calls/authorization.ts";
import { Mode } from "../../event/mode.ts";
import { protocols } from "../../protocols/registry.ts";
import { nameComponent } from "./component.ts";

export const Authorization = nameComponent(AuthorizationView, "Authorization");

/** The protocols that have a log-in, each with the application that it needs. */
function listLogIns(): string {
  return Object.values(protocols)
    .flatMap(({ provider: { protocol, logIn } }) =>
      logIn === undefined ? [] : [`\`${protocol}\` ${logIn.Client.description ?? ""}`],
    )
    .join("; ");
}

const secret = z.string().min(1).max(4096);

export const NewAuthorization = z
  .strictObject({
    protocol: z
      .string()
      .max(40)
      .meta({ description: `With ${listLogIns()}.` }),
    clientId: secret.optional(),
    clientSecret: secret.optional().meta({ description: "Never shown again." }),
    target: z.record(z.string(), z.unknown()).optional().meta({
      description: "As of a provider. Of a `device` it may be left out: the account's own channel.",
    }),
    url: z.string().max(2000).nullable().optional(),
    mode: Mode.nullable().optional(),
    provider: z.string().max(40).optional().meta({
      description:
        "A provider of the channel that is to get new credentials, instead of a new one.",
    }),
  })
  .openapi("NewAuthorization");
