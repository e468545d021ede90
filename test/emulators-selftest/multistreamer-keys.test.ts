import { expandSaid, keyOfChat } from "../emulators/index.ts";
import { followMultistreamer } from "./support/follow.ts";
import { it } from "./support/it.ts";

it("gives like messages keys of their own, made of what is on the wire", async ({
  expect,
  multistreamer,
}) => {
  const client = await followMultistreamer(multistreamer);
  const again = { action: "chat", text: "same", author: "TealOtter" } as const;
  const outcomes = await multistreamer.do(Array.from({ length: 50 }, () => again));

  const frames = (await client.take(50)).map((frame) => JSON.parse(frame) as object);

  const keys = expandSaid(multistreamer.truth().said).map(({ key }) => key);
  expect(keys).toEqual(frames.map((frame) => keyOfChat({ ...frame })));
  expect(outcomes.flatMap((outcome) => outcome.keys)).toEqual(keys);
  expect(new Set(keys).size).toBe(50);
  expect(keys[0]).toMatch(/^twitch 12 \d+ \d+ same$/);
});

it("gives two messages the same key when the wire tells no difference", async ({
  expect,
  multistreamer,
}) => {
  await followMultistreamer(multistreamer);
  const again = { action: "chat", text: "same", author: "TealOtter", timestamp: 5 } as const;
  const [one, other] = await multistreamer.do([again, again]);
  expect(one?.keys).toEqual(other?.keys);
  expect(multistreamer.truth()).toMatchObject({ saidCount: 2, repeats: 0 });
});

it("does not carry a long text in a key", ({ expect }) => {
  const frame = { network: "twitch", account_id: 12, timestamp: 5, text: "x".repeat(5_000) };
  expect(keyOfChat(frame)).toBe(`twitch 12 - 5 ${"x".repeat(100)}… of 5000`);
  expect(keyOfChat({})).toBe("- - - - -");
});
