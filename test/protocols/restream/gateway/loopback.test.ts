import * as fc from "fast-check";
import { describe, it } from "vitest";

import type { EventDraft } from "../../../../src/event/event.ts";
import type { Connection } from "../../../../src/event/shapes.ts";
import { toIdentifier } from "../../../../src/protocols/restream/codec/identifier.ts";
import { gateway } from "../../../../src/protocols/restream/gateway/gateway.ts";
import { provider } from "../../../../src/protocols/restream/provider/provider.ts";
import { ada, connection, hello, numbered, samples } from "../../../support/samples.ts";
import { drive, draftsOf, only } from "../../support/drive.ts";
import { quiet, serve } from "../../support/gateway.ts";
import { linkTo } from "../../support/samples.ts";
import { samples as own } from "../samples.ts";

/*
 * What our gateway says, our own provider understands: one relay as the provider of another.
 */

/** Hands what a channel of ours tells to a session that reads Restream. */
function heard(drafts: readonly EventDraft[], connections: readonly Connection[] = []) {
  const served = serve(gateway, { channel: { ...quiet, connections } }, { isForgetful: true });
  const session = drive(provider.open(linkTo(own)));
  session.opened();
  const numberedEvents = drafts.map((draft, index) => numbered(draft, index + 1).event);
  return [...served.opened, ...served.observes(...numberedEvents)].flatMap((effect) =>
    effect.type === "frame-send" ? session.receives(effect.frame) : [effect as never],
  );
}

const PLATFORMS = [
  "twitch",
  "youtube",
  "facebook",
  "dlive",
  "discord",
  "linkedin",
  "trovo",
  "x",
  "kick",
  "rumble",
  "elsewhere",
];

const platforms = fc.constantFrom(...PLATFORMS);
const name = fc.stringMatching(/^[A-Za-z0-9 _]{1,20}$/);
const text = fc.string({ unit: "grapheme", minLength: 1, maxLength: 80 });
const roles = fc.subarray(["broadcaster", "moderator", "subscriber"] as const);
const amount = fc
  .tuple(fc.integer({ min: 1, max: 1e6 }), fc.constantFrom("EUR", "USD", "JPY"))
  .map(([value, currency]) => ({ value: String(value), currency, kind: "fiat" as const }));

const user = fc.record({ id: name, name, roles }).map(({ id, ...rest }) => ({
  ...ada,
  ...rest,
  id,
  key: `x:${id}`,
}));

const messages = fc
  .record({ id: name, text, action: fc.boolean() })
  .map(({ text: words, ...rest }) => {
    const { to: _to, replyTo: _replyTo, attachments: _attachments, ...plain } = hello;
    return { ...plain, ...rest, text: words, fragments: [{ type: "text" as const, text: words }] };
  });

describe("what our gateway says, our provider understands", () => {
  it("every message of every platform, word for word, in order", ({ expect }) => {
    const drafts = fc.array(
      fc
        .record({ platform: platforms, user, message: messages })
        .map(({ platform, ...data }): EventDraft => ({
          type: "chat.message",
          platform,
          connectionId: `astro:${platform}`,
          data,
        })),
    );
    fc.assert(
      fc.property(drafts, (said) => {
        const effects = heard(said);
        expect(only(effects, "frame-reject")).toEqual([]);
        const outcome = draftsOf(effects).map(({ type, platform, connectionId, data }) => {
          const { user: writer, message } = data as (typeof samples)["chat.message"]["data"];
          const { id, action } = message;
          return {
            type,
            platform,
            connectionId,
            name: writer.name,
            text: message.text,
            id,
            action,
          };
        });
        expect(outcome).toEqual(
          said.map(({ type, platform, data }) => {
            const { user: writer, message } = data as (typeof samples)["chat.message"]["data"];
            const { id, action } = message;
            const connectionId = `restream:7-${platform}-astro.${platform}`;
            return {
              type,
              platform,
              connectionId,
              name: writer.name,
              text: message.text,
              id,
              action,
            };
          }),
        );
      }),
    );
  });

  it("every gift of money and every membership that it has a word for", ({ expect }) => {
    const gift = fc.record({
      amount,
      kind: fc.constantFrom("superchat", "supersticker"),
      user,
      message: messages,
    });
    fc.assert(
      fc.property(gift, fc.integer({ min: 1, max: 99 }), ({ kind, ...given }, count) => {
        const tip: EventDraft = {
          ...samples["channel.tip"],
          platform: "youtube",
          data: { ...given, kind },
        };
        const gifts: EventDraft = {
          ...samples["channel.subscription.gift"],
          platform: "youtube",
          data: { user: given.user, count, recipients: [] },
        };
        const [first, second, ...more] = draftsOf(heard([tip, gifts]));
        expect(first).toMatchObject({
          type: "channel.tip",
          platform: "youtube",
          data: { kind, amount: given.amount, message: { text: given.message.text } },
        });
        expect(second).toMatchObject({ type: "channel.subscription.gift", data: { count } });
        expect(more).toEqual([]);
      }),
    );
  });

  it.for([
    ["new", "youtube", { kind: "new" }],
    ["a renewal", "youtube", { kind: "renewal", months: 12, message: "One year!" }],
    ["new", "kick", { kind: "new" }],
  ] as const)("a membership: %s on %s", ([, platform, subscription], { expect }) => {
    const draft: EventDraft = {
      ...samples["channel.subscription"],
      platform,
      data: { user: ada, subscription },
    };
    expect(draftsOf(heard([draft]))).toMatchObject([
      { type: "channel.subscription", platform, data: { subscription } },
    ]);
  });

  it("a connection's way from its announcement to its end", ({ expect }) => {
    const broken = { ...connection, status: "error" as const, reason: "event_not_started" };
    const effects = heard(
      [
        { ...samples["connection.updated"], data: broken },
        { ...samples["connection.closed"], data: { ...samples["connection.closed"].data } },
      ],
      [connection],
    );
    const identifier = "restream:7-twitch-restream.5000001-twitch-900000001";
    expect(only(effects, "connection-observe").map((each) => each.connection)).toMatchObject([
      { identifier, uuid: "u-1", platform: "twitch", status: "connected", reason: null },
      { identifier, uuid: "u-1", status: "error", reason: "event_not_started" },
    ]);
    expect(only(effects, "connection-drop")).toMatchObject([{ uuid: "u-1", reason: "removed" }]);
  });

  it("how a send fares, from its words to its end", ({ expect }) => {
    const types = ["send.accepted", "send.confirmed", "send.failed"] as const;
    const told = draftsOf(heard(types.map((type) => samples[type])));
    expect(told.map(({ type }) => type)).toEqual(types);
    for (const { data } of told) expect(data).toMatchObject({ sendId: "s-1", kind: "chat" });
    expect(told[0]?.data).toMatchObject({ text: "Hello all" });
    expect(told[2]?.data).toMatchObject({ reason: "rate_limited" });
  });
});

it("no two connections of a platform have one identifier", ({ expect }) => {
  const ours = fc
    .tuple(fc.constantFrom("dlive", "astro", "restream"), fc.stringMatching(/^[a-z.-]{1,12}$/))
    .map(([protocol, channel]) => `${protocol}:${channel}`);
  fc.assert(
    fc.property(ours, ours, platforms, (one, other, platform) => {
      const isSame = toIdentifier(7, platform, one) === toIdentifier(7, platform, other);
      expect(isSame).toBe(one === other);
      expect(toIdentifier(7, platform, one).split("-")[1]).toBe(platform);
    }),
    { numRuns: 5000 },
  );
});
