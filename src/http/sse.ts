/** CONTRACT 4. */
const HEARTBEAT_MS = 15_000;

export const SSE_HEADERS = {
  "content-type": "text/event-stream; charset=utf-8",
  "cache-control": "no-store, no-transform",
  "x-accel-buffering": "no",
};

// A reader that has so much unread is cut off and resumes: the bridge has nowhere else to keep it.
const UNREAD_MAX_BYTES = 1024 * 1024;

/**
 * A socket's frames as a response of Server-Sent Events: they are that already, and only passed on.
 * The stream ends with the socket, and the socket with the stream.
 */
export function makeSseResponse(socket: WebSocket, signal: AbortSignal): Response {
  const encoder = new TextEncoder();
  let heartbeat: ReturnType<typeof setInterval> | null = null;
  let hasEnded = false;
  const end = (): void => {
    if (hasEnded) return;
    hasEnded = true;
    if (heartbeat !== null) clearInterval(heartbeat);
    try {
      socket.close(1000, "");
    } catch {
      // It has gone already.
    }
  };
  const body = new ReadableStream<Uint8Array>(
    {
      start(controller) {
        const write = (text: string): void => {
          if (hasEnded) return;
          controller.enqueue(encoder.encode(text));
          if ((controller.desiredSize ?? 0) <= 0) close();
        };
        const close = (): void => {
          if (hasEnded) return;
          end();
          controller.close();
        };
        socket.addEventListener("message", ({ data }) => {
          if (typeof data === "string") write(data);
        });
        socket.addEventListener("close", close);
        socket.addEventListener("error", close);
        signal.addEventListener("abort", end);
        heartbeat = setInterval(() => write(": alive\n\n"), HEARTBEAT_MS);
        socket.accept();
      },
      cancel: end,
    },
    new ByteLengthQueuingStrategy({ highWaterMark: UNREAD_MAX_BYTES }),
  );
  return new Response(body, { headers: SSE_HEADERS });
}
