import { pong } from "../protocols/tributary/dialects.ts";
import { PING } from "../protocols/tributary/wire.ts";

/** Pings of our own protocol are answered without waking the object. */
export function answerPings(ctx: DurableObjectState): void {
  ctx.setWebSocketAutoResponse(new WebSocketRequestResponsePair(PING, pong));
}
