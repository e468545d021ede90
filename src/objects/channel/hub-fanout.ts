import type { HubCalls, HubGiven, HubPlace, HubPopulation, LogBatch } from "../../calls/hub.ts";
import type { SocketPage, SocketView } from "../../calls/socket-view.ts";
import { HOLD_MS, HUB_SLICE } from "../../channel/batching.ts";
import { within } from "../../deadline.ts";
import { EVERYTHING } from "../../event/filter.ts";
import type { Epoch, Seq } from "../../event/ids.ts";
import { reportRejected } from "../../report.ts";
import type { HeldGround } from "../../store/hub/feeds.ts";
import { dropHub, listHubs, putHub, type HubRow } from "../../store/journal/hubs.ts";
import type { FollowerPort, FollowerQuery, LogFollower, LogSlice, Settle } from "./log-follower.ts";
import type { LogFollowers } from "./log-followers.ts";

/** The part of a channel's object that giving the log to hubs needs. */
export interface HubFanoutHost {
  readonly storage: DurableObjectStorage;
  readonly followers: LogFollowers;
  readonly channel: { readonly id: string; readonly epoch: Epoch };
  /** A hub, for one call: after a failure a stub is of no more use. */
  hub(name: string): HubCalls;
  /** The facts that decide who may read the channel, as they are now. */
  ground(): HeldGround;
  /** A hub has come or gone. */
  changed(): void;
  /** A hub has given out so much since it last said so. */
  given(given: HubGiven): void;
}

// Somebody waits for this, and it is not worth a long wait.
const ASK_MS = 2_000;

const QUERY: FollowerQuery = {
  ...HUB_SLICE,
  filter: EVERYTHING,
  hearsErasures: true,
  isRaw: true,
};

/** The hubs that hold sockets of a channel, each for as long as it says that it does. */
export class HubFanout {
  readonly #host: HubFanoutHost;
  readonly #hubs = new Map<string, HubFollower>();

  constructor(host: HubFanoutHost) {
    this.#host = host;
    for (const row of listHubs(host.storage.sql)) this.#open(row);
  }

  get count(): number {
    return this.#hubs.size;
  }

