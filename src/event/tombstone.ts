import { eraseData, listPeople, type Erasable, type Reach } from "./erase-data.ts";
import type { Erasure, UserKey } from "./erasure.ts";
import type { Seq } from "./ids.ts";
import { extend, findPlace, isIdIn, People, someText } from "./people.ts";

/** An event, and the provider's words: null for none, or none any more. */
export interface Told<E extends Erasable> {
  readonly event: E;
  readonly raw: unknown;
}

// A place that is no place: where somebody is looked for wherever they are.
const ANYWHERE = 1;

/**
 * Several orders as one look-up: what they leave of an event is found at once, however many there
 * are and however much each of them names. What an event's fields hold of people the catalogue says.
 */
export class Erasures {
  readonly #all = new Map<string, Seq>();
  readonly #messages = new Map<string, Map<string, Seq>>();
  /** By the platform, and then by their ids. */
  readonly #events = new Map<string, Map<string, Seq>>();
  readonly #silenced = new People();
  readonly #forgotten = new People();

  constructor(erasures: readonly Erasure[]) {
    for (const erasure of erasures) this.#add(erasure);
  }

  #add({ seq, platform, scope }: Erasure): void {
    switch (scope.kind) {
      case "all":
        return extend(this.#all, platform, seq);
      case "user":
        return this.#silenced.add({ platform, ...scope }, seq);
      case "person":
        return this.#forgotten.add({ platform, ...scope }, seq);
      case "messages": {
        for (const id of scope.ids) extend(open(this.#messages, platform), id, seq);
        for (const id of scope.events ?? []) extend(open(this.#events, platform), id, seq);
      }
    }
  }

  /**
   * The tombstone that the orders leave of an event at a place, with what they leave of the
   * provider's words; null where none of them reaches it.
   */
  apply<E extends Erasable>(seq: Seq, event: E, raw: unknown = null): Told<E> | null {
    const reach = this.#reachAt(seq, event);
    const data = eraseData(event, reach);
    const isTold = raw !== null && (reach.isEvent || data !== event.data || reach.isIn(raw));
    const isOfUser = raw !== null && this.#isBy(event, reach);
    const subject = this.#subjectOf(event, reach);
    const isChanged = data !== event.data || subject !== event.subject;
    if (!isChanged && !isTold && !isOfUser) return null;
    return { event: isChanged ? withSubject({ ...event, data }, subject) : event, raw: null };
  }

  /** Lists the messages that were to be erased and that an event at a place has something of. */
  listMessages(seq: Seq, { platform, data }: Erasable, raw: unknown): readonly string[] {
    const messages = this.#messages.get(platform);
    if (messages === undefined) return [];
    const found = new Set<string>();
    someText([data, raw], (text, field) => {
      isIdIn(text, field, (id) => {
        if (seq <= findPlace(messages, id)) found.add(id);
        return false;
      });
      return false;
    });
    return [...found];
  }

  /**
   * Lists what somebody is called in an event, beside their id: what is told of them by name alone is
   * found by that.
   */
  static listNames({ type, data }: Erasable, { platform, userId }: UserKey): readonly string[] {
    const one = new People();
    one.add({ platform, userId, names: [] }, ANYWHERE);
    return listPeople(type, data)
      .filter((person) => one.has(person, platform, ANYWHERE))
      .flatMap(({ login, name }) => [login, name])
      .filter((each): each is string => typeof each === "string" && each !== "");
  }

  /** Does one of them reach this event? */
  reach(seq: Seq, event: Erasable, raw: unknown = null): boolean {
    return this.apply(seq, event, raw) !== null;
  }

  /** Is the event somebody's whose words go? The provider's own may have words that ours have not. */
  #isBy({ data }: Erasable, reach: Reach): boolean {
    const { user } = data;
    return reach.isSilenced(user) || reach.isForgotten(user);
  }

  #subjectOf({ subject, data }: Erasable, reach: Reach): string | undefined {
    const isNaming = subject?.startsWith("user/") === true;
    return isNaming && reach.isForgotten(data["user"]) ? undefined : subject;
  }

  #reachAt(seq: Seq, { id: event, platform }: Erasable): Reach {
    const messages = this.#messages.get(platform);
    const isMessage = (id: unknown): boolean => seq <= findPlace(messages, id);
    const isNobody = this.#silenced.isNobody && this.#forgotten.isNobody;
    return {
      isEvent: seq <= findPlace(this.#events.get(platform), event),
      isAll: seq <= findPlace(this.#all, platform),
      isMessage,
      isSilenced: (person) =>
        this.#silenced.has(person, platform, seq) || this.#forgotten.has(person, platform, seq),
      isForgotten: (person) => this.#forgotten.has(person, platform, seq),
      isIn: (value) =>
        (messages !== undefined &&
          someText(value, (text, field) => isIdIn(text, field, isMessage))) ||
        (!isNobody &&
          (this.#silenced.isIn(value, platform, seq) ||
            this.#forgotten.isIn(value, platform, seq))),
    };
  }
}

/** The ids of a platform, to be added to. */
function open(all: Map<string, Map<string, Seq>>, platform: string): Map<string, Seq> {
  const ids = all.get(platform) ?? new Map<string, Seq>();
  all.set(platform, ids);
  return ids;
}

function withSubject<E extends Erasable>(event: E, subject: string | undefined): E {
  if (subject !== undefined) return event;
  const { subject: _gone, ...rest } = event;
  return rest as E;
}
