import { burst } from "../kit/burst.ts";
import { type Chatter, chatters, streamer } from "../kit/cast.ts";
import type { Outcome } from "../kit/outcome.ts";
import type { Stage } from "../kit/stage.ts";
import { escapeForJson, hole, stencil } from "../kit/stencil.ts";
import { burstKey } from "../kit/truth.ts";
import type { Utterance } from "../kit/utterance.ts";
import type { RestreamAction } from "./actions.ts";
import type { Connection, Connections } from "./connections.ts";
import { eventPayload, eventTypes } from "./event-types.ts";
import { identifierOf, platformOf } from "./platforms.ts";
import { frame, frameOfJson, userId, type Utter } from "./wire.ts";

type ActionOf<Name extends RestreamAction["action"]> = Extract<RestreamAction, { action: Name }>;

/** Where an event came from: a connection, or what an action pretends is one. */
export type EventSource = Pick<Connection, "identifier" | "eventSourceId">;

const burstAuthors = 8;
export const twitchTextTypeId = 4;

/** Turns what was said in a chat into frames. */
export class Events {
  /** The last one said, which a relay is about unless it is told otherwise. */
  last: { key: string; identifier: string } | null = null;
  readonly #stage: Stage;
  readonly #utter: Utter;
  readonly #connections: Connections;

  constructor(stage: Stage, utter: Utter, connections: Connections) {
    this.#stage = stage;
    this.#utter = utter;
    this.#connections = connections;
  }

  /** An identifier that nobody announced is taken as it is: an event may well come from one. */
  sourceFor(eventTypeId: number, identifier?: string): EventSource {
    const platform = eventTypes[eventTypeId]?.platform;
    const eventSourceId = platform === undefined ? 0 : platformOf(platform).eventSourceId;
    const { all } = this.#connections;
    if (identifier !== undefined) {
      return all.find((one) => one.identifier === identifier) ?? { identifier, eventSourceId };
    }
    const fitting = this.#connections.find(eventSourceId) ?? all[0];
    return fitting ?? { identifier: identifierOf(platform ?? "twitch"), eventSourceId };
  }

  event(
    {
      eventTypeId,
      eventIdentifier,
      text,
      author,
      payload,
      override,
    }: Omit<ActionOf<"event">, "action">,
    { identifier, eventSourceId }: EventSource,
    extras: boolean,
  ): Utterance {
    const { chance } = this.#stage;
    const key = eventIdentifier ?? chance.uuid();
    const chatter = author === undefined ? chance.pick(chatters) : chatterNamed(author);
    const content = eventPayload(eventTypeId, { chance, chatter, text }, payload);
    const around = {
      connectionIdentifier: identifier,
      ...(extras ? { eventId: chance.uuid() } : {}),
      eventIdentifier: key,
      eventPayload: content,
      eventSourceId,
      eventTypeId,
      userId,
      ...override,
    };
    this.last = { key, identifier };
    const rendered = frame("event", around);
    return this.#utter(() => rendered, {
      kind: kindOf(eventTypeId),
      key,
      target: identifier,
      ...(typeof content["text"] === "string" ? { text: content["text"] } : {}),
    });
  }

  burst(
    { kind = twitchTextTypeId, prefix = "burst ", ...pace }: Omit<ActionOf<"burst">, "action">,
    { identifier, eventSourceId }: EventSource,
    signal: AbortSignal,
  ): Promise<Outcome> {
    const { chance } = this.#stage;
    const mark = { prefix, keyStem: chance.uuid().slice(0, -12) };
    const stencils = Array.from({ length: burstAuthors }, () => {
      const happening = { chance, chatter: chance.pick(chatters), text: hole("text") };
      const around = {
        connectionIdentifier: identifier,
        eventIdentifier: hole("key"),
        eventPayload: eventPayload(kind, happening),
        eventSourceId,
        eventTypeId: kind,
        userId,
      };
      return stencil(JSON.stringify(around));
    });
    const escapedPrefix = escapeForJson(prefix);
    const item = (number: number): Utterance => {
      const key = burstKey(mark.keyStem, number);
      const fill = stencils[number % burstAuthors];
      const rendered = frameOfJson(
        "event",
        fill?.({ key, text: escapedPrefix + String(number) }) ?? "{}",
      );
      return this.#utter(() => rendered, {
        kind: kindOf(kind),
        key,
        target: identifier,
        burst: { mark, number },
      });
    };
    return burst(this.#stage, pace, item, signal);
  }
}

function kindOf(eventTypeId: number): string {
  return `event:${eventTypeId}`;
}

function chatterNamed(name: string): Chatter {
  const known = [streamer, ...chatters].find((chatter) => chatter.name === name);
  return known ?? { name, color: "#808080", isModerator: false, subscribedMonths: 0 };
}
