import { env } from "cloudflare:workers";
import { vi } from "vitest";

import { Jurisdiction, type Location } from "../../src/event/location.ts";
import { HubObject } from "../../src/index.ts";
import { ChannelObject } from "../../src/objects/channel/object.ts";
import { WebhookObject } from "../../src/objects/webhook/object.ts";

/*
 * The runtime of the tests knows no jurisdictions. Here it does: an object of one is one of the plain
 * namespace, with another name where that would be taken, and is told where it is.
 */

interface Asked {
  readonly jurisdiction: Jurisdiction | null;
  readonly name: string;
  readonly options: object | undefined;
}

interface Plain {
  getByName(name: string, options?: object): unknown;
}

/** Everything that objects have been asked for, in the order of asking. */
export class Jurisdictions {
  readonly asked: Asked[] = [];
  /** Names in the plain namespace, by the jurisdiction that they stand for. */
  readonly #there = new Map<string, Jurisdiction>();

  constructor() {
    const { CHANNEL, HUB, WEBHOOK } = env;
    Object.assign(env, {
      CHANNEL: this.#pretend(CHANNEL, ""),
      HUB: this.#pretend(HUB, "-"),
      WEBHOOK: this.#pretend(WEBHOOK, ""),
    });
    const there = this.#there;
    for (const { prototype } of [ChannelObject, HubObject, WebhookObject]) {
      const located = prototype as unknown as { findLocation(): Location };
      vi.spyOn(located, "findLocation").mockImplementation(function (this: {
        ctx: DurableObjectState;
      }) {
        const jurisdiction = there.get(this.ctx.id.name ?? "") ?? null;
        return { jurisdiction, locationHint: null };
      });
    }
    this.end = () => Object.assign(env, { CHANNEL, HUB, WEBHOOK });
  }

  /** The runtime is what it was. */
  readonly end: () => void;

  #pretend(plain: Plain, suffix: string) {
    const find = (jurisdiction: Jurisdiction | null, name: string, options?: object): unknown => {
      this.asked.push({ jurisdiction, name, options });
      const ending = jurisdiction === null || suffix === "" ? "" : `${suffix}${jurisdiction}`;
      const own = name.endsWith(ending) ? name : `${name}${ending}`;
      if (jurisdiction !== null) this.#there.set(own, jurisdiction);
      return plain.getByName(own, options);
    };
    return {
      getByName: (name: string, options?: object) => find(null, name, options),
      jurisdiction: (given: Jurisdiction) => {
        const jurisdiction = Jurisdiction.parse(given);
        return {
          getByName: (name: string, options?: object) => find(jurisdiction, name, options),
        };
      },
    };
  }
}
