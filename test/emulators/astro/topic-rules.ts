import { z } from "zod";

import { errorNames, failure, type Failure } from "./errors.ts";

/** What becomes of those who subscribe to a topic that they may not have. */
export const refuseTopicShape = {
  topic: z.string(),
  /** Without it, in every room. */
  room: z.string().optional(),
  /** Default `err_unauthorized`; null is no answer at all. */
  error: z.enum(errorNames).nullable().optional(),
  message: z.string().optional(),
  /** Default: until `allowTopic`. */
  times: z.int().positive().optional(),
} as const;

const Spec = z.strictObject(refuseTopicShape);
export type RefuseTopic = z.infer<typeof Spec>;

/** The topics that are refused, whoever asks. */
export class TopicRules {
  readonly #rules: { readonly spec: RefuseTopic; left: number }[] = [];

  /** The newest rule for a topic counts. */
  refuse(spec: RefuseTopic): void {
    this.#rules.unshift({ spec, left: spec.times ?? Number.POSITIVE_INFINITY });
  }

  /** Without a topic, all of them. */
  allow(topic: string | undefined): void {
    const kept = this.#rules.filter(({ spec }) => topic !== undefined && spec.topic !== topic);
    this.#rules.splice(0, this.#rules.length, ...kept);
  }

  /** The answer to one subscription, if it is refused: each call uses one up. */
  take(topic: string, room: string): Failure | "ignored" | null {
    const rule = this.#rules.find(
      ({ spec, left }) =>
        left > 0 && spec.topic === topic && (spec.room === undefined || spec.room === room),
    );
    if (rule === undefined) {
      return null;
    }
    rule.left -= 1;
    const { error = "err_unauthorized", message } = rule.spec;
    return error === null ? "ignored" : failure(error, message);
  }
}
