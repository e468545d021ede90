import { OpenAPIHono } from "@hono/zod-openapi";

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
    { scope: "keys:manage", on: "every channel" },
    {
      method: "get",
      path: "/master-key",
      operationId: "getMasterKey",
      tags: ["Keys"],
      summary: "Read how far a change of the master key is",
      description:
        "What is sealed is sealed anew by the minute after the master key was changed. Says when the key before may be taken away. A key that is bound to channels cannot see it.",
      request: { query: NoQuery },
      responses: { 200: describeJsonAnswer(MasterKeyState, "The state of the master key") },
    },
  ),
  async (c) => c.json(await viewMasterKey(c.env, Date.now()), 200),
);
