import type { Json } from "../../../src/lib/json.ts";
import { provider } from "../../../src/protocols/interactive-sync/index.ts";
import type { ProviderLink } from "../../../src/protocols/provider.ts";
import type { SendRequest } from "../../../src/protocols/session.ts";
import { greeted, type Driven } from "../support/drive.ts";
import { linkTo, type Occurrence, type Samples } from "../support/samples.ts";
import beyond from "./frames/beyond.json";
import connection from "./frames/connection.json";
import emits from "./frames/emits.json";

export const TOKEN = "tw1tch-t0ken";

export const IDENTIFIER = "interactive-sync:441502883";

/** An interface to show; nothing to show without an id. */
export function shown(id: string | null, rest: object = {}): Json {
  return id === null ? {} : { id, ...rest };
}

/** Asks for an interface to be shown. */
export function showing(job: string, id: string | null, rest: object = {}): SendRequest {
  return { job, identifier: IDENTIFIER, content: { kind: "ui", interface: shown(id, rest) } };
}

const occurrences = Object.entries({ ...emits, ...beyond });

export const samples: Samples = {
  target: {},
  url: "wss://sync.example/",
  claims: [],
  credentials: [
    {
      credentials: { clientId: "g4me-cl1ent", accessToken: TOKEN },
      open: ["g4me-cl1ent"],
      inAddress: [TOKEN],
    },
  ],
  greeting: [connection.ok],
  watchdog: "answer",
  question: showing("job-1", "dawn"),
  occurrences: Object.fromEntries(
    occurrences.map(([name, frame]): [string, Occurrence] => [
      name,
      { frame, connectionId: IDENTIFIER },
    ]),
  ),
  keyless: occurrences.map(([name]) => name),
  twins: {
    "two inputs that are alike": [emits.input, emits.input],
    "two presses of a button at one place": [emits.mousedown, emits.mousedown],
  },
};

/** A session that has been greeted. */
export function start(given: Partial<ProviderLink> = {}): Driven {
  return greeted(provider.open(linkTo(samples, given)), samples.greeting);
}
