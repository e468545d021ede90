import { Tributary } from "../../client/index.ts";
import type { StreamEvent } from "./events.ts";
import type { Beginning, Source } from "./source.ts";

/** Opens a channel of the relay that this page comes from. */
export function openRelay(id: string, key: string, { rewind, since, kept }: Beginning): Source {
  const relay = new Tributary(key === "" ? {} : { auth: key });
  const channel = relay.channel(id, {
    from: rewind ? { rewind } : since === undefined ? "now" : { since },
    ...(kept && { consumer: kept.name, positions: kept }),
  });
  return {
    on: (wanted, handler) => void channel.on(wanted as never, handler),
    async look(query) {
      const found: StreamEvent[] = [];
      for await (const event of channel.history(query as never)) found.push(event as StreamEvent);
      return found;
    },
    async find(event) {
      try {
        return (await channel.event(event)) as StreamEvent;
      } catch {
        // It was deleted, or the relay is away.
        return null;
      }
    },
    now: () => channel.serverNow(),
    watch(tell, lose) {
      channel.addEventListener("state", ({ detail: { to } }) => {
        tell(to.name === "live", "reason" in to ? `${to.name}: ${to.reason.code}` : to.name);
      });
      channel.addEventListener("gap", ({ detail: { cause } }) => {
        if (cause !== "slow") lose();
      });
    },
  };
}
