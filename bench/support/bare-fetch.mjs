import { DurableObject } from "cloudflare:workers";

/** The least that delivery can be: the same request again and again, nothing signed, nothing kept. */
export class Loop extends DurableObject {
  async fetch(request) {
    const { searchParams } = new URL(request.url);
    const url = searchParams.get("to");
    const body = await request.text();
    let left = Number(searchParams.get("count"));
    const one = async () => {
      while (left > 0) {
        left -= 1;
        const response = await fetch(url, { method: "POST", body });
        await response.arrayBuffer();
      }
    };
    await Promise.all(Array.from({ length: Number(searchParams.get("at-once")) }, one));
    return new Response("done");
  }
}

export default {
  fetch: (request, env) => env.LOOP.getByName("loop").fetch(request),
};
