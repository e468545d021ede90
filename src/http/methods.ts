import type { Hono, MiddlewareHandler } from "hono";
import { TrieRouter } from "hono/router/trie-router";

import { RelayError } from "../errors.ts";
import type { AppEnv } from "./env.ts";

/**
 * A method that an address does not take is a 405 that says which it takes (RFC 9110, 15.5.6), before
 * anything else of the request is looked at: no body is read for nothing.
 */
export function requireMethod(app: Hono<AppEnv>): MiddlewareHandler<AppEnv> {
  // Made at the first request: by then all routes are there.
  let router: TrieRouter<readonly string[]> | null = null;
  return async (c, next) => {
    router ??= routeMethods(app);
    const [found] = router.match("ALL", c.req.path);
    const methods = new Set(found.flatMap(([each]) => each));
    if (methods.size > 0 && !methods.has(c.req.method)) {
      const allow = [...methods].toSorted().join(", ");
      const headers = { allow };
      throw new RelayError("method_not_allowed", `This address takes ${allow}.`, { headers });
    }
    return next();
  };
}

function routeMethods({ routes }: Hono<AppEnv>): TrieRouter<readonly string[]> {
  const handlers = routes.filter(({ method }) => method !== "ALL");
  const router = new TrieRouter<readonly string[]>();
  for (const [path, some] of Map.groupBy(handlers, (route) => route.path)) {
    const methods = [...new Set(some.map(({ method }) => method))];
    // A GET is a HEAD as well.
    router.add("ALL", path, methods.includes("GET") ? [...methods, "HEAD"] : methods);
  }
  return router;
}
