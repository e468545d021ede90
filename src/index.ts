import { app } from "./http/app.ts";
import { letInAnywhere } from "./http/auth.ts";
import { runScheduled } from "./http/scheduled/run.ts";
import { Hub } from "./objects/hub/object.ts";

export { ChannelObject } from "./objects/channel/object.ts";
export { WebhookObject } from "./objects/webhook/object.ts";

/** A hub that lets in whom the door lets in. */
export class HubObject extends Hub {
  protected override authenticate(credential: string | null): ReturnType<typeof letInAnywhere> {
    return letInAnywhere(this.env, credential, Date.now());
  }
}

export default {
  fetch: app.fetch,
  async scheduled(controller, env) {
    await runScheduled(env, controller.scheduledTime);
  },
} satisfies ExportedHandler<Env>;
