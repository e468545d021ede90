import { afterAll, beforeAll, describe, it } from "vitest";

import { startEmoteServices, type EmoteServices } from "../emulators/emotes/server.ts";
import { call, startRelay, type StartedRelay } from "./support/relay.ts";

interface Emotes {
  readonly emotes: Readonly<Record<string, { readonly u: string }>>;
  readonly missing: readonly string[];
}

let services: EmoteServices;
let relay: StartedRelay;
beforeAll(async () => {
  services = await startEmoteServices();
  relay = await startRelay({ env: { EMOTES_URL: services.url } });
  await call(relay, "POST", "/channels", { id: "mine", public: true });
});
afterAll(async () => {
  await relay.kill();
  await services.close();
});

const ask = (query = ""): Promise<Emotes> =>
  call<Emotes>(relay, "GET", `/channels/mine/emotes${query}`);

describe("emotes of a relay as its users start it", () => {
  it("are asked for once, though a hundred pages want them", async ({ expect }) => {
    const answers = await Promise.all(Array.from({ length: 100 }, () => ask("?twitch=620441700")));
    expect(answers.every(({ missing }) => missing.length === 0)).toBe(true);
    expect(answers[0]?.emotes).toMatchObject({
      catJAM: { u: "https://cdn.7tv.app/emote/60ae7316f7c927fad14e6ca2/2x.webp" },
    });
    expect(services.truth().asked).toHaveLength(6);
  });

  it("are had again, whoever hung up in the middle of the first request", async ({ expect }) => {
    services.do({ action: "fault", service: "ffz", fault: { kind: "hold" } });
    const before = services.truth().asked.length;
    const gone = new AbortController();
    const path = `${relay.url}/v1/channels/mine/emotes?youtube=UC0123456789012345678901`;
    const headers = { authorization: `Bearer ${relay.key}` };
    const first = fetch(path, { headers, signal: gone.signal });
    while (services.truth().asked.length === before || services.truth().open === 0) {
      await new Promise((resolve) => setImmediate(resolve));
    }
    gone.abort();
    await first.catch(() => {});
    services.do({ action: "release" });
    expect((await ask("?youtube=UC0123456789012345678901")).missing).toEqual([]);
  });

  it("are whole without two of the services, and tell of it", async ({ expect }) => {
    services.do([
      { action: "fault", service: "7tv", fault: { kind: "hang" } },
      { action: "fault", service: "ffz", fault: { kind: "status", status: 500 } },
    ]);
    const { emotes, missing } = await ask("?twitch=17");
    expect(missing).toEqual(["7tv", "ffz"]);
    expect(Object.keys(emotes)).toEqual(expect.arrayContaining([":tf:", "KEKW"]));
    services.do({ action: "release" });
  });
});
