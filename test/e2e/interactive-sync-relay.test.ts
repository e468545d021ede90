import { afterAll, beforeAll, describe, it } from "vitest";

import { Client } from "./support/client.ts";
import { call, startRelay, type StartedRelay } from "./support/relay.ts";

/*
 * One relay as the Interactive Sync server of another, with nothing between them but a socket: what
 * is shown goes down, what viewers do comes up.
 */

const shown = {
  id: "dawn",
  panel: { components: [{ type: "button", name: "open-sluice", label: "Open" }] },
};

let below: StartedRelay;
let above: StartedRelay;
beforeAll(async () => {
  [below, above] = await Promise.all([startRelay(), startRelay()]);
});
afterAll(() => Promise.all([below.kill(), above.kill()]));

/** A call of a viewer's page to the relay below. */
async function page(method: string, path: string, token: string, body?: object): Promise<unknown> {
  const response = await fetch(below.url + path, {
    method,
    headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  return response.json();
}

function tokenOf(scopes: string[], about: object = {}): Promise<{ token: string }> {
  return call(below, "POST", "/channels/stage/tokens", { scopes, ttlSeconds: 600, ...about });
}

describe("a relay whose provider is another relay's Interactive Sync gateway", () => {
  it("shows its viewers what is given to the one, and tells the other what they do", async ({
    expect,
  }) => {
    const { number } = await call<{ number: number }>(below, "POST", "/channels", { id: "stage" });
    await call(above, "POST", "/channels", { id: "desk" });
    const client = await Client.open(above, "desk");
    const { token: accessToken } = await tokenOf(["interface:write"]);
    await call(above, "POST", "/channels/desk/providers", {
      protocol: "interactive-sync",
      target: {},
      credentials: { clientId: "relay", accessToken },
      url: `${below.socketUrl}/gateways/interactive-sync/`,
    });
    const connected = (): boolean =>
      client.events.some(
        ({ type, data }) => type === "connection.updated" && data["status"] === "connected",
      );
    await client.until(connected);
    const { sendId } = await call<{ sendId: string }>(
      above,
      "PUT",
      "/channels/desk/interface",
      shown,
    );
    await client.until(() => client.events.some(({ type }) => type === "send.confirmed"));
    expect(client.events.find(({ type }) => type === "send.confirmed")?.data).toMatchObject({
      sendId,
      targets: [`interactive-sync:${number}`],
    });
    const { token } = await tokenOf(["interact:write"], { subject: "v-1", name: "Reedling" });
    expect(await page("GET", "/user/interface/query", token)).toMatchObject({ id: "dawn" });
    expect(
      await page("POST", "/action/input", token, { id: "open-sluice", view: "panel" }),
    ).toMatchObject({ duration: 10_000 });
    await client.until(() => client.events.some(({ type }) => type === "interaction.input"));
    expect(client.events.find(({ type }) => type === "interaction.input")).toMatchObject({
      provider: "interactive-sync",
      connectionid: `interactive-sync:${number}`,
      data: { component: "open-sluice", view: "panel", user: { name: "Reedling" } },
    });
    client.close();
  });

  it("shows it again when the one below comes back", async ({ expect }) => {
    const { token } = await tokenOf(["interact:write"], { subject: "v-2" });
    const client = await Client.open(above, "desk");
    const port = Number(new URL(below.url).port);
    await below.kill();
    below = await startRelay({ port, data: below.data });
    await client.until(() => client.events.some(({ type }) => type === "send.confirmed"));
    expect(await page("GET", "/user/interface/query", token)).toMatchObject({ id: "dawn" });
    client.close();
  });
});
