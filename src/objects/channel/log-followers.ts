import { ERASING_TYPES } from "../../event/erasure.ts";
import type { Filter } from "../../event/filter.ts";
import type { Group } from "../../event/group.ts";
import type { Epoch, Seq } from "../../event/ids.ts";
import {
  LogFollower,
  type FollowerPort,
  type FollowerQuery,
  type LogSlice,
  type LogSource,
} from "./log-follower.ts";
import type { LogReader } from "./log-reader.ts";
import { LogTail } from "./log-tail.ts";

/** The part of a channel's object that following needs. */
export interface FollowersHost {
  readonly reader: Pick<LogReader, "resume" | "next">;
  readonly epoch: Epoch;
  head(): Seq;
}

/**
 * The objects that follow a channel's log, each at its own speed: one that is slow to take, or
 * fails, holds up nobody. The newest of the log is kept in memory once for all of them; whoever is
 * further behind is given what is read from the log.
 */
export class LogFollowers implements LogSource {
  readonly #host: FollowersHost;
  readonly #followers = new Set<LogFollower>();
  readonly #tail: LogTail;
  #head: Seq;

  constructor(host: FollowersHost) {
    this.#host = host;
    this.#head = host.head();
    this.#tail = new LogTail(this.#head);
  }

  /** How far the log goes. A group that is being published is in it already. */
  get head(): Seq {
    return this.#head;
  }

  add(port: FollowerPort, cursor: Seq): LogFollower {
    const follower = new LogFollower(this, port, cursor);
    this.#followers.add(follower);
    return follower;
  }

  drop(follower: LogFollower): void {
    this.#followers.delete(follower);
    follower.end();
    if (this.#followers.size === 0) this.#tail.clear(this.#head);
  }

  isFollowedBy(follower: LogFollower): boolean {
    return this.#followers.has(follower);
  }

  /** Something was erased that no event tells of: what is kept in memory is read anew. */
  forget(): void {
    this.#tail.clear(this.#head);
  }

  /** A group is on disk. */
  publish(group: Group): void {
    this.#head = group.to;
    // Whoever begins to follow now begins after it.
    if (this.#followers.size === 0) return this.#tail.clear(group.to);
    this.#tail.add(group);
    for (const follower of this.#followers) follower.start();
  }

  /** The next slice of the log after a place. */
  async read(from: Seq, query: FollowerQuery): Promise<LogSlice> {
    const { epoch, reader } = this.#host;
    const { filter, isRaw } = query;
    const wide = query.hearsErasures ? addErasing(filter) : filter;
    const recent = this.#tail.after(from, { ...query, filter: wide });
    if (recent !== null) return { ...recent, from, filter, isLost: false };
    const { from: begins } = await reader.resume({ epoch, seq: from });
    // It was behind for longer than the log is kept.
    if (begins > from) return { from, to: begins, filter, events: [], isLost: true };
    const page = await reader.next(from, wide, isRaw, this.#head);
    return { from, to: page.seenTo, filter, events: page.events, isLost: false };
  }
}

function addErasing(filter: Filter): Filter {
  if (filter.types.length === 0) return filter;
  return { ...filter, types: [...filter.types, ...ERASING_TYPES] };
}
