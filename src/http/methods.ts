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
  let router: TrieRouter<Route> | null = null;
  return async (c, next) => {
    router ??= routeMethods(app);
    const [found] = router.match("ALL", c.req.path);
    // What has a word of its own in an address is not one of those that any word stands for.
    const open = Math.min(...found.map(([each]) => each.open));
    const methods = new Set(found.flatMap(([each]) => (each.open === open ? each.methods : [])));
    if (methods.size > 0 && !methods.has(c.req.method)) {
      const allow = [...methods].toSorted().join(", ");
      const headers = { allow };
      throw new RelayError("method_not_allowed", `This address takes ${allow}.`, { headers });
    }
    return next();
  };
}

/** The methods of an address, and how many of its parts any word stands for. */
interface Route {
  readonly open: number;
  readonly methods: readonly string[];
}

function routeMethods({ routes }: Hono<AppEnv>): TrieRouter<Route> {
  const handlers = routes.filter(({ method }) => method !== "ALL");
  const router = new TrieRouter<Route>();
  for (const [path, some] of Map.groupBy(handlers, (route) => route.path)) {
    const methods = [...new Set(some.map(({ method }) => method))];
    // A GET is a HEAD as well.
    const all = methods.includes("GET") ? [...methods, "HEAD"] : methods;
    router.add("ALL", path, { open: path.split(/[:*]/).length, methods: all });
  }
  return router;
}
