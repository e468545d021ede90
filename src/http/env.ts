import type { Principal } from "../event/principal.ts";

/** What Hono knows of a request: the Worker's bindings, and what the middleware found out. */
export interface AppEnv {
  Bindings: Env;
  Variables: {
    requestId: string;
    /** Who asks; looked up once, when first needed. */
    principal: Principal | undefined;
  };
}
