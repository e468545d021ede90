import { OpenAPIHono } from "@hono/zod-openapi";

import { RelayError } from "../../errors.ts";
import { findPrincipal } from "../access.ts";
import type { AppEnv } from "../env.ts";
import { viewMasterKey } from "../master-key.ts";
import { describeJsonAnswer, route } from "../route.ts";
import { NoQuery } from "../schemas/common.ts";
import { MasterKeyState } from "../schemas/master-key.ts";
import { onInvalid } from "../validation.ts";

/** How far a change of the master key is. */
export const masterKeyRoutes = new OpenAPIHono<AppEnv>({ defaultHook: onInvalid });

masterKeyRoutes.openapi(
  route(
    { scope: "keys:manage", on: "relay" },
    {
      method: "get",
      path: "/master-key",
      tags: ["Keys"],
      summary: "Read how far a change of the master key is",
      description:
        "What is sealed is sealed anew by the minute after the master key was changed. Says when the key before may be taken away. A key that is bound to channels cannot ask.",
      request: { query: NoQuery },
      responses: { 200: describeJsonAnswer(MasterKeyState, "The state of the master key") },
    },
  ),
  async (c) => {
    const principal = await findPrincipal(c);
    if (principal.channels !== null) {
      throw new RelayError("forbidden", "This key is bound to channels.");
    }
    return c.json(await viewMasterKey(c.env, Date.now()), 200);
  },
);
