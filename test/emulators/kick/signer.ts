import { createSign, generateKeyPairSync, type KeyObject } from "node:crypto";

/** A key that deliveries are signed with. */
export class Signer {
  readonly #private: KeyObject;
  /** As Kick publishes it: SPKI in PEM. */
  readonly publicPem: string;

  constructor() {
    const pair = generateKeyPairSync("rsa", { modulusLength: 2048 });
    this.#private = pair.privateKey;
    this.publicPem = pair.publicKey.export({ type: "spki", format: "pem" }).toString();
  }

  /** Signs a delivery: its id, its time and its body, with stops between. */
  sign(id: string, time: string, body: string): string {
    return createSign("RSA-SHA256").update(`${id}.${time}.${body}`).sign(this.#private, "base64");
  }
}
