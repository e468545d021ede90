import type { Occurrence, Samples } from "../support/samples.ts";
import connections from "./frames/connections.json";
import events from "./frames/events.json";
import other from "./frames/other.json";
import outcomes from "./frames/outcomes.json";

/** The Twitch connection of all frames. */
export const TWITCH = connections.twitch.payload.connectionIdentifier;

/** An `event` frame with another type, and other words in it. */
export function eventFrame(
  eventTypeId: number,
  eventPayload: unknown,
  changes: object = {},
): { action: string; payload: object; timestamp: number } {
  const payload = { ...events["4"].payload, eventTypeId, eventPayload, ...changes };
  return { ...events["4"], payload };
}

/** A frame with its payload changed. */
export function changed(frame: { payload: object }, payload: object): object {
  return { ...frame, payload: { ...frame.payload, ...payload } };
}

interface Named {
  readonly action: string;
  readonly payload: object;
}

function occurrence(frame: Named): Occurrence {
  const { connectionIdentifier } = frame.payload as { connectionIdentifier?: string };
  const isNamed = connectionIdentifier !== undefined;
  return { frame, connectionId: isNamed ? `restream:${connectionIdentifier}` : null };
}

const named = Object.entries<Named>(events).map(([type, frame]): [string, Occurrence] => [
  `event ${type}`,
  occurrence(frame),
]);
const told = Object.entries<Named>({ ...outcomes, unknown: other["an action nobody knows"] });

export const samples: Samples = {
  target: {},
  claims: [],
  credentials: [
    {
      credentials: {
        clientId: "cl1ent-id",
        clientSecret: "cl1ent-s3cret",
        refreshToken: "r3fresh-t0ken",
        accessToken: "4ccess-t0ken",
        expiresAt: 1_732_403_600_000,
      },
      open: ["cl1ent-id"],
      inAddress: ["4ccess-t0ken"],
    },
    { credentials: { accessToken: "0ther-t0ken" }, open: [], inAddress: ["0ther-t0ken"] },
  ],
  greeting: [connections.twitch, connections.youtube, other.heartbeat],
  watchdog: "silence",
  occurrences: Object.fromEntries([
    ...named,
    ...told.map(([name, frame]): [string, Occurrence] => [name, occurrence(frame)]),
  ]),
  keyless: [],
  twins: {
    "the same words twice, a second apart": [
      events["4"],
      { ...events["4"], timestamp: events["4"].timestamp + 1 },
    ],
    "one identifier, other words": [eventFrame(4, { text: "yes" }), eventFrame(4, { text: "no" })],
    "one identifier, other connections": [
      eventFrame(4, { text: "yes" }, { connectionIdentifier: "1-twitch-1" }),
      eventFrame(4, { text: "yes" }, { connectionIdentifier: "1-twitch-2" }),
    ],
    "no identifier, another eventId": [
      eventFrame(4, { text: "yes" }, { eventIdentifier: null, eventId: "a" }),
      eventFrame(4, { text: "yes" }, { eventIdentifier: null, eventId: "b" }),
    ],
    "a reply that two connections accept": [
      outcomes.reply_accepted,
      changed(outcomes.reply_accepted, { connectionIdentifier: "6100042-kick-7001" }),
    ],
    "a relay of an event whose identifier came before": [
      outcomes.relay_accepted,
      { ...outcomes.relay_accepted, timestamp: outcomes.relay_accepted.timestamp + 60 },
    ],
    "an unknown action with other words": [
      { action: "regatta", payload: { boats: 1 }, timestamp: 1 },
      { action: "regatta", payload: { boats: 2 }, timestamp: 1 },
    ],
  },
};
