import relay from "./index.js";
/*
 * The relay as it runs on one machine: the bundle, with bindings that cost nothing there.
 */
import { LocalRateLimit } from "./rate-limit.mjs";

export * from "./index.js";

let known = null;
let local = null;

/** The bindings, each as the machine has it: the same for every request. */
function localise(env) {
  if (env !== known) {
    const { LOCAL_RATE_LIMIT, ...others } = env;
    known = env;
    local = {
      ...others,
      ...(LOCAL_RATE_LIMIT !== null && { RATE_LIMIT: new LocalRateLimit(LOCAL_RATE_LIMIT) }),
    };
  }
  return local;
}

export default {
  fetch: (request, env, ctx) => relay.fetch(request, localise(env), ctx),
  scheduled: (controller, env, ctx) => relay.scheduled(controller, localise(env), ctx),
};
