import { DurableObject } from "cloudflare:workers";

/** The least that fan-out can be: one frame in, one frame out to every socket, nothing kept. */
export class Loop extends DurableObject {
  async fetch(request) {
    const source = new URL(request.url).searchParams.get("source");
    if (source !== null) {
      const response = await fetch(source.replace("ws:", "http:"), {
        headers: { upgrade: "websocket", "sec-websocket-protocol": "graphql-ws" },
      });
      const upstream = response.webSocket;
      upstream.accept();
      upstream.addEventListener("message", ({ data }) => {
        if (!data.startsWith('{"payload"')) return;
        for (const socket of this.ctx.getWebSockets()) socket.send(data);
      });
      upstream.send('{"type":"connection_init","payload":{}}');
      upstream.send('{"type":"start","id":"1"}');
      return new Response("dialled");
    }
    const { 0: theirs, 1: ours } = new WebSocketPair();
    this.ctx.acceptWebSocket(ours);
    return new Response(null, { status: 101, webSocket: theirs });
  }
}

export default {
  fetch: (request, env) => env.LOOP.getByName("loop").fetch(request),
};
