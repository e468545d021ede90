import {
  follow,
  StreamStatus,
  summarizeStatus,
  UNKNOWN_STREAM,
} from "../../channel/stream-status.ts";
import type { Group } from "../../event/group.ts";
import { readMeta, writeMeta } from "../../store/object/meta.ts";

/** The state that a channel keeps of its events beside its log. */
export class StreamTracker {
  /** When each connection last told of something, since the object is in memory. */
  readonly lastEvents = new Map<string, number>();
  readonly #sql: SqlStorage;
  #stream: StreamStatus;

  constructor(sql: SqlStorage) {
    this.#sql = sql;
    this.#stream = readMeta(sql, "stream", StreamStatus) ?? UNKNOWN_STREAM;
  }

  get stream(): StreamStatus {
    return this.#stream;
  }

  get summary(): ReturnType<typeof summarizeStatus> {
    return summarizeStatus(this.#stream);
  }

  /** Notes a group; answers the connections that it tells a change of. */
  take(group: Group): ReadonlySet<string> {
    const before = this.#stream;
    const changed = new Set<string>();
    for (const { event } of group.events) {
      this.#stream = follow(this.#stream, event);
      const { connectionid, recordedtime, type } = event;
      if (connectionid === undefined) continue;
      if (type === "connection.updated") changed.add(connectionid);
      this.lastEvents.set(connectionid, Date.parse(recordedtime));
    }
    // Viewers change all the time and are told of again; on air or not has to be remembered.
    if (this.#stream.online !== before.online) writeMeta(this.#sql, "stream", this.#stream);
    return changed;
  }
}
