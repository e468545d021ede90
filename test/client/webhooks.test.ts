import { Webhook } from "standardwebhooks";
import { describe, it } from "vitest";

import { verifyWebhook, type WebhookDelivery } from "../../src/client/webhooks.ts";

const ID = "k3f9w2ab7q-4711";
const NOW = 1_800_000_000_000;
const BODY = JSON.stringify({ id: ID, type: "custom.note", data: { text: "Grüße, 👋" } });
const SECRET = `whsec_${btoa("0123456789abcdef0123456789abcdef")}`;
const OTHER = `whsec_${btoa("another secret, another secret, a")}`;

const pair = await crypto.subtle.generateKey("Ed25519", true, ["sign", "verify"]);
const raw = new Uint8Array(await crypto.subtle.exportKey("raw", pair.publicKey));
const PUBLIC = `whpk_${btoa(String.fromCharCode(...raw))}`;
const jwk = await crypto.subtle.exportKey("jwk", pair.publicKey);

async function signV1a(body: string): Promise<string> {
  const content = new TextEncoder().encode(`${ID}.${NOW / 1_000}.${body}`);
  const signature = await crypto.subtle.sign("Ed25519", pair.privateKey, content);
  return `v1a,${btoa(String.fromCharCode(...new Uint8Array(signature)))}`;
}

/** Signed by the reference library, and by WebCrypto as the relay does. */
async function deliver(part: Partial<WebhookDelivery> = {}, body = BODY): Promise<WebhookDelivery> {
  const v1 = new Webhook(SECRET).sign(ID, new Date(NOW), body);
  const headers = {
    "webhook-id": ID,
    "webhook-timestamp": String(NOW / 1_000),
    "webhook-signature": `v1,AAAA ${await signV1a(body)} ${v1}`,
  };
  return { body, headers, now: NOW, ...part };
}

describe("a delivery", () => {
  it.for([
    ["the secret", { secret: SECRET }],
    ["one of two secrets, as in a rotation", { secret: [OTHER, SECRET] }],
    ["the public key", { publicKey: PUBLIC }],
    [
      "one of several public keys",
      { publicKey: [btoa(String.fromCharCode(...new Uint8Array(32).fill(9))), PUBLIC] },
    ],
    ["a key set", { publicKey: { keys: [{ kty: "RSA" }, { ...jwk, kid: "wh_1/1" }] } }],
  ] as const)("is verified with %s", async ([, keys], { expect }) => {
    const { id, events } = await verifyWebhook(await deliver(keys));
    expect(id).toBe(ID);
    expect(events).toEqual([JSON.parse(BODY)]);
  });

  it("is verified by its bytes, with whatever headers a server has", async ({ expect }) => {
    const given = await deliver({ secret: SECRET, body: new TextEncoder().encode(BODY) });
    const headers = new Headers(given.headers as Record<string, string>);
    await expect(verifyWebhook({ ...given, headers })).resolves.toMatchObject({ id: ID });
    const upper = Object.fromEntries(
      [...headers].map(([name, value]) => [name.toUpperCase(), value]),
    );
    await expect(verifyWebhook({ ...given, headers: upper })).resolves.toMatchObject({ id: ID });
  });

  it("of a batch has several events", async ({ expect }) => {
    const body = JSON.stringify([{ id: "a-1" }, { id: "a-2" }]);
    const { events } = await verifyWebhook(await deliver({ secret: SECRET }, body));
    expect(events.map(({ id }) => id)).toEqual(["a-1", "a-2"]);
  });

  it.for([
    ["another secret", { secret: OTHER }, "signature_invalid"],
    ["no key at all", {}, "signature_invalid"],
    ["another body", { secret: SECRET, body: `${BODY} ` }, "signature_invalid"],
    ["an old time", { secret: SECRET, now: NOW + 301_000 }, "timestamp_invalid"],
    ["a time of the future", { secret: SECRET, now: NOW - 301_000 }, "timestamp_invalid"],
    ["no headers", { secret: SECRET, headers: {} }, "header_missing"],
  ] as const)("is refused with %s", async ([, part, code], { expect }) => {
    await expect(verifyWebhook(await deliver(part))).rejects.toMatchObject({ code });
  });

  it("is refused with any bit of a signature another", async ({ expect }) => {
    const given = await deliver({ secret: SECRET });
    const { "webhook-signature": header = "" } = given.headers as Record<string, string>;
    const last = header.lastIndexOf("v1,") + 3;
    for (let at = last; at < header.length - 2; at++) {
      const off = String.fromCharCode(header.charCodeAt(at) ^ 1);
      const signature = header.slice(0, at) + off + header.slice(at + 1);
      const headers = {
        ...(given.headers as Record<string, string>),
        "webhook-signature": signature,
      };
      await expect(verifyWebhook({ ...given, headers })).rejects.toThrow();
    }
  });
});
