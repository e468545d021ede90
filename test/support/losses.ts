import { afterEach } from "vitest";

import { CHANNEL_REPEATS, HUB_REPEATS, WEBHOOK_REPEATS } from "../../src/calls/repeats.ts";
import { ChannelObject, HubObject, WebhookObject } from "../../src/index.ts";

/*
 * Loses an object in the middle of a call, as a deploy or the platform does: whoever asked gets no
 * answer but an error. `before`: nothing was done yet; `after`: all of it was, and is on disk.
 */
export type Moment = "before" | "after";

type Method = (this: unknown, ...given: unknown[]) => unknown;
type Methods = Record<string, Method>;

const CALLS = new Set(
  [CHANNEL_REPEATS, HUB_REPEATS, WEBHOOK_REPEATS, { fetch: true }].flatMap((each) =>
    Object.keys(each),
  ),
);

/** The next call of this name is lost; null for none. */
let next: { readonly call: string; readonly moment: Moment } | null = null;
let lost = 0;
const undo: (() => void)[] = [];

afterEach(() => {
  next = null;
  for (const restore of undo.splice(0)) restore();
});

/** Has the next call of this name lost, of whatever object; answers how many have been. */
export function loseNext(call: string, moment: Moment): () => number {
  if (undo.length === 0) surroundAll();
  next = { call, moment };
  lost = 0;
  return () => lost;
}

function surroundAll(): void {
  for (const { prototype } of [ChannelObject, HubObject, WebhookObject]) {
    for (let each = prototype as object; isOurs(each); each = prototypeOf(each)) surround(each);
  }
}

function surround(prototype: object): void {
  const methods = prototype as Methods;
  for (const name of Object.getOwnPropertyNames(prototype)) {
    const own = Object.getOwnPropertyDescriptor(prototype, name);
    const before: unknown = own?.value;
    if (!CALLS.has(name) || own === undefined || typeof before !== "function") continue;
    methods[name] = async function losing(...given) {
      const mine = next?.call === name ? next : null;
      if (mine !== null) next = null;
      if (mine?.moment === "before") return abort(this);
      const answer: unknown = await (before as Method).apply(this, given);
      return mine === null ? answer : abort(this);
    };
    undo.push(() => Object.defineProperty(prototype, name, own));
  }
}

async function abort(object: unknown): Promise<never> {
  const { ctx } = object as { ctx: DurableObjectState };
  lost += 1;
  await ctx.storage.sync();
  ctx.abort("lost in the middle");
  return new Promise<never>(() => {});
}

function prototypeOf(value: object): object {
  return Object.getPrototypeOf(value) as object;
}

function isOurs(prototype: object): boolean {
  return prototype.constructor.name !== "DurableObject";
}
