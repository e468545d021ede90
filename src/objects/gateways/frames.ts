import type { GatewayEffect } from "../../protocols/gateway-session.ts";
import type { GatewayAdapter } from "../../protocols/gateway.ts";

// A mark at the beginning is kept, and is no JSON: neither is it to a server that reads bytes so.
const utf8 = new TextDecoder("utf-8", { fatal: false, ignoreBOM: true });

/** A frame as its session is given it: null for a binary one that its protocol does not read. */
export function readText(
  frame: string | ArrayBuffer,
  { readsBinary }: GatewayAdapter,
): string | null {
  if (typeof frame === "string") return frame;
  return readsBinary === true ? utf8.decode(frame) : null;
}

/**
 * Ends a socket whose session closes it as it opens; false if it does not. One that the runtime was
 * to keep asleep would stay half open for as long as its client says nothing.
 */
export function turnAway(socket: WebSocket, effects: readonly GatewayEffect[]): boolean {
  const end = effects.find(({ type }) => type === "socket-close");
  if (end?.type !== "socket-close") return false;
  socket.accept();
  for (const effect of effects) if (effect.type === "frame-send") socket.send(effect.frame);
  socket.close(end.code, end.reason);
  return true;
}
