import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { describe, it } from "vitest";

import type { ChannelInput, Placed } from "../../../src/channel/channel.ts";
import type { EventDraft } from "../../../src/event/event.ts";
import { Hooks } from "../../../src/objects/providers/hooks.ts";
import { makeChannel } from "../../support/api.ts";
import { samples } from "../../support/samples.ts";

const AT = 1_700_000_000_000;
const DAY_MS = 86_400_000;

const said = (...keys: (string | undefined)[]): EventDraft[] =>
  keys.map((key) => ({ ...samples["chat.message"], ...(key !== undefined && { key }) }));

/** Hooks on the storage of a channel's object, and what they have offered to its log. */
async function withHooks(
  answer: Placed,
  work: (
    offer: (drafts: readonly EventDraft[], at?: number) => void,
    offered: (string | undefined)[][],
  ) => void,
): Promise<void> {
  const channel = await makeChannel();
  await runInDurableObject(env.CHANNEL.getByName(channel), (_, { storage }) => {
    const offered: (string | undefined)[][] = [];
    const open = () =>
      new Hooks(
        {
          storage,
          offer(input: ChannelInput, _bytes, ended) {
            if (input.type !== "drafts-observed") throw new Error("nothing else is offered here");
            offered.push(input.drafts.map(({ key }) => key));
            ended?.(answer);
          },
          routes: { add: () => Promise.resolve(true), leave: () => {}, begin: () => {} },
        },
        () => undefined,
      );
    // Another life of the object each time: its log may have forgotten what is long ago.
    work((drafts, at = AT) => {
      open().offer({ type: "drafts-observed", provider: "kick", drafts, secrets: [], at }, 0);
    }, offered);
  });
}

describe("what is heard over a hook", () => {
  const written: Placed = { ok: true, value: [1] };

  it("is offered once within a day, whatever the log still knows of it", async ({ expect }) => {
    await withHooks(written, (offer, offered) => {
      offer(said("a", "b"));
      offer(said("b", "c"), AT + DAY_MS - 1);
      offer(said("a", "b", "c"), AT + DAY_MS - 1);
      expect(offered).toEqual([["a", "b"], ["c"]]);
    });
  });

  it("is offered each time where nothing names it", async ({ expect }) => {
    await withHooks(written, (offer, offered) => {
      offer(said(undefined));
      offer(said(undefined));
      expect(offered).toEqual([[undefined], [undefined]]);
    });
  });

  it("is offered again where the log did not take it", async ({ expect }) => {
    const refused: Placed = { ok: false, code: "invalid_input", detail: "no" };
    await withHooks(refused, (offer, offered) => {
      offer(said("a"));
      offer(said("a"));
      expect(offered).toEqual([["a"], ["a"]]);
    });
  });
});
