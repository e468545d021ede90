import type { Group } from "../../event/group.ts";
import type { Epoch, Seq } from "../../event/ids.ts";
import type { Client } from "./client.ts";
import { EncodedGroup } from "./encoded-group.ts";

// A filtered client is told at most this often how far the log is when there is nothing for it.
const IDLE_FRAME_MS = 1_000;

interface SubscriberGroup {
  readonly clients: Set<Client>;
  /** Up to where all of them have been told. */
  toldTo: Seq;
  toldAt: number;
}

/**
 * The clients that get what comes, those alike together: what is the same for all of them is made
 * once. A group that has nothing for an audience is not told of by itself but covered by the next
 * frame, so that an overlay of tips is not kept busy by a chat.
 */
export class SubscriberGroups {
  readonly #epoch: Epoch;
  readonly #audiences = new Map<string, SubscriberGroup>();
  readonly #deliver: (client: Client, encoded: EncodedGroup) => void;
  #head: Seq = 0;
  #isTimed = false;

  constructor(epoch: Epoch, deliver: (client: Client, encoded: EncodedGroup) => void) {
    this.#epoch = epoch;
    this.#deliver = deliver;
  }

  /** Takes a client in that has got everything up to `head`. */
  seat(client: Client, head: Seq): void {
    this.#head = head;
    const audience = this.#audiences.get(client.audience);
    if (audience === undefined) {
      this.#audiences.set(client.audience, { clients: new Set([client]), toldTo: head, toldAt: 0 });
      return;
    }
    // All of an audience are told of the same ranges: the others catch up with the new one.
    this.#catchUp(audience);
    audience.clients.add(client);
  }

  unseat(client: Client): void {
    const audience = this.#audiences.get(client.audience);
    audience?.clients.delete(client);
    if (audience?.clients.size === 0) this.#audiences.delete(client.audience);
  }

  publish(group: Group, now: number): void {
    this.#head = group.to;
    for (const audience of this.#audiences.values()) {
      const encoded = this.#encode(audience, group);
      if (encoded === null) continue;
      if (encoded.isEmpty && now - audience.toldAt < IDLE_FRAME_MS) this.#catchUpLater();
      else this.#tell(audience, encoded, now);
    }
  }

  /**
   * A quiet client's position is told within IDLE_FRAME_MS: a resume reads nothing that was
   * filtered.
   */
  #catchUpLater(): void {
    if (this.#isTimed) return;
    this.#isTimed = true;
    setTimeout(() => {
      this.#isTimed = false;
      for (const audience of this.#audiences.values()) this.#catchUp(audience);
    }, IDLE_FRAME_MS);
  }

  #catchUp(audience: SubscriberGroup): void {
    if (audience.toldTo >= this.#head) return;
    const encoded = this.#encode(audience, { from: this.#head, to: this.#head, events: [] });
    if (encoded !== null) this.#tell(audience, encoded, audience.toldAt);
  }

  #encode(audience: SubscriberGroup, group: Group): EncodedGroup | null {
    const [reader] = audience.clients;
    if (reader === undefined) return null;
    return new EncodedGroup(reader, { ...group, from: audience.toldTo }, this.#epoch);
  }

  #tell(audience: SubscriberGroup, encoded: EncodedGroup, now: number): void {
    audience.toldTo = this.#head;
    audience.toldAt = now;
    for (const client of audience.clients) this.#deliver(client, encoded);
  }
}
