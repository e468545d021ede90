import { matches } from "../../event/filter.ts";
import { ease, type Group, type NumberedEvent, type Pressure } from "../../event/group.ts";
import type { Epoch } from "../../event/ids.ts";
import { formatPosition } from "../../event/position.ts";
import { withRaw } from "../../protocols/dialect.ts";
import type { Client } from "./client.ts";

/** An encoded group under some pressure. */
interface Copy {
  readonly frames: readonly string[];
  readonly events: number;
  readonly shed: number;
}

/** A group as one audience gets it, made once for each pressure that is met. */
export class EncodedGroup {
  readonly #reader: Client;
  readonly #group: Group;
  readonly #epoch: Epoch;
  readonly #wanted: readonly NumberedEvent[];
  readonly #copies = new Map<Pressure, Copy>();

  /** `reader` is any one of the audience: for what it gets they are all alike. */
  constructor(reader: Client, group: Group, epoch: Epoch) {
    this.#reader = reader;
    this.#group = group;
    this.#epoch = epoch;
    this.#wanted = group.events.filter(({ event }) => matches(reader.filter, event));
  }

  get isEmpty(): boolean {
    return this.#wanted.length === 0;
  }

  under(pressure: Pressure): Copy {
    const known = this.#copies.get(pressure);
    if (known !== undefined) return known;
    const { events, shed } = ease(this.#wanted, pressure);
    const from = formatPosition(this.#epoch, this.#group.from);
    const to = formatPosition(this.#epoch, this.#group.to);
    const { dialect, raw } = this.#reader;
    const texts = events.map((each) => ({
      id: each.event.id,
      type: each.event.type,
      text: raw && each.raw !== null ? withRaw(each.text, JSON.stringify(each.raw)) : each.text,
    }));
    const gaps = shed === 0 ? [] : dialect.gap({ from, to, cause: "slow", shed });
    const copy = {
      frames: [...gaps, ...dialect.events({ from, to }, texts)],
      events: events.length,
      shed,
    };
    this.#copies.set(pressure, copy);
    return copy;
  }
}
