import * as fc from "fast-check";
import { describe, it } from "vitest";

import type { EventDraft } from "../../src/event/event.ts";
import { joinFragments } from "../../src/event/message.ts";
import { redactDraft } from "../../src/event/redact-draft.ts";
import { REDACTED } from "../../src/event/redact.ts";
import { findDataSchema } from "../../src/event/schemas.ts";
import type { Fragment } from "../../src/event/shapes.ts";
import { allSamples, hello, samples } from "../support/samples.ts";

const SECRET = "S3CR3T-4711";

const piece = fc.constantFrom(
  "ada",
  "@",
  "example",
  ".com",
  " ",
  "?token=abc",
  "@ada@mastodon.example",
  "S3CR3T",
  "-4711",
  "ada@example.com",
  "https://x.example/?key=1",
  "Kappa",
);
const fragment: fc.Arbitrary<Fragment> = fc.record({
  type: fc.constantFrom("text", "emote", "mention", "link"),
  text: fc.array(piece, { maxLength: 3 }).map((pieces) => pieces.join("")),
});

function saying(fragments: readonly Fragment[]): (typeof samples)["chat.message"] {
  const draft = samples["chat.message"];
  const message = { ...hello, text: joinFragments(fragments), fragments: [...fragments] };
  return { ...draft, data: { ...draft.data, message } };
}

describe("a redacted draft", () => {
  it("has a message whose text is the sum of its fragments, wherever the secret was cut", ({
    expect,
  }) => {
    fc.assert(
      fc.property(fc.array(fragment, { maxLength: 8 }), (fragments) => {
        const { message } = redactDraft(saying(fragments), [SECRET]).data as {
          message: typeof hello;
        };
        expect(joinFragments(message.fragments)).toBe(message.text);
        expect(` ${message.text} `).not.toMatch(/[^\w]S3CR3T-4711[^\w]/);
        expect(message.text).not.toMatch(/(?<!@)\bada@example\.com/);
      }),
      { numRuns: 2_000 },
    );
  });

  it("keeps the fragments of a message that hides something in one of them", ({ expect }) => {
    const fragments = [
      { type: "emote" as const, text: "Kappa", id: "25" },
      { type: "text" as const, text: " ada@example.com" },
    ];
    const { data } = redactDraft(saying(fragments), []);
    expect(data).toMatchObject({
      message: { text: `Kappa ${REDACTED}`, fragments: [fragments[0], { text: ` ${REDACTED}` }] },
    });
  });

  it("is the very same draft where there is nothing to hide", ({ expect }) => {
    for (const sample of allSamples) {
      const draft = { ...sample, raw: { words: ["as", "they", "came"] }, subject: "round/3" };
      expect(redactDraft(draft, [SECRET])).toBe(draft);
    }
  });

  it("has neither secrets nor addresses in its data, its raw and its subject", ({ expect }) => {
    const dirty = `${SECRET} ada@example.com`;
    for (const sample of allSamples) {
      const draft = {
        ...sample,
        subject: dirty,
        raw: { email: "x", token: "abc", deep: [{ [dirty]: dirty }] },
        data: { ...sample.data, extra: { dirty } },
      } as EventDraft;
      const text = JSON.stringify(redactDraft(draft, [SECRET]));
      expect(text).not.toMatch(/S3CR3T-4711|ada@|"abc"/);
    }
  });

  it("keeps what people say that only looks like a secret", ({ expect }) => {
    const text = "@ada@mastodon.example https://x.example/?code=1&key=2 test";
    const draft = { ...saying([{ type: "text", text }]), raw: { text, tip: { tokens: 25 } } };
    expect(redactDraft(draft, ["test"])).toBe(draft);
  });

  it("is still what its type says", ({ expect }) => {
    const secrets = ["https://twitch.tv/ada", "900000001"];
    for (const sample of allSamples) {
      const { type, data } = redactDraft({ ...sample, raw: ["Ada"] }, secrets);
      expect(findDataSchema(type).safeParse(data).error, type).toBeUndefined();
    }
  });

  it("keeps its key: two keys must not become one", ({ expect }) => {
    const draft = { ...samples["channel.follow"], key: "ada@example.com", raw: "ada@example.com" };
    expect(redactDraft(draft, []).key).toBe("ada@example.com");
    expect(redactDraft(draft, []).raw).toBe(REDACTED);
  });

  it("may be a program's own, with anything at all by the name of message", ({ expect }) => {
    const messages = [
      { text: "ada@example.com", fragments: [null] },
      { text: "ada@example.com", fragments: "none" },
      { text: "ada@example.com", fragments: [{ text: 7 }, { text: "x" }] },
    ];
    for (const message of messages) {
      const draft: EventDraft = { type: "custom.x", platform: "api", data: { message } };
      expect(redactDraft(draft, []).data).toEqual({ message: { ...message, text: REDACTED } });
    }
  });
});
