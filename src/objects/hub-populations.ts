import type { HubPopulation } from "../calls/channel.ts";

/** The sockets of a channel, wherever they are, as one. */
export function together(parts: readonly HubPopulation[]): HubPopulation {
  const byProtocol: Record<string, number> = {};
  let delivered = 0;
  let shed = 0;
  for (const part of parts) {
    delivered += part.delivered;
    shed += part.shed;
    for (const [protocol, count] of Object.entries(part.byProtocol)) {
      byProtocol[protocol] = (byProtocol[protocol] ?? 0) + count;
    }
  }
  return { byProtocol, delivered, shed };
}
