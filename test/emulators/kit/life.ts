import type { z } from "zod";

import { type CommonAction, isCommonAction } from "./actions.ts";
import { BadInput } from "./bad-input.ts";
import { Chance } from "./chance.ts";
import type { Condition, Situation } from "./conditions.ts";
import type { Emulation, Service } from "./emulation.ts";
import type { Outcome } from "./outcome.ts";
import { performCommon } from "./perform.ts";
import { play } from "./script.ts";
import { Stage } from "./stage.ts";
import type { Truth } from "./truth.ts";

interface LifeOptions {
  readonly seed: number;
  /** Which life of its emulator it is. Ids differ from life to life, as a real upstream's would. */
  readonly number: number;
  readonly onChange: () => void;
  readonly until: (condition: Condition, signal: AbortSignal) => Promise<void>;
}

/** The reason that a life's signal carries: what was under way will not be finished. */
export class LifeOver extends Error {
  override readonly name = "LifeOver";
}

/** An emulator from its start, or a reset, to the next reset: nothing of it outlasts that. */
export class Life<Own extends { action: string }, Extra extends object> {
  readonly stage: Stage;
  readonly service: Service<Own, Extra>;
  readonly #emulation: Emulation<Own, Extra>;
  readonly #options: LifeOptions;
  readonly #end = new AbortController();
  #script: AbortController | null = null;

  constructor(emulation: Emulation<Own, Extra>, options: LifeOptions) {
    this.#emulation = emulation;
    this.#options = options;
    const chance = new Chance(options.seed, options.number);
    this.stage = new Stage(chance, this.#end.signal, options.onChange);
    this.service = emulation.open(this.stage);
  }

  /** Does one action, or several in order, each finished before the next. All are read before any is done. */
  async do(input: unknown): Promise<Outcome | Outcome[]> {
    if (!Array.isArray(input)) {
      return this.#perform(this.#read(input));
    }
    const actions = input.map((action: unknown) => this.#read(action));
    const outcomes: Outcome[] = [];
    for (const action of actions) {
      outcomes.push(await this.#perform(action));
    }
    return outcomes;
  }

  startScript(name: string): void {
    const script = this.#emulation.scripts[name];
    if (script === undefined) {
      const there = Object.keys(this.#emulation.scripts).join(", ");
      throw new BadInput(
        `There is no script "${name}" for ${this.#emulation.protocol}: there are ${there}`,
      );
    }
    this.stopScript();
    const own = new AbortController();
    this.#script = own;
    const signal = AbortSignal.any([this.stage.signal, own.signal]);
    // A stream of its own: what a script draws does not depend on who dialled meanwhile.
    const chance = new Chance(this.#options.seed, -this.#options.number);
    void this.stage.whileBusy(async () => {
      try {
        await play(script.steps(chance), {
          until: (condition) => this.#options.until(condition, signal),
          pause: (ms) => this.stage.pause(ms, signal),
          perform: (action) => this.#perform(action, signal),
        });
      } catch (error) {
        // Stopped on purpose is no fault; anything else is ours, and loud.
        if (!signal.aborted) {
          throw error;
        }
      }
    });
  }

  stopScript(): void {
    this.#script?.abort(new LifeOver("The script was stopped."));
    this.#script = null;
  }

  /** Cuts every socket and stops all that was under way. */
  async end(): Promise<void> {
    this.stopScript();
    this.#end.abort(new LifeOver("The emulator was reset or closed."));
    await Promise.all([...this.stage.lines].map((line) => line.cut()));
  }

  situation(): Situation {
    const { receivedCount, saidCount, ...counts } = this.#counts();
    return {
      counts: { ...counts, received: receivedCount, said: saidCount, ...this.service.counts() },
      isIdle: !this.stage.isBusy && this.stage.isFlushed,
    };
  }

  truth(): Truth & Extra {
    const { queries, received, said } = this.stage.ledger;
    return {
      protocol: this.#emulation.protocol,
      seed: this.#options.seed,
      ...this.#counts(),
      ...structuredClone({ queries, received, said }),
      ...this.service.report(),
    };
  }

  #counts() {
    const { ledger, openLines } = this.stage;
    const { dials, refused, receivedCount, saidCount, repeats, unheard } = ledger;
    const subscribed = openLines.filter((line) => this.service.isSubscribed(line)).length;
    const sockets = openLines.length;
    return { dials, refused, sockets, subscribed, receivedCount, saidCount, repeats, unheard };
  }

  async #perform(action: CommonAction | Own, signal = this.stage.signal): Promise<Outcome> {
    return this.stage.whileBusy(async () => {
      signal.throwIfAborted();
      if (!isCommonAction(action)) {
        return this.service.perform(action, signal);
      }
      const scripts = {
        start: (name: string) => this.startScript(name),
        stop: () => this.stopScript(),
      };
      return performCommon(this.stage, this.service, scripts, action, signal);
    });
  }

  #read(input: unknown): CommonAction | Own {
    const parsed = this.#emulation.actions.safeParse(input);
    if (!parsed.success) {
      throw new BadInput(parsed.error.issues.map(describeIssue).join("; "));
    }
    return parsed.data;
  }
}

function describeIssue({ path, message }: z.core.$ZodIssue): string {
  return path.length === 0 ? message : `${path.join(".")}: ${message}`;
}
