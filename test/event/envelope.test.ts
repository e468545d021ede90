import { describe, it } from "vitest";

import { toEvent, type EventDraft, type Place } from "../../src/event/event.ts";
import { formatConnectionId, formatSource } from "../../src/event/ids.ts";
import { allSamples, EPOCH, samples } from "../support/samples.ts";

const PLACE: Place = {
  channel: "demo",
  epoch: EPOCH,
  seq: 4711,
  recordedAt: Date.parse("2026-11-21T01:17:00.123Z"),
  provider: "dlive",
};

const { user, message } = samples["chat.message"].data;

const DRAFT: EventDraft = {
  type: "chat.message",
  platform: "dlive",
  connectionId: formatConnectionId("dlive", "dbl-lee"),
  time: Date.parse("2019-06-17T22:54:57.380Z"),
  key: "Message:80364c42",
  raw: { content: "Hello" },
  data: { user, message: { ...message, id: "80364c42-1d4e-49f2-ac16-dffc9cb2e3d8" } },
};

describe("an event", () => {
  it("is a CloudEvent, attribute for attribute", ({ expect }) => {
    expect(JSON.stringify(toEvent(DRAFT, PLACE))).toBe(
      JSON.stringify({
        specversion: "1.0",
        id: "k3f9w2ab7q-4711",
        source: "/channels/demo",
        type: "chat.message",
        subject: "message/80364c42-1d4e-49f2-ac16-dffc9cb2e3d8",
        time: "2019-06-17T22:54:57.380Z",
        recordedtime: "2026-11-21T01:17:00.123Z",
        sequence: "000000004711",
        provider: "dlive",
        platform: "dlive",
        connectionid: "dlive:dbl-lee",
        data: DRAFT.data,
      }),
    );
  });

  it("leaves out what its draft does not know", ({ expect }) => {
    const event = toEvent({ type: "custom.x", platform: "api", data: {} }, PLACE);
    expect(Object.keys(event)).toEqual([
      "specversion",
      "id",
      "source",
      "type",
      "recordedtime",
      "sequence",
      "provider",
      "platform",
      "data",
    ]);
  });

  it("carries neither the provider's words nor the key of its occurrence", ({ expect }) => {
    const text = JSON.stringify(toEvent(DRAFT, PLACE));
    expect(text).not.toContain("Message:80364c42");
    expect(Object.keys(toEvent(DRAFT, PLACE))).not.toContain("raw");
  });

  it("says that it is a test only if it is one", ({ expect }) => {
    expect(toEvent({ ...DRAFT, test: true }, PLACE).test).toBe(true);
    expect(Object.keys(toEvent(DRAFT, PLACE))).not.toContain("test");
  });

  it("has attributes with the names that CloudEvents allows", ({ expect }) => {
    const names = allSamples.flatMap((draft) =>
      Object.keys(toEvent({ ...DRAFT, ...draft }, PLACE)),
    );
    expect(names.filter((name) => !/^[a-z0-9]{1,20}$/.test(name))).toEqual([]);
  });

  it("keeps a subject that it was given", ({ expect }) => {
    expect(toEvent({ ...DRAFT, subject: "round/3" }, PLACE).subject).toBe("round/3");
  });

  it("has its channel as its source, and a connection its protocol before its name", ({
    expect,
  }) => {
    expect(formatSource("my-channel")).toBe("/channels/my-channel");
    expect(formatConnectionId("restream", "5000001-twitch-1")).toBe("restream:5000001-twitch-1");
  });
});
