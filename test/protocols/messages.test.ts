import { describe, it } from "vitest";

import type { ProviderEffect } from "../../src/protocols/session.ts";
import { begun, drive, type Driven } from "./support/drive.ts";
import type { Messages, Stage } from "./support/messages.ts";
import { linkTo } from "./support/samples.ts";
import { suites, type Suite } from "./support/suites.ts";

const files = import.meta.glob("./*/frames/*.json", {
  query: "?raw",
  import: "default",
  eager: true,
});

const framesIn = (protocol: string, file: string): Record<string, object> =>
  JSON.parse(files[`./${protocol}/frames/${file}.json`] ?? "{}") as Record<string, object>;

function socketIn(stage: Stage, { provider, samples }: Suite): Driven {
  if (stage === "a new socket") {
    const session = drive(provider.open(linkTo(samples)), samples);
    session.opened();
    return session;
  }
  const session = begun(provider.open(linkTo(samples)), samples);
  const { question } = samples;
  if (stage === "a socket on which something was sent" && question !== undefined) {
    session.sends(question);
  }
  return session;
}

interface Told {
  readonly key?: unknown;
  readonly id?: unknown;
  readonly anonymous?: unknown;
}

/** Everybody whom the data of an event tells of, with a key. */
function listPeople(data: unknown): Told[] {
  if (typeof data !== "object" || data === null) return [];
  const own = "key" in data && "id" in data && typeof data.key === "string" ? [data] : [];
  return [...own, ...Object.values(data).flatMap(listPeople)];
}

/** The events that an effect makes, in the words of the list. */
function eventsOf(effect: ProviderEffect): string[] {
  switch (effect.type) {
    case "events-observe":
      return effect.drafts.map(({ platform, type }) => `${platform} ${type}`);
    case "connection-observe": {
      const { status, reason } = effect.connection;
      return [["connection.updated", status, reason ?? []].flat().join(" ")];
    }
    case "connection-drop":
      return [`connection.closed ${effect.reason}`];
    case "session-fail": {
      const { remedy, reason, isError = remedy === "stop" } = effect.failure;
      return [`connection.updated ${isError ? "error" : "connecting"} ${reason}`];
    }
    case "session-replace":
      return ["replaced"];
    case "send-confirm":
      return ["send.confirmed"];
    case "send-fail":
      return [`send.failed ${effect.failure.reason}`];
    case "frame-reject":
      return ["unreadable"];
    case "timer-set":
      return effect.timer.startsWith("retry") || effect.timer === "pace" ? ["asked again"] : [];
    default:
      return [];
  }
}

/** A list for each protocol: one that is registered fails for want of it. */
const messages = await Promise.all(
  suites.map(async ({ id }) => {
    const { messages } = (await import(`./${id}/messages.ts`)) as { messages: Messages };
    return [id, messages] as const;
  }),
);

/** The lists, a row a message. */
const rows = messages.flatMap(([protocol, stages]) =>
  Object.entries(stages).flatMap(([stage, byFile]) =>
    Object.entries(byFile).flatMap(([file, become]) =>
      Object.entries(become).map(([name, events]) => ({
        protocol,
        stage: stage as Stage,
        message: `${file}: ${name}`,
        frame: framesIn(protocol, file)[name],
        events: [events].flat(),
      })),
    ),
  ),
);

it("lists every frame there is, once", ({ expect }) => {
  const listed = rows.map(({ protocol, message }) => `${protocol}/${message}`);
  const there = Object.entries(files).flatMap(([path, text]) => {
    const [, protocol, file] = /^\.\/(.+)\/frames\/(.+)\.json$/.exec(path) ?? [];
    return Object.keys(JSON.parse(text) as object).map((name) => `${protocol}/${file}: ${name}`);
  });
  expect(listed.toSorted()).toEqual(there.toSorted());
});

describe.for(suites)("a message of $id becomes", (suite) => {
  const own = rows.filter(({ protocol }) => protocol === suite.id);

  it("names nobody by an empty id, whoever the provider leaves out", ({ expect }) => {
    const people = own.flatMap(({ stage, frame, message }) =>
      socketIn(stage, suite)
        .receives(frame ?? {})
        .flatMap((effect) => (effect.type === "events-observe" ? effect.drafts : []))
        .flatMap(({ data }) => listPeople(data).map((person) => ({ message, ...person }))),
    );
    const isEmpty = (id: unknown): boolean =>
      id === "" || (typeof id === "string" && id.endsWith(":"));
    expect(people.filter(({ key, id }) => isEmpty(key) || isEmpty(id))).toEqual([]);
    const nameless = people.filter(({ anonymous }) => anonymous === true);
    for (const { id } of nameless) expect(id).toBe("anonymous");
  });

  it.for(own)("$message, on $stage: $events", ({ stage, frame, events }, { expect }) => {
    const told = socketIn(stage, suite)
      .receives(frame ?? {})
      .flatMap(eventsOf);
    expect([...new Set(told)]).toEqual(events);
  });
});
