import type { ChannelReport, WebhookState } from "../../calls/report.ts";
import type { WebhookCalls } from "../../calls/webhook.ts";
import { within } from "../../deadline.ts";
import { report } from "../../report.ts";
import { GIVE_MS } from "./log-follower.ts";

/** How a channel's webhooks fare, as each has told last. */
export class WebhookStates {
  #states = new Map<string, WebhookState>();

  /**
   * Asks every webhook to see to itself, as one whose alarm was lost would sleep for ever, and how it
   * fares. One that does not answer fares as it did before.
   */
  async ask(
    ids: readonly string[],
    webhook: (id: string) => Pick<WebhookCalls, "ensure">,
  ): Promise<ChannelReport["webhooks"]> {
    const states = await Promise.all(
      ids.map(async (id) => {
        try {
          return [id, await within(GIVE_MS, webhook(id).ensure())] as const;
        } catch (error) {
          report("webhook could not be roused", error, { webhook: id });
          return [id, this.#states.get(id) ?? "fine"] as const;
        }
      }),
    );
    this.#states = new Map(states);
    const those = (state: WebhookState): string[] =>
      states.filter((each) => each[1] === state).map(([id]) => id);
    return { disabled: those("disabled"), failing: those("failing") };
  }
}