  /** When the first of them has to have said again that it is there; null where there is none. */
  get expiresAt(): number | null {
    const times = [...this.#hubs.values()].map(({ row }) => row.expiresAt);
    return times.length === 0 ? null : Math.min(...times);
  }

  /**
   * A hub holds sockets of this channel, or still does. `at`: up to where; null for from now on.
   */
  attach(hub: string, lease: number, at: Seq | null, now: number): void {
    const known = this.#hubs.get(hub);
    const row = { hub, lease: Math.max(lease, known?.row.lease ?? 0), expiresAt: now + HOLD_MS };
    const attached = known ?? this.#open(row);
    attached.row = row;
    putHub(this.#host.storage.sql, row);
    attached.follower.moveTo(at ?? this.#host.followers.head);
    this.#host.changed();
  }

  /** It holds none any more, unless it has come anew since. */
  detach(hub: string, lease: number): void {
    const known = this.#hubs.get(hub);
    if (known === undefined || known.row.lease > lease) return;
    this.#hubs.delete(hub);
    this.#host.followers.drop(known.follower);
    dropHub(this.#host.storage.sql, hub);
    this.#host.changed();
  }

  /** Lets go of those that have not been heard of for too long. */
  expire(now: number): void {
    for (const { row } of this.#hubs.values()) {
      if (row.expiresAt <= now) this.detach(row.hub, row.lease);
    }
  }

  /** Asks all of them where they are: after a restart nobody knows what was still given to them. */
  nudge(): void {
    for (const { follower } of this.#hubs.values()) follower.ask();
  }

  /** The channel is gone: nothing of it is told any more. */
  stop(): void {
    for (const { follower } of this.#hubs.values()) this.#host.followers.drop(follower);
    this.#hubs.clear();
  }

  /** The sockets of this channel elsewhere, as far as the hubs can be asked. */
  async populations(): Promise<HubPopulation[]> {
    const { id } = this.#host.channel;
    const asked = [...this.#hubs.keys()].map((hub) =>
      within(ASK_MS, this.#host.hub(hub).population(id)),
    );
    return reportRejected("hub not counted", await Promise.allSettled(asked), { channel: id });
  }

  /** A page of what each hub has of the channel's sockets; null if one of them did not answer. */
  async sockets(page: SocketPage): Promise<SocketView[] | null> {
    const found = await this.#askAll((hub) => hub.sockets(this.#host.channel.id, page));
    return found?.flat() ?? null;
  }

  /** Closes a socket that is in one of the hubs; false if it is in none, null if one did not answer. */
  async endSocket(id: string): Promise<boolean | null> {
    const ended = await this.#askAll((hub) => hub.endSocket(this.#host.channel.id, id));
    return ended?.includes(true) ?? null;
  }

  /** Asks all hubs at once; null if not all of them answer. */
  async #askAll<T>(ask: (hub: HubCalls) => Promise<T>): Promise<T[] | null> {
    const { id } = this.#host.channel;
    const asked = [...this.#hubs.keys()].map((hub) => within(ASK_MS, ask(this.#host.hub(hub))));
    const told = reportRejected("hub not asked", await Promise.allSettled(asked), { channel: id });
    return told.length < asked.length ? null : told;
  }

  #open(row: HubRow): HubFollower {
    const opened = new HubFollower(this.#host, row, (lease) => this.detach(row.hub, lease));
    this.#hubs.set(row.hub, opened);
    return opened;
  }
}

/**
 * One hub as a follower of the log. Where it is is in its own storage, and in none of the
 * channel's.
 */
class HubFollower implements FollowerPort {
  readonly name: string;
  readonly isListening = true;
  readonly query = QUERY;
  // One that is away is not sent the same again and again.
  readonly isAskedFirst = true;
  readonly gatherMs = 0;
  readonly follower: LogFollower;
  row: HubRow;
  readonly #host: HubFanoutHost;
  readonly #isUnfollowed: (lease: number) => void;

  constructor(host: HubFanoutHost, row: HubRow, isUnfollowed: (lease: number) => void) {
    this.#host = host;
    this.#isUnfollowed = isUnfollowed;
    this.row = row;
    this.name = row.hub;
    this.follower = host.followers.add(this, host.followers.head);
  }

  async give(slice: LogSlice): Promise<Settle> {
    const { hub, lease } = this.row;
    const { id, epoch } = this.#host.channel;
    const batch = makeBatch(slice, this.#host.ground());
    const answer = await this.#host.hub(hub).deliver(id, epoch, batch);
    const place = readPlace(answer, slice.to);
    this.#host.given(readGiven(answer));
    return () => {
      if (place === null) this.#isUnfollowed(lease);
      return place;
    };
  }
}

/**
 * The place of a hub in the log; null if it does not follow the channel. One that was deployed
 * before says only whether it follows, and reads by itself what it lacks.
 */
function readPlace(answer: HubPlace | boolean | null, to: Seq): Seq | null {
  if (answer === null || answer === false) return null;
  return answer === true ? to : answer.at;
}

/** Reads how much a hub has given out; one that was deployed before does not say. */
function readGiven(answer: HubPlace | boolean | null): HubGiven {
  const { delivered = 0, shed = 0 } = typeof answer === "object" && answer !== null ? answer : {};
  return { delivered, shed };
}

function makeBatch({ from, to, events }: LogSlice, ground: HeldGround): LogBatch {
  const texts = events.map(({ text }) => text);
  return { from, to, texts, raws: events.map(({ raw }) => raw), ground };
}

/** The sockets of a channel, wherever they are, as one. */
export function sumPopulations(parts: readonly HubPopulation[]): HubPopulation {
  const byProtocol = new Map<string, number>();
  let delivered = 0;
  let shed = 0;
  for (const part of parts) {
    delivered += part.delivered;
    shed += part.shed;
    for (const [protocol, count] of Object.entries(part.byProtocol)) {
      byProtocol.set(protocol, (byProtocol.get(protocol) ?? 0) + count);
    }
  }
  return { byProtocol: Object.fromEntries(byProtocol), delivered, shed };
}
