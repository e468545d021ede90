import { BadInput } from "../kit/bad-input.ts";
import type { Chance } from "../kit/chance.ts";
import type { Utterance } from "../kit/utterance.ts";
import type { RestreamAction } from "./actions.ts";
import { identifierOf, platformOf } from "./platforms.ts";
import type { ConnectionReport } from "./report.ts";
import { frame, userId, type Utter } from "./wire.ts";

export interface Connection extends ConnectionReport {
  readonly identifier: string;
  /** Says how it stands. The same utterance until something about it changes. */
  readonly announcement: Utterance;
  /** Gives the announcement the time of now, for a socket that is told for the first time. */
  restamp(): void;
}

type ActionOf<Name extends RestreamAction["action"]> = Extract<RestreamAction, { action: Name }>;
type State = Omit<Connection, "announcement" | "restamp">;

/** The service's own map of connections, and the words in which it tells of them. */
export class Connections {
  readonly #chance: Chance;
  readonly #utter: Utter;
  readonly #byIdentifier = new Map<string, Connection>();

  constructor(chance: Chance, utter: Utter) {
    this.#chance = chance;
    this.#utter = utter;
  }

  get all(): Connection[] {
    return [...this.#byIdentifier.values()];
  }

  get(identifier: string): Connection {
    const connection = this.#byIdentifier.get(identifier);
    if (connection === undefined) {
      const there = [...this.#byIdentifier.keys()].join(", ");
      throw new BadInput(`There is no connection "${identifier}": there are ${there || "none"}`);
    }
    return connection;
  }

  /** The first one to that platform, one that works before one that does not. */
  find(eventSourceId: number): Connection | undefined {
    const ofSource = this.all.filter((connection) => connection.eventSourceId === eventSourceId);
    return ofSource.find(({ status }) => status === "connected") ?? ofSource[0];
  }

  /** Adds one, or changes what it was told about the one that is there, which keeps its uuid. */
  connect({
    platform,
    channel,
    identifier,
    ...given
  }: Omit<ActionOf<"connect">, "action">): Connection {
    const { eventSourceId, channel: usual, target } = platformOf(platform);
    const name = identifier ?? identifierOf(platform, channel);
    const known = this.#byIdentifier.get(name);
    return this.#put({
      identifier: name,
      uuid: known?.uuid ?? this.#chance.uuid(),
      eventSourceId,
      status: given.status ?? known?.status ?? "connected",
      reason: given.reason === undefined ? (known?.reason ?? null) : given.reason,
      target: given.target ?? known?.target ?? target(channel ?? usual),
    });
  }

  /** Another status for one that is there, under the same uuid. */
  change(identifier: string, change: Pick<State, "status" | "reason">): Connection {
    return this.#put({ ...this.get(identifier), ...change });
  }

  /** Make before break, or one of its variants: what to say, in order, and the uuid from now on. */
  replace({ identifier, order = "new-first" }: ActionOf<"replace">): {
    uuid: string;
    utterances: Utterance[];
  } {
    const { uuid } = this.get(identifier);
    const closing = this.#closing(uuid, identifier, "replaced");
    if (order === "no-successor") {
      this.#remove(uuid);
      return { uuid, utterances: [closing] };
    }
    const successor = this.#renew(identifier);
    const utterances = {
      "new-first": [successor.announcement, closing],
      "old-first": [closing, successor.announcement],
      "never-closes": [successor.announcement],
    }[order];
    return { uuid: successor.uuid, utterances };
  }

  /** Ends one by name or by uuid; a uuid that nobody has ends nothing, and is told all the same. */
  close({ identifier, uuid, reason }: ActionOf<"closeConnection">): {
    uuid: string;
    utterance: Utterance;
  } {
    const named = identifier === undefined ? uuid : this.get(identifier).uuid;
    const closed = named === undefined || named === "unknown" ? this.#chance.uuid() : named;
    this.#remove(closed);
    return { uuid: closed, utterance: this.#closing(closed, identifier ?? null, reason) };
  }

  /** Every one under a new uuid, of which nothing is said: only of the old ones' end. */
  replaceAll(): Utterance[] {
    return this.all.map(({ uuid, identifier }) => {
      this.#renew(identifier);
      return this.#closing(uuid, identifier, "replaced");
    });
  }

  report(): Record<string, ConnectionReport> {
    return Object.fromEntries(
      this.all.map(({ identifier, uuid, status, reason, target, eventSourceId }) => [
        identifier,
        structuredClone({ uuid, status, reason, target, eventSourceId }),
      ]),
    );
  }

  #closing(connectionUuid: string, identifier: string | null, reason: string): Utterance {
    const rendered = frame("connection_closed", { connectionUuid, reason });
    const spoken = { kind: "connection_closed", key: connectionUuid, target: identifier };
    return this.#utter(() => rendered, spoken);
  }

  #renew(identifier: string): Connection {
    return this.#put({ ...this.get(identifier), uuid: this.#chance.uuid() });
  }

  #remove(uuid: string): void {
    const ended = this.all.find((connection) => connection.uuid === uuid);
    if (ended !== undefined) {
      this.#byIdentifier.delete(ended.identifier);
    }
  }

  #put({ identifier, uuid, eventSourceId, status, reason, target }: State): Connection {
    const state = { identifier, uuid, eventSourceId, status, reason, target };
    const known = this.#byIdentifier.get(identifier);
    // An update that changes nothing is a repeat, and must look like one.
    if (known !== undefined && isSame(known, state)) {
      return known;
    }
    const payload = {
      connectionIdentifier: identifier,
      connectionUuid: uuid,
      eventSourceId,
      reason,
      status,
      target,
      userId,
    };
    let text = frame("connection_info", payload);
    const connection: Connection = {
      ...state,
      announcement: this.#utter(() => text, {
        kind: "connection_info",
        key: uuid,
        target: identifier,
      }),
      restamp: () => {
        text = frame("connection_info", payload);
      },
    };
    this.#byIdentifier.set(identifier, connection);
    return connection;
  }
}

function isSame(one: State, other: State): boolean {
  return (
    one.uuid === other.uuid &&
    one.status === other.status &&
    one.reason === other.reason &&
    JSON.stringify(one.target) === JSON.stringify(other.target)
  );
}
