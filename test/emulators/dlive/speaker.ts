import { burst } from "../kit/burst.ts";
import type { Line } from "../kit/line.ts";
import type { Outcome } from "../kit/outcome.ts";
import { keysOf } from "../kit/perform.ts";
import type { Stage } from "../kit/stage.ts";
import { escapeForJson, hole, stencil } from "../kit/stencil.ts";
import { burstKey } from "../kit/truth.ts";
import type { Spoken, Utterance } from "../kit/utterance.ts";
import { type ChestSpec, makeChest } from "./chests.ts";
import { type ItemSpec, type ItemType, makeItem } from "./items.ts";
import type { Subscription } from "./session.ts";
import type { SubscriptionField } from "./subscription-query.ts";

/** Enough different people in a burst to look like a crowd. */
const burstSenders = 8;

interface BurstOrder {
  readonly count: number;
  readonly perSecond?: number | undefined;
  readonly prefix?: string | undefined;
  readonly kind?: ItemType | undefined;
}

/** Puts what happens into frames, and each frame into the dress of the subscription it goes to. */
export class Speaker {
  readonly #stage: Stage;
  readonly #subscriptionsOf: (line: Line) => Iterable<Subscription> | undefined;

  constructor(stage: Stage, subscriptionsOf: (line: Line) => Iterable<Subscription> | undefined) {
    this.#stage = stage;
    this.#subscriptionsOf = subscriptionsOf;
  }

  say(utterance: Utterance): Outcome {
    return { heard: this.#stage.say(utterance), keys: keysOf(utterance) };
  }

  /** Says one item, and shows it. */
  sayItem(spec: ItemSpec): Record<string, unknown> {
    const item = makeItem(spec, this.#stage.chance, this.#stage.nanoseconds());
    this.#stage.say(this.#frame([item], spec.streamer ?? null));
    return item;
  }

  /** All in the array of one frame, which goes where the first one belongs. */
  items(specs: readonly ItemSpec[]): Utterance {
    const items = specs.map((spec) =>
      makeItem(spec, this.#stage.chance, this.#stage.nanoseconds()),
    );
    return this.#frame(items, specs[0]?.streamer ?? null);
  }

  chest(spec: ChestSpec): Utterance {
    const chest = makeChest(spec, this.#stage.chance);
    const value = JSON.stringify(spec.array === true ? [chest] : chest);
    const streamer = spec.streamer ?? null;
    const spoken = { kind: spec.type, key: null, target: streamer };
    return this.#utterance("treasureChestMessageReceived", value, streamer, [spoken]);
  }

  burst(order: BurstOrder, signal: AbortSignal): Promise<Outcome> {
    const { chance } = this.#stage;
    const { prefix = "burst ", kind = "Message" } = order;
    const mark = { prefix, keyStem: chance.uuid().slice(0, -12) };
    const stencils = Array.from({ length: burstSenders }, () => {
      const override = { id: hole("key"), createdAt: hole("time") };
      const text = kind === "Message" ? { content: hole("text") } : {};
      return stencil(JSON.stringify(makeItem({ type: kind, ...text, override }, chance, 0n)));
    });
    const escapedPrefix = escapeForJson(prefix);
    const item = (number: number): Utterance => {
      const key = burstKey(mark.keyStem, number);
      const fill = stencils[number % burstSenders];
      const time = String(this.#stage.nanoseconds());
      const value = fill?.({ key, text: escapedPrefix + String(number), time }) ?? "";
      return this.#utterance("streamMessageReceived", `[${value}]`, null, [
        { kind, key, target: null, burst: { mark, number } },
      ]);
    };
    return burst(this.#stage, order, item, signal);
  }

  #frame(items: readonly Record<string, unknown>[], streamer: string | null): Utterance {
    const spoken = items.map((item) => ({
      kind: String(item["type"]),
      key: typeof item["id"] === "string" ? item["id"] : null,
      target: streamer,
      ...textOf(item),
    }));
    return this.#utterance("streamMessageReceived", JSON.stringify(items), streamer, spoken);
  }

  #utterance(
    field: SubscriptionField,
    value: string,
    streamer: string | null,
    spoken: readonly Spoken[],
  ): Utterance {
    const payload = `{"data":{"${field}":${value}}}`;
    return {
      spoken,
      framesFor: (line) => {
        const frames: string[] = [];
        for (const subscription of this.#subscriptionsOf(line) ?? []) {
          const isMeant = streamer === null || subscription.streamer === streamer;
          if (subscription.field === field && isMeant) {
            frames.push(subscription.head + payload + subscription.tail);
          }
        }
        return frames;
      },
    };
  }
}

/** What somebody wrote, with a gift as without one. */
function textOf({ content, message }: Record<string, unknown>): { text?: string } {
  const text = content ?? message;
  return typeof text === "string" ? { text } : {};
}
