import { Webhook } from "standardwebhooks";
import { describe, it } from "vitest";

import { signDelivery, type SigningKeys } from "../../src/delivery/signature.ts";
import {
  fromBase64,
  importEd25519Key,
  importHmacKey,
  exportPublicKey,
  toBase64,
} from "../../src/lib/signing.ts";

interface Pair extends SigningKeys {
  readonly secret: string;
  readonly publicKey: Uint8Array<ArrayBuffer>;
}

async function pair(secret: Uint8Array<ArrayBuffer>, seed: Uint8Array<ArrayBuffer>): Promise<Pair> {
  const ed25519 = await importEd25519Key(seed);
  return {
    hmac: await importHmacKey(secret),
    ed25519,
    secret: `whsec_${toBase64(secret)}`,
    publicKey: await exportPublicKey(ed25519),
  };
}

const bytes = (from: number): Uint8Array<ArrayBuffer> =>
  Uint8Array.from({ length: 32 }, (_, index) => (from + index * 7) % 256);

const first = await pair(bytes(1), bytes(100));
const second = await pair(bytes(2), bytes(200));

const ID = "k3f9w2ab7q-4711";
const BODY = JSON.stringify({ specversion: "1.0", data: { text: "Grüße, 👋" } });
const now = Math.floor(Date.now() / 1_000);

const headersOf = (signature: string, id = ID, timestamp = now): Record<string, string> => ({
  "webhook-id": id,
  "webhook-timestamp": String(timestamp),
  "webhook-signature": signature,
});

/** Verifies `v1a` with WebCrypto, as a receiver does from the published key. */
async function isSignedBy(
  publicKey: Uint8Array<ArrayBuffer>,
  header: string,
  {
    id = ID,
    timestamp = now,
    body = BODY,
  }: { id?: string; timestamp?: number; body?: string } = {},
): Promise<boolean> {
  const key = await crypto.subtle.importKey("raw", publicKey, "Ed25519", true, ["verify"]);
  const content = new TextEncoder().encode(`${id}.${timestamp}.${body}`);
  for (const signature of header.split(" ")) {
    if (!signature.startsWith("v1a,")) continue;
    if (await crypto.subtle.verify("Ed25519", key, fromBase64(signature.slice(4)), content)) {
      return true;
    }
  }
  return false;
}

/** The same text with one bit of one of its characters another. */
function oneBitOff(text: string, at: number): string {
  const code = text.charCodeAt(at % text.length) ^ 1;
  return (
    text.slice(0, at % text.length) + String.fromCharCode(code) + text.slice((at % text.length) + 1)
  );
}

describe("a signature", () => {
  it("is what others get from the same secret and the same key", async ({ expect }) => {
    // Known answers of another sender's tests, for both algorithms.
    const key = fromBase64(
      "6Xb/dCcHpPea21PS1N9VY/NZW723CEc77N4rJCubMbfVKIDij2HKpMKkioLlX0dRqSKJp4AJ6p9lMicMFs6Kvg==",
    );
    const known = await pair(fromBase64("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"), key.slice(0, 32));
    expect(known.publicKey).toEqual(key.slice(32));
    const id = "msg_p5jXN8AQM9LWM0D4loKWxJek";
    expect(await signDelivery([known], id, 1_614_265_330, '{"test": 2432232314}')).toBe(
      "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE= " +
        "v1a,hnO3f9T8Ytu9HwrXslvumlUpqtNVqkhqw/enGzPCXe5BdqzCInXqYXFymVJaA7AZdpXwVLPo3mNl8EM+m7TBAg==",
    );
  });

  it("is verified by standardwebhooks, and by WebCrypto from the published key", async ({
    expect,
  }) => {
    const header = await signDelivery([first], ID, now, BODY);
    expect(new Webhook(first.secret).verify(BODY, headersOf(header))).toEqual(JSON.parse(BODY));
    expect(await isSignedBy(first.publicKey, header)).toBe(true);
  });

  it("is verified from the key as it stands in a JSON Web Key set", async ({ expect }) => {
    const header = await signDelivery([first], ID, now, BODY);
    const x = toBase64(first.publicKey).replaceAll("+", "-").replaceAll("/", "_").replace("=", "");
    const jwk = { kty: "OKP", crv: "Ed25519", x };
    const key = await crypto.subtle.importKey("jwk", jwk, "Ed25519", true, ["verify"]);
    const signature = fromBase64(header.split("v1a,")[1] ?? "");
    const content = new TextEncoder().encode(`${ID}.${now}.${BODY}`);
    expect(await crypto.subtle.verify("Ed25519", key, signature, content)).toBe(true);
  });

  it("is of both secrets during a rotation, so that whoever has either can verify", async ({
    expect,
  }) => {
    const header = await signDelivery([second, first], ID, now, BODY);
    expect(header.split(" ").map((each) => each.split(",")[0])).toEqual(["v1", "v1a", "v1", "v1a"]);
    for (const { secret, publicKey } of [first, second]) {
      expect(new Webhook(secret).verify(BODY, headersOf(header))).toEqual(JSON.parse(BODY));
      expect(await isSignedBy(publicKey, header)).toBe(true);
    }
    const after = await signDelivery([second], ID, now, BODY);
    expect(() => new Webhook(first.secret).verify(BODY, headersOf(after))).toThrow();
    expect(await isSignedBy(first.publicKey, after)).toBe(false);
  });

  it("is refused with one bit off, in any character of id or body", async ({ expect }) => {
    const header = await signDelivery([first], ID, now, BODY);
    const receiver = new Webhook(first.secret);
    for (let at = 0; at < ID.length; at++) {
      const id = oneBitOff(ID, at);
      expect(() => receiver.verify(BODY, headersOf(header, id))).toThrow();
      expect(await isSignedBy(first.publicKey, header, { id })).toBe(false);
    }
    for (let at = 0; at < BODY.length; at++) {
      const body = oneBitOff(BODY, at);
      expect(() => receiver.verify(body, headersOf(header))).toThrow();
      expect(await isSignedBy(first.publicKey, header, { body })).toBe(false);
    }
  });

  it("is refused with one bit off in its time", async ({ expect }) => {
    const header = await signDelivery([first], ID, now, BODY);
    for (const timestamp of [now ^ 1, now ^ 2, now ^ 4]) {
      expect(() =>
        new Webhook(first.secret).verify(BODY, headersOf(header, ID, timestamp)),
      ).toThrow();
      expect(await isSignedBy(first.publicKey, header, { timestamp })).toBe(false);
    }
  });

  it("is refused with any one bit off in the key", async ({ expect }) => {
    const header = await signDelivery([first], ID, now, BODY);
    for (let bit = 0; bit < 256; bit++) {
      const off = (key: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> =>
        key.map((byte, index) => (index === bit >> 3 ? byte ^ (1 << (bit & 7)) : byte));
      const secret = `whsec_${toBase64(off(fromBase64(first.secret.slice(6))))}`;
      expect(() => new Webhook(secret).verify(BODY, headersOf(header))).toThrow();
      // A point that is not on the curve may be refused as a key already.
      const isTaken = await isSignedBy(off(first.publicKey), header).catch(() => false);
      expect(isTaken).toBe(false);
    }
  });
});
