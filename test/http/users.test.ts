import { createScheduledController, runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { afterEach, describe, it, vi } from "vitest";

import type { EventDraft } from "../../src/event/event.ts";
import worker from "../../src/index.ts";
import { ChannelObject } from "../../src/objects/channel/object.ts";
import { call, chat, makeChannel, type ShownPage } from "../support/api.ts";
import { delivered, Hook, until } from "../support/hooks.ts";
import { evictChannel } from "../support/hubs.ts";
import { drained, forgetJournal, OWNER, stored } from "../support/objects.ts";
import { connect } from "../support/sockets.ts";

interface Shown {
  readonly state: "running" | "done";
  readonly askedAt: string;
  readonly doneAt: string | null;
  readonly channels: { readonly told: number; readonly left: number; readonly all: boolean };
}

async function runCron(): Promise<void> {
  await worker.scheduled(createScheduledController({ scheduledTime: new Date() }), env);
}

/** Asks for somebody to be forgotten, and goes on every minute until it is done. */
async function forgotten(key: string): Promise<Shown> {
  const asked = await call<Shown>("DELETE", `/users/${encodeURIComponent(key)}`);
  if (asked.status !== 202) throw new Error(JSON.stringify(asked.body));
  return until(
    async () => {
      await runCron();
      return (await call<Shown>("GET", `/users/${encodeURIComponent(key)}`)).body;
    },
    ({ state }) => state === "done",
  );
}

let people = 0;

/** Somebody whom no other test knows, with words and a name that are found wherever they are. */
function makePerson() {
  people += 1;
  const id = `77000${people}${Date.now()}`;
  const name = `Wagtail${people}`;
  const user = { ...chat("", "").data.user, key: `twitch:${id}`, id, name, login: `${name}_x` };
  return { id, name, key: user.key, user, words: `sandbank${people}` };
}

type Person = ReturnType<typeof makePerson>;

/** All that is told of somebody, in events of several kinds. */
function tellOf({ id, name, user, words }: Person, mark: string): EventDraft[] {
  const message = { ...chat(`m-${people}-${mark}`, words).data.message };
  const events = [
    { type: "chat.message", data: { user, message }, key: `chat/${id}/${mark}` },
    { type: "channel.follow", data: { user } },
    { type: "channel.redemption", data: { user, reward: { title: "Hydrate" }, input: words } },
    {
      type: "provider.event",
      data: { nativeType: "x", payload: { by: { id }, text: words } },
      raw: { by: { id }, text: words },
    },
    { type: "session.updated", data: { key: "follower-latest", value: { name } } },
    { type: "moderation.unban", data: { user, reason: "appeal" } },
  ];
  return events.map((each) => ({ ...each, platform: "twitch" }) as EventDraft);
}

async function relay(channel: string, drafts: readonly EventDraft[]): Promise<void> {
  const answer = await env.CHANNEL.getByName(channel).post(OWNER, drafts, 2_000, "restream");
  if (!answer.ok) throw new Error(answer.detail);
}

/** All that is left of somebody, in everything that is kept of a channel and shown of it. */
async function tracesOf(channel: string, { id, name, words }: Person): Promise<string[]> {
  const page = await call<ShownPage>("GET", `/channels/${channel}/events?order=asc`);
  const raws = await Promise.all(
    page.body.events.map(async (each) =>
      JSON.stringify((await call("GET", `/channels/${channel}/events/${each.id}/raw`)).body),
    ),
  );
  const csv = await call<string>("GET", `/channels/${channel}/events?order=asc`, undefined, {
    headers: { accept: "text/csv" },
  });
  const tables = await runInDurableObject(env.CHANNEL.getByName(channel), (_, { storage }) =>
    ["groups", "keys", "erasures", "meta"].map((table) =>
      JSON.stringify(storage.sql.exec(`SELECT * FROM ${table}`).toArray()),
    ),
  );
  const all = [JSON.stringify(page.body), ...raws, csv.body, await stored(channel), ...tables];
  return all.filter((text) => [id, name, words].some((each) => text.includes(each)));
}

afterEach(() => {
  vi.restoreAllMocks();
});

describe("somebody who is forgotten", () => {
  it("is in no channel any more, wherever it was: journal, history, pages, exports, payloads", async ({
    expect,
  }) => {
    const person = makePerson();
    const other = makePerson();
    const channels = [await makeChannel(), await makeChannel()];
    for (const channel of channels) {
      await relay(channel, [...tellOf(person, "a"), ...tellOf(other, "a")]);
      await drained(channel);
      await forgetJournal(channel);
      await relay(channel, [...tellOf(person, "b"), ...tellOf(other, "b")]);
      expect(await tracesOf(channel, person)).not.toEqual([]);
    }
    const done = await forgotten(person.key);
    expect(done).toMatchObject({ state: "done", channels: { left: 0, all: true } });
    expect(done.channels.told).toBeGreaterThanOrEqual(2);
    for (const channel of channels) {
      expect(await tracesOf(channel, person)).toEqual([]);
      expect((await tracesOf(channel, other)).length).toBeGreaterThan(3);
      const { body } = await call<ShownPage>("GET", `/channels/${channel}/events?order=asc`);
      expect(body.events.map(({ type }) => type)).toContain("channel.redemption");
      const socket = await connect(channel, "?rewind=20");
      expect(JSON.stringify(await socket.events(20))).not.toContain(person.words);
      socket.close();
    }
  });

  it("is in nothing that is sent to webhooks afterwards", async ({ expect }) => {
    const person = makePerson();
    const channel = await makeChannel();
    const hook = new Hook();
    const { id } = await hook.attach(channel);
    await hook.reply({ status: 503, headers: { "retry-after": "3600" } });
    await relay(channel, tellOf(person, "a"));
    await delivered(channel, id, (all) => all.some(({ attempts }) => attempts.length > 0));
    await forgotten(person.key);
    const bodies = await runInDurableObject(
      env.WEBHOOK.getByName(
        `${(await call<{ number: number }>("GET", `/channels/${channel}`)).body.number}/${id}`,
      ),
      (_, { storage }) =>
        JSON.stringify([
          storage.sql.exec("SELECT body FROM deliveries").toArray(),
          storage.sql.exec("SELECT record FROM attempts").toArray(),
        ]),
    );
    for (const each of [person.id, person.name, person.words]) expect(bodies).not.toContain(each);
  });

  it("is there again in what arrives after it was asked for", async ({ expect }) => {
    const person = makePerson();
    const channel = await makeChannel();
    await relay(channel, tellOf(person, "a"));
    // The channel hears of it later than it was asked for.
    const held = vi.spyOn(ChannelObject.prototype, "forget").mockRejectedValue(new Error("away"));
    const { body: asked } = await call<Shown>("DELETE", `/users/${person.key}`);
    await until(
      async () => held.mock.calls.length,
      (calls) => calls > 0,
    );
    await until(
      async () => Date.now(),
      (now) => now > Date.parse(asked.askedAt),
    );
    await relay(channel, tellOf({ ...person, words: "later words" }, "b"));
    held.mockRestore();
    await until(
      async () => {
        await runCron();
        return (await call<Shown>("GET", `/users/${person.key}`)).body.state;
      },
      (state) => state === "done",
    );
    const kept = await stored(channel);
    expect([kept.includes(person.words), kept.includes("later words")]).toEqual([false, true]);
  });

  it("is forgotten in the end, whatever is away or lost on the way", async ({ expect }) => {
    const person = makePerson();
    const channel = await makeChannel();
    await relay(channel, tellOf(person, "a"));
    await drained(channel);
    const { body: known } = await call<{ number: number }>("GET", `/channels/${channel}`);
    await env.DB.exec(
      `CREATE TRIGGER hold_people BEFORE UPDATE ON blocks WHEN OLD.place >> 32 = ${known.number} BEGIN SELECT RAISE(ABORT, 'held'); END`,
    );
    try {
      await call("DELETE", `/users/${person.key}`);
      await runCron();
      const { body } = await call<Shown>("GET", `/users/${person.key}`);
      expect(body.state).toBe("running");
      // Nobody is shown what history still has.
      const page = await call("GET", `/channels/${channel}/events?order=asc`);
      expect(JSON.stringify(page.body)).not.toContain(person.words);
    } finally {
      await env.DB.exec("DROP TRIGGER hold_people");
    }
    await evictChannel(channel);
    await until(
      async () => {
        await runCron();
        return (await call<Shown>("GET", `/users/${person.key}`)).body.state;
      },
      (state) => state === "done",
    );
    expect(await tracesOf(channel, person)).toEqual([]);
  });

  it("is known by a digest alone where it is said who asked", async ({ expect }) => {
    const person = makePerson();
    await forgotten(person.key);
    const { results } = await env.DB.prepare("SELECT * FROM person_erasures").all();
    expect(JSON.stringify(results)).not.toContain(person.id);
    expect(results.every((row) => row["asked_by"] === "admin")).toBe(true);
    const again = await forgotten(person.key);
    expect(again.state).toBe("done");
  });

  it("is named by a key, and nobody asked for is nobody", async ({ expect }) => {
    for (const key of ["twitch", "Twitch:1", ":1", "twitch:"]) {
      const { status } = await call("DELETE", `/users/${encodeURIComponent(key)}`);
      expect([key, status]).toEqual([key, 400]);
    }
    const { status, body } = await call("GET", "/users/twitch:900000404");
    expect([status, body["code"]]).toEqual([404, "erasure_not_found"]);
  });
});
