import type { EventDraft } from "../event/event.ts";
import type { ProviderId, Seq } from "../event/ids.ts";
import type { Merge } from "../event/merge.ts";
import type { Sighting } from "../event/sighting.ts";
import { makeNaturalKey, type NaturalKey } from "./natural.ts";
import {
  hasTold,
  isMergeable,
  nameOccurrence,
  nameTeller,
  OTHER,
  shortenStored,
  writeEveryones,
  type OccurrenceKey,
} from "./occurrence-keys.ts";
import type { Known, RecentKeys } from "./recent.ts";
import { findTelling, type Telling, type Tellings } from "./tellings.ts";

/** All that is remembered of what was told, for telling what is new. */
export interface Remembered {
  readonly merge: Merge;
  readonly recent: RecentKeys;
  readonly tellings: Tellings;
  /** Occurrences that the same provider told of again and that were dropped. */
  readonly repeats: number;
  /** Tellings that were joined with another provider's, by rule: `exact`, or the type. */
  readonly merged: Readonly<Record<string, number>>;
}

/** A draft, with the names of what it tells of. */
export interface Told {
  readonly draft: EventDraft;
  readonly provider: ProviderId;
  readonly teller: string;
  readonly at: number;
  readonly name: OccurrenceKey | null;
  readonly natural: NaturalKey | null;
}

/** How much there was before an input, to go back to. */
interface Mark {
  readonly undo: number;
  readonly sightings: number;
  readonly tellings: number;
  readonly merged: number;
  readonly repeats: number;
}

/** A group's part in the memory of what was told; it lives for one decision. */
export class Occurrences {
  readonly #before: Remembered;
  readonly #keys = new Map<string, Known>();
  readonly #undo: (readonly [key: string, before: Known | undefined])[] = [];
  readonly #sightings: Sighting[] = [];
  /** The newest of a place says how that stands. */
  readonly #tellings: Telling[] = [];
  readonly #merged: string[] = [];
  #repeats = 0;

  constructor(before: Remembered) {
    this.#before = before;
  }

  /** The sightings that are to be written down. */
  get sightings(): readonly Sighting[] {
    return this.#sightings;
  }

  mark(): Mark {
    return {
      undo: this.#undo.length,
      sightings: this.#sightings.length,
      tellings: this.#tellings.length,
      merged: this.#merged.length,
      repeats: this.#repeats,
    };
  }

  /** Goes back to where it was marked. */
  reset(mark: Mark): void {
    for (const [key, before] of this.#undo.splice(mark.undo).toReversed()) {
      if (before === undefined) this.#keys.delete(key);
      else this.#keys.set(key, before);
    }
    this.#sightings.length = mark.sightings;
    this.#tellings.length = mark.tellings;
    this.#merged.length = mark.merged;
    this.#repeats = mark.repeats;
  }

  /** Reads what a draft tells of. */
  read(draft: EventDraft, provider: ProviderId, at: number): Told {
    const { merge } = this.#before;
    return {
      draft,
      provider,
      teller: nameTeller(draft, provider),
      at,
      name: nameOccurrence(draft, provider, merge),
      natural: merge === "natural" && isMergeable(draft, provider) ? makeNaturalKey(draft) : null,
    };
  }

  /** The place of what is known already, and is noted as told again; null for what is new. */
  recognise(told: Told): Seq | null {
    const { name } = told;
    const key = name === null || this.#find(name.full) === undefined ? name?.key : name.full;
    const known = key === undefined ? undefined : this.#find(key);
    if (key === undefined || known === undefined) return this.#recogniseAlike(told);
    if (name?.isEveryones !== true || hasTold(known.tellers, told.teller, told.provider)) {
      this.#repeats += 1;
      return known.seq;
    }
    this.#remember(key, known.seq, `${known.tellers}\n${told.teller}`);
    this.#see(told, known.seq, "exact");
    return known.seq;
  }

  /** Lists the events of messages that are known by ids which the events themselves have not got. */
  findOthers(platform: string, ids: readonly string[]): Seq[] {
    const known = ids.map((id) => this.#find(`chat/${platform}/${id}`));
    return known.flatMap((each) => (each?.tellers.includes(OTHER) === true ? [each.seq] : []));
  }

  /** Remembers a new event, by its place. */
  add(told: Told, seq: Seq): void {
    const { name, natural, teller, at } = told;
    if (name !== null) {
      this.#remember(name.key, seq, name.isEveryones ? teller + name.mark : "");
    }
    if (natural === null) return;
    const isNamed = name?.isEveryones === true;
    this.#tellings.push({ ...natural, seq, at, tellers: [teller], isNamed });
  }

  /** All that is remembered after the group, whose last event has `head`. */
  close(head: Seq, recordedAt: number): Omit<Remembered, "merge"> {
    const { recent, tellings, repeats, merged } = this.#before;
    const counts = new Map(Object.entries(merged));
    for (const rule of this.#merged) counts.set(rule, (counts.get(rule) ?? 0) + 1);
    return {
      recent: recent.after(this.#keys, head, recordedAt),
      tellings: tellings.after(this.#tellings, recordedAt),
      repeats: repeats + this.#repeats,
      merged: this.#merged.length === 0 ? merged : Object.fromEntries(counts),
    };
  }

  /** The same where nothing is to be written. */
  leave(): Pick<Remembered, "repeats"> {
    return { repeats: this.#before.repeats + this.#repeats };
  }

  #recogniseAlike(told: Told): Seq | null {
    const { natural, name, teller, at } = told;
    if (natural === null) return null;
    const isNamed = name?.isEveryones === true;
    const found = findTelling(this.#listTellings(natural.key), natural, { teller, isNamed, at });
    if (found === undefined) return null;
    const { seq } = found;
    const tellers = [...found.tellers, teller];
    this.#tellings.push({ ...found, tellers, isNamed: found.isNamed || isNamed });
    // From now on it is known by its name as well, also after a restart.
    if (name !== null) {
      this.#remember(name.key, seq, isNamed ? tellers.join("\n") + OTHER : "");
    }
    const stored = isNamed ? writeEveryones(told.provider + OTHER, name.key) : name?.stored;
    this.#see(told, seq, told.draft.type, stored);
    return seq;
  }

  #find(key: string): Known | undefined {
    return this.#keys.get(key) ?? this.#before.recent.find(key);
  }

  #listTellings(key: string): readonly Telling[] {
    const before = this.#before.tellings.of(key);
    const changed = new Map<Seq, Telling>();
    for (const each of this.#tellings) if (each.key === key) changed.set(each.seq, each);
    if (changed.size === 0) return before;
    // A crowd says the same: those that have not changed are more than a group by far.
    const now = before.map((each) => changed.get(each.seq) ?? each);
    const last = before.at(-1)?.seq ?? 0;
    return [...now, ...[...changed.values()].filter(({ seq }) => seq > last)];
  }

  #see({ teller }: Told, seq: Seq, rule: string, stored?: string): void {
    const key = stored === undefined ? {} : { key: shortenStored(stored) };
    this.#sightings.push({ seq, connection: teller, ...key });
    this.#merged.push(rule);
  }

  #remember(key: string, seq: Seq, tellers: string): void {
    this.#undo.push([key, this.#keys.get(key)]);
    this.#keys.set(key, { seq, tellers });
  }
}
