import type { ConnectionEntry, ConnectionMap, Link } from "../../../src/channel/connection-map.ts";
import {
  drop,
  lose,
  observe,
  type Change,
  type Observed,
} from "../../../src/channel/connections.ts";
import type { EventDraft } from "../../../src/event/event.ts";
import { formatTime } from "../../../src/lib/time.ts";
import { connection } from "../../support/samples.ts";
import { LINK } from "./log.ts";

export const ID = connection.identifier;

type Loss = Parameters<typeof lose>[2];

/** A connection map to do things to, one after the other, at times of the test's own. */
export class Story {
  map: ConnectionMap = {};
  /** What was told of, in short: `updated connected u-1`, `closed u-1 removed`, `gap 1-2 silent`. */
  readonly told: string[] = [];

  seen(at: number, uuid: string, over: Partial<Observed> = {}, link: Link = LINK): this {
    return this.#take(observe(this.map, link, { ...connection, uuid, ...over }, at));
  }

  dropped(at: number, uuid: string, reason = "replaced", link: Link = LINK): this {
    const final = reason === "removed";
    return this.#take(drop(this.map, link, { uuid, reason, final }, at));
  }

  lost(at: number, over: Partial<Loss> = {}, link: Link = LINK): this {
    const loss = { claims: [], status: "connecting", reason: "silent", lastSeenAt: at } as const;
    return this.#take(lose(this.map, link, { ...loss, ...over }, at));
  }

  take(change: (map: ConnectionMap) => Change): this {
    return this.#take(change(this.map));
  }

  /** The entry of the one connection that most stories are about. */
  get entry(): ConnectionEntry | undefined {
    return this.map[ID];
  }

  #take({ map, drafts }: Change): this {
    this.map = map;
    this.told.push(...drafts.map(brief));
    return this;
  }
}

/** The same link, dialled anew. */
export function dial(dialId: string, over: Partial<Link> = {}): Link {
  return { ...LINK, dialId, ...over };
}

/** An event of the map in a few words; a gap's times as milliseconds since 1970. */
export function brief({ type, data }: EventDraft): string {
  switch (type) {
    case "connection.updated":
      return `updated ${data.status} ${data.uuid}`;
    case "connection.closed":
      return `closed ${data.uuid} ${data.reason}`;
    case "connection.gap":
      return `gap ${Date.parse(data.from)}-${Date.parse(data.to)} ${data.cause}`;
    default:
      throw new Error(`${type} at ${formatTime(0)} is no event of the map`);
  }
}
