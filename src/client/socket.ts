import type { Failure } from "./errors.ts";
import type { Frame } from "./frames.ts";
import type { World } from "./http.ts";

/** A connection, as the channel uses it. */
export interface Wire {
  send(frame: object): void;
  /** Lets go of it at once, and hears nothing more of it. */
  close(): void;
}

/** Takes what a connection tells of itself. */
export interface WireEvents {
  frame(frame: Frame): void;
  closed(code: number, failure?: Failure): void;
  /** A frame made no sense. */
  error(error: unknown): void;
}

// The close of a socket that the relay ended may come late, or never: its state is looked at.
const LOOK_MS = 1_000;
const OPEN = 1;

/** A socket of `ws`. */
interface Terminable {
  terminate(): void;
}

/** Opens a WebSocket that was given a ticket. */
export function openSocket(
  { WebSocket, clock }: World,
  url: URL,
  ticket: string,
  tell: WireEvents,
): Wire {
  const address = new URL(url);
  address.protocol = url.protocol.replace("http", "ws");
  const socket = new WebSocket(address.href, ["tributary.v1", `ticket.${ticket}`]);
  let isOver = false;
  const end = (): void => {
    isOver = true;
    stopLooking();
    // The relay has closed it already: `ws` would wait half a minute for the connection's end.
    if (socket.readyState > OPEN && "terminate" in socket) (socket as Terminable).terminate();
    else socket.close();
  };
  const close = (code: number): void => {
    if (isOver) return;
    end();
    tell.closed(code);
  };
  let stopLooking = clock.setTimer(LOOK_MS, function look() {
    if (socket.readyState > OPEN) return close(1006);
    stopLooking = clock.setTimer(LOOK_MS, look);
  });
  socket.addEventListener("message", ({ data }: MessageEvent<unknown>) => {
    if (isOver) return;
    try {
      const frame = JSON.parse(String(data)) as Frame;
      if (typeof frame.type !== "string") throw new TypeError("A frame has no type.");
      tell.frame(frame);
    } catch (error) {
      // It is told of, and changes nothing.
      tell.error(error);
    }
  });
  socket.addEventListener("error", () => close(1006));
  socket.addEventListener("close", ({ code }) => close(code));
  return {
    send(frame) {
      if (socket.readyState === OPEN) socket.send(JSON.stringify(frame));
    },
    close() {
      if (!isOver) end();
    },
  };
}
