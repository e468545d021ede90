import { app } from "./http/app.ts";
import { runScheduled } from "./http/scheduled.ts";

export { ChannelObject } from "./objects/channel-object.ts";

export default {
  fetch: app.fetch,
  async scheduled(controller, env) {
    await runScheduled(env, controller.scheduledTime);
  },
} satisfies ExportedHandler<Env>;
