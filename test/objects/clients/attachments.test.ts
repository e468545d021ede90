import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { describe, it } from "vitest";

import type { Principal } from "../../../src/event/principal.ts";
import { Client, type ClientSpec } from "../../../src/objects/clients/client.ts";

// A socket remembers 16 KiB.
const TOO_MUCH = Array.from({ length: 400 }, (_, index) => `custom.${index}-${"x".repeat(50)}`);

const principal: Principal = { kind: "key", credentialId: "key:k", scopes: [], channels: null };

const filterOf = (types: string[]) => ({
  types,
  providers: [],
  platforms: [],
  forModerators: true,
});

/** A client on a socket of a channel's object, with what the runtime has attached to it. */
function withClient(
  spec: Partial<ClientSpec>,
  work: (client: Client, ours: WebSocket) => void,
): Promise<void> {
  const stub = env.CHANNEL.getByName(`attachments-${crypto.randomUUID()}`);
  return runInDurableObject(stub, (_, ctx) => {
    const { 0: theirs, 1: ours } = new WebSocketPair();
    ctx.acceptWebSocket(ours);
    theirs.accept();
    const about = { dialect: "tributary.v1", raw: false, principal, at: 7, session: "s" } as const;
    const client = Client.arrive(ours, {
      ...about,
      from: "192.0.2.1",
      label: null,
      openedAt: null,
      filter: filterOf(["chat.*"]),
      ...spec,
    });
    work(client, ours);
  });
}

describe("a socket that has to remember more than it can", () => {
  it("is closed when it comes", async ({ expect }) => {
    await withClient({ filter: filterOf(TOO_MUCH) }, (_, ours) => {
      expect(ours.readyState).not.toBe(WebSocket.OPEN);
    });
  });

  it("is told so when it wants another filter, and has the old one in memory as on waking", async ({
    expect,
  }) => {
    await withClient({}, (client, ours) => {
      expect(client.resubscribe(filterOf(TOO_MUCH), 9)).toBe(false);
      const woken = Client.restore(ours, ours.deserializeAttachment());
      for (const each of [client, woken]) {
        expect(each?.filter.types).toEqual(["chat.*"]);
        expect(each?.at).toBe(7);
      }
      expect(client.resubscribe(filterOf(["channel.*"]), 9)).toBe(true);
      expect(Client.restore(ours, ours.deserializeAttachment())?.filter.types).toEqual([
        "channel.*",
      ]);
    });
  });
});
