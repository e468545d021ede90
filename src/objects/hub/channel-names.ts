import { pickBareName, readName, type ObjectName } from "../../calls/object-names.ts";
import { dropName, listNames, putName } from "../../store/hub/names.ts";

/**
 * By which names the objects of channels are found: by their ids, but for those in a jurisdiction or
 * with a hint. These are noted, so that a hub that wakes finds those that it follows.
 */
export class ChannelNames {
  readonly #sql: SqlStorage;
  readonly #names = new Map<string, ObjectName>();

  constructor(sql: SqlStorage) {
    this.#sql = sql;
    for (const { channel, name } of listNames(sql)) this.#names.set(channel, readName(name));
  }

  /** Learns a name as the door, or the list of channels, has it; answers the channel's id. */
  learn(name: ObjectName): string {
    const id = pickBareName(name);
    if (this.find(id) === name) return id;
    if (name === id) this.forget(id);
    else {
      this.#names.set(id, name);
      putName(this.#sql, id, name);
    }
    return id;
  }

  find(id: string): ObjectName {
    return this.#names.get(id) ?? readName(id);
  }

  /** Learns the name of a channel's object where all channels are listed; false if there is none. */
  async look(id: string, locate: (id: string) => Promise<ObjectName | null>): Promise<boolean> {
    const name = await locate(id);
    if (name !== null) this.learn(name);
    return name !== null;
  }

  /** Nobody here follows it any more. */
  forget(id: string): void {
    if (this.#names.delete(id)) dropName(this.#sql, id);
  }
}
