import { beforeAll, describe, it } from "vitest";

import { lint, unrefused, type Complaint, type Plant } from "./support/linted.ts";
import {
  bare,
  everyWay,
  importing,
  naming,
  reaching,
  type Part,
  type Room,
} from "./support/plants.ts";

const RUNTIME = ["cloudflare:workers", "cloudflare:sockets", "node:fs"];
const DOOR = ["hono", "hono/cors", "@hono/zod-openapi", "jose"];
const FACES: readonly Part[] = ["console", "client"];
const UPPER: readonly Part[] = [
  "store",
  "http",
  "objects",
  "index",
  "errors",
  "calls",
  "emotes",
  ...FACES,
];
const PURE = ["lib", "event", "protocols", "protocols/dlive", "channel", "delivery", "emotes"];
const PLATFORM = ["D1Database", "DurableObjectState", "SqlStorage", "Env", "WebSocket", "Request"];

function only(file: string, ...lines: [rule: string, line: string][]): Plant[] {
  return lines.map(([rule, line]) => ({ file, line, rule }));
}

const walls: Record<string, readonly Plant[]> = {
  "lib/ knows nothing of ours and no platform": [
    ...importing("lib", ["event", "ports", "channel", "delivery", ...UPPER], [...RUNTIME, ...DOOR]),
    {
      ...bare("src/lib/planted-zod.ts", "zod"),
      line: 'import { z } from "zod"; export const a = z;',
    },
  ],
  "event/ imports lib/ only": importing(
    "event",
    ["ports", "channel", "delivery", ...UPPER],
    [...RUNTIME, ...DOOR, "../lib/../objects/alarms.ts"],
  ),
  "protocols/ imports event/ and lib/ only": (["ports", "protocol"] as const).flatMap((room) =>
    importing(room, ["channel", "delivery", ...UPPER], [...RUNTIME, ...DOOR]),
  ),
  "one protocol never imports another": [
    bare("src/protocols/dlive/planted-a.ts", "../restream/codec/to-draft.ts"),
    bare("src/protocols/dlive/planted-b.ts", "../sixth/index.ts"),
    ...["wire", "codec", "provider", "gateway", "inner"].map((folder) =>
      bare(`src/protocols/dlive/${folder}/planted.ts`, "../../restream/wire/frames.ts"),
    ),
    bare("src/protocols/tributary/planted.ts", "../dlive/wire/frames.ts"),
  ],
  "a protocol's two sides do not know each other, and stand on its codec and its wire": [
    bare("src/protocols/dlive/provider/planted-side.ts", "../gateway/gateway.ts"),
    bare("src/protocols/dlive/gateway/planted-side.ts", "../provider/provider.ts"),
    ...["provider/provider.ts", "gateway/gateway.ts", "index.ts"].flatMap((part) => [
      bare("src/protocols/dlive/codec/planted-up.ts", `../${part}`),
      bare("src/protocols/dlive/wire/planted-up.ts", `../${part}`),
    ]),
    bare("src/protocols/dlive/wire/planted-codec.ts", "../codec/to-draft.ts"),
    bare(
      "src/protocols/interactive-sync/viewer-interface/planted-side.ts",
      "../gateway/gateway.ts",
    ),
    bare(
      "src/protocols/interactive-sync/viewer-interface/planted-other.ts",
      "../provider/provider.ts",
    ),
    bare(
      "src/protocols/interactive-sync/provider/planted-interface.ts",
      "../viewer-interface/viewer-interface.ts",
    ),
  ],
  "only the registry knows the protocols": [
    ...importing("ports", ["protocol"]),
    ...importing("protocol", ["registry"]),
    ...importing("objects", ["protocol"]),
    bare("src/protocols/dlive/planted-registry.ts", "../registry.ts"),
    bare("src/protocols/registry.ts", "./dlive/codec/to-draft.ts"),
  ],
  "channel/ and delivery/ import event/ and lib/ only": [
    ...importing("channel", ["ports", "protocol", "delivery", ...UPPER], [...RUNTIME, ...DOOR]),
    ...importing("delivery", ["ports", "protocol", "channel", ...UPPER], [...RUNTIME, ...DOOR]),
  ],
  "emotes/ imports event/ and lib/ only": importing(
    "emotes",
    ["ports", "protocol", "channel", "delivery", "store", "http", "objects", "index", "calls"],
    [...RUNTIME, ...DOOR],
  ),
  "store/ knows SQL, and neither the runtime nor what is decided": [
    { ...bare("src/store/planted-value.ts", ""), line: 'export { a } from "../delivery/a.ts";' },
    ...importing(
      "store",
      [
        "ports",
        "protocol",
        "channel",
        "http",
        "objects",
        "index",
        "calls",
        "delivery",
        "emotes",
        ...FACES,
      ],
      [...RUNTIME, ...DOOR],
    ),
    ...naming("src/store/planted", ["Env", "DurableObjectState", "DurableObjectStorage"]),
    ...only("src/store/planted-globals.ts", ["no-restricted-globals", "export const a = fetch;"]),
  ],
  "http/ reaches objects through bindings, and nothing pure but words": [
    ...importing(
      "http",
      ["ports", "protocol", "channel", "delivery", "objects", "index", ...FACES],
      RUNTIME,
    ),
    ...naming("src/http/planted", ["DurableObjectState", "SqlStorage"]),
  ],
  "objects/ know neither the door nor the faces": importing(
    "objects",
    ["http", "index", ...FACES],
    [...DOOR, "node:fs"],
  ),
  "a webhook's object and the others do not know each other": [
    ...["channel", "hub", "clients", "gateways", "providers"].flatMap((room) => [
      bare(`src/objects/webhook/planted-${room}.ts`, `../${room}/planted.ts`),
      bare(`src/objects/${room}/planted-webhook.ts`, "../webhook/object.ts"),
      bare(`src/objects/${room}/planted-delivery.ts`, "../../delivery/schedule.ts"),
    ]),
    bare("src/objects/webhook/planted-decided.ts", "../../channel/channel.ts"),
    bare("src/objects/webhook/planted-port.ts", "../../protocols/session.ts"),
  ],
  "in objects/ what serves a client or a provider knows not whom it serves it for": [
    bare("src/objects/hub/planted-channel.ts", "../channel/log.ts"),
    bare("src/objects/hub/planted-providers.ts", "../providers/link.ts"),
    ...["clients", "gateways", "channel", "hub"].map((room) =>
      bare(`src/objects/providers/planted-${room}.ts`, `../${room}/planted.ts`),
    ),
    ...["gateways", "channel", "hub", "providers"].map((room) =>
      bare(`src/objects/clients/planted-${room}.ts`, `../${room}/planted.ts`),
    ),
    ...["channel", "hub", "providers"].map((room) =>
      bare(`src/objects/gateways/planted-${room}.ts`, `../${room}/planted.ts`),
    ),
    ...["channel", "providers", "clients", "gateways", "hub", "webhook"].map((room) =>
      bare(`src/objects/planted-${room}.ts`, `./${room}/object.ts`),
    ),
  ],
  "in store/ the rooms share object/ and nothing else": [
    bare("src/store/journal/planted-queue.ts", "../queue/schema.ts"),
    bare("src/store/queue/planted-history.ts", "../history/pages.ts"),
    bare("src/store/hub/planted-journal.ts", "../journal/groups.ts"),
    bare("src/store/history/planted-journal.ts", "../journal/groups.ts"),
  ],
  "SQL stands in store/ alone": [
    ...only(
      "src/http/routes/planted-sql.ts",
      ["no-restricted-properties", 'export const a = (db: Queries) => db.prepare("SELECT 1");'],
      ["no-restricted-properties", "export const b = ({ prepare }: Queries) => prepare;"],
    ),
    ...only("src/http/routes/health.ts", [
      "no-restricted-properties",
      'export const a = (db: Queries) => db.prepare("SELECT 1");',
    ]),
    ...only(
      "src/objects/channel/planted-sql.ts",
      ["no-restricted-properties", 'export const a = (db: Queries) => db["prepare"]("SELECT 1");'],
      ["no-restricted-properties", 'export const b = (sql: Rows) => sql.exec("SELECT 1");'],
    ),
  ],
  "index.ts joins http/ and objects/, and knows nothing else": [
    ...["event/ids.ts", "lib/json.ts", "protocols/registry.ts", "channel/channel.ts"].map((part) =>
      bare("src/index.ts", `./${part}`),
    ),
    ...["store/mask.ts", "errors.ts", "calls/channel.ts", "client/client.ts"].map((part) =>
      bare("src/index.ts", `./${part}`),
    ),
  ],
  "an object is asked through asking.ts, which knows none": [
    ...["src/http/planted-stub.ts", "src/objects/hub/planted-stub.ts"].flatMap((file) =>
      only(
        file,
        ["no-restricted-properties", 'export const a = (env: Env) => env.HUB.getByName("a");'],
        ["no-restricted-properties", 'export const b = (env: Env) => env.HUB.idFromName("a");'],
      ),
    ),
    ...["http/app.ts", "objects/alarms.ts", "channel/channel.ts", "store/mask.ts"].map((part) =>
      bare("src/asking.ts", `./${part}`),
    ),
  ],
  "errors.ts and report.ts know words, calls/ rows as well, and deadline.ts nothing": [
    ...["store/mask.ts", "http/app.ts", "objects/alarms.ts", "channel/channel.ts"].map((part) =>
      bare("src/errors.ts", `./${part}`),
    ),
    ...["store/mask.ts", "http/app.ts", "objects/alarms.ts", "channel/channel.ts"].map((part) =>
      bare("src/report.ts", `./${part}`),
    ),
    ...["event/ids.ts", "lib/json.ts", "report.ts", "objects/alarms.ts"].map((part) =>
      bare("src/deadline.ts", `./${part}`),
    ),
    ...["http/app.ts", "objects/alarms.ts", "channel/channel.ts", "protocols/registry.ts"].map(
      (part) => bare("src/calls/planted.ts", `../${part}`),
    ),
  ],
  "what runs in a browser talks to the API only": (["client", "console"] as const).flatMap((room) =>
    importing(
      room,
      ["ports", "channel", "delivery", "store", "http", "objects", "index", "errors", "calls"],
      [...RUNTIME, "hono"],
    ),
  ),
  "the console knows the client and the overlays' tables, and nothing else": [
    ...importing(
      "console",
      ["lib", "event", "emotes", "overlay"],
      ["zod", "react", "jose", "uplot/dist/uPlot.d.ts"],
    ),
    bare("src/console/pages/overlays/planted-kit.ts", "../../../overlay/kit/moderation.ts"),
    bare("src/console/state/planted-plot.ts", "uplot"),
  ],
  "the console makes no markup of words, and keeps its key nowhere that outlives the tab": [
    ...only(
      "src/console/pages/chat/planted-markup.tsx",
      ["no-restricted-properties", 'export const a = (b: Element) => (b.innerHTML = "c");'],
      ["no-restricted-properties", 'export const h = () => document.write("c");'],
      ["no-restricted-globals", 'export const i = () => localStorage.getItem("c");'],
      ["no-restricted-globals", 'export const j = () => sessionStorage.getItem("c");'],
    ),
    ...only("src/console/state/session.ts", [
      "no-restricted-globals",
      'export const plantedKept = () => localStorage.getItem("c");',
    ]),
    ...only("src/console/state/preferences.ts", [
      "no-restricted-globals",
      'export const plantedKept = () => sessionStorage.getItem("c");',
    ]),
  ],
  "what decides in the console knows no page, and neither time nor chance": [
    "src/console/routes.ts",
    "src/console/state/follow.ts",
    "src/console/text/presets.ts",
  ].flatMap((file) =>
    only(
      file,
      ["no-restricted-properties", "export const plantedNow = Date.now();"],
      ["no-restricted-properties", "export const plantedChance = Math.random();"],
      ["no-restricted-globals", "export const plantedTitle = document.title;"],
      ["no-restricted-globals", 'export const plantedGot = fetch("https://example.com");'],
    ),
  ),
  "an overlay knows the client and its own kit, and nothing else": [
    ...importing(
      "overlay",
      ["ports", "channel", "delivery", "store", "http", "objects", "index", "errors", "calls"],
      [...RUNTIME, "hono", "zod"],
    ),
    ...importing("overlay", ["lib", "event", "console"]),
    bare("src/overlay/kit/planted-page.ts", "../chat/box.ts"),
    bare("src/overlay/chat/planted-page.ts", "../alerts/place.ts"),
    bare("src/overlay/chat/planted-client.ts", "../../client/index.ts"),
    bare("src/overlay/tables.ts", "./kit/page.ts"),
    ...(["http", "objects", "store", "client"] as const).flatMap((room) =>
      importing(room, ["overlay"]),
    ),
  ],
  "an overlay makes no markup of words, and keeps nothing but the place of alerts": [
    ...only(
      "src/overlay/chat/planted-markup.ts",
      ["no-restricted-properties", 'export const a = (b: Element) => (b.innerHTML = "c");'],
      ["no-restricted-properties", 'export const d = (e: Element) => (e["outerHTML"] = "c");'],
      [
        "no-restricted-properties",
        'export const f = (g: Element) => g.insertAdjacentHTML("beforeend", "c");',
      ],
      ["no-restricted-properties", 'export const h = () => document.write("c");'],
      ["no-restricted-globals", 'export const i = () => localStorage.getItem("c");'],
    ),
    ...only("src/overlay/alerts/keeping.ts", [
      "no-restricted-globals",
      'export const a = () => sessionStorage.getItem("c");',
    ]),
  ],
  "what an overlay decides knows no page, and neither time nor chance": only(
    "src/overlay/kit/moderation.ts",
    ["no-restricted-properties", "export const a = Date.now();"],
    ["no-restricted-properties", "export const b = Math.random();"],
    ["no-restricted-globals", "export const c = document.title;"],
    ["no-restricted-globals", "export const d = setTimeout(String, 1);"],
    ["no-restricted-globals", 'export const e = fetch("https://example.com");'],
  ),
  "the client imports nothing of ours, and of packages react for its hooks and files for Node": [
    ...importing("client", ["lib", "event", "console"], ["zod", "jose", "react", "node:path"]),
    bare("src/client/react.ts", "node:path"),
    bare("src/client/node.ts", "react"),
    bare("src/client/node.ts", "../event/ids.ts"),
  ],
  "what decides in the client touches no clock, chance, network or timer": [
    "session",
    "line",
    "dialling",
    "commands",
    "session-state",
    "filter",
    "place",
    "outcomes",
    "frames",
  ].flatMap((name) =>
    only(
      `src/client/${name}.ts`,
      ["no-restricted-globals", "export const plantedNow = Date.now();"],
      ["no-restricted-globals", 'export const plantedGot = fetch("https://example.com");'],
      ["no-restricted-globals", "export const plantedLater = setTimeout(String, 1);"],
      ["no-restricted-globals", "export const plantedId = crypto.randomUUID();"],
      ["no-restricted-properties", "export const plantedChance = Math.random();"],
      ["no-restricted-types", "export type Planted = WebSocket;"],
    ),
  ),
  "no way of importing gets round a wall": (
    ["lib", "event", "ports", "protocol", "channel", "delivery", "store", "http"] as const
  ).flatMap((room: Room) => everyWay(room, "objects")),
  "a pure room touches no clock, chance, network, timer or console": PURE.flatMap((room) =>
    reaching(`src/${room}/planted`),
  ),
  "a pure room names no type of the platform": PURE.flatMap((room) =>
    naming(`src/${room}/planted`, PLATFORM),
  ),
  "lib/time.ts reads no clock, and lib/secrecy.ts plays no dice": [
    ...only(
      "src/lib/time.ts",
      ["no-restricted-properties", "export const now = Date.now();"],
      ["no-restricted-properties", "export const chance = Math.random();"],
      ["no-restricted-globals", 'export const got = fetch("https://example.com");'],
      ["no-restricted-globals", "export const later = setTimeout(String, 1);"],
      ["no-restricted-globals", "export const clock = performance.now();"],
    ),
    ...only(
      "src/lib/secrecy.ts",
      ["no-restricted-properties", "export const id = crypto.randomUUID();"],
      ["no-restricted-properties", "export const r = crypto.getRandomValues(new Uint8Array(1));"],
      [
        "no-restricted-properties",
        'export const k = crypto.subtle.generateKey("Ed25519", true, []);',
      ],
      ["no-restricted-properties", "export const chance = Math.random();"],
      ["no-restricted-globals", "export const now = new Date();"],
      ["no-restricted-globals", 'export const got = fetch("https://example.com");'],
    ),
  ],
  "no file imports itself by way of another": [
    {
      file: "src/event/planted-a.ts",
      line: 'export { b } from "./planted-b.ts";',
      rule: "no-cycle",
    },
    {
      file: "src/event/planted-b.ts",
      line: 'import { c } from "./planted-a.ts"; export const b = c;',
      rule: "no-cycle",
    },
  ],
  "only the Worker itself is a default export": PURE.concat("http", "objects", "store").map(
    (room) => ({
      file: `src/${room}/planted-default.ts`,
      line: "export default 1;",
      rule: "no-default-export",
    }),
  ),
  "a function that decides is at most sixty lines": [
    "src/protocols/dlive/provider/planted-long.ts",
    "src/protocols/dlive/gateway/planted-long.ts",
    "src/protocols/interactive-sync/viewer-interface/planted-long.ts",
    "src/channel/planted-long.ts",
    "src/delivery/planted-long.ts",
    "src/objects/channel/planted-long.ts",
    "src/objects/hub/planted-long.ts",
  ].map((file) => ({
    file,
    line: `export function planted(): void {${"\n  //".repeat(60)}\n}`,
    rule: "max-lines-per-function",
  })),
  "a file is at most 250 lines": PURE.concat("objects/hub", "http", "store", "calls").map(
    (room) => ({
      file: `src/${room}/planted-long-file.ts`,
      line: `export const planted = [${"\n  1,".repeat(249)}\n];`,
      rule: "max-lines",
      before: 250,
    }),
  ),
  "an emulator shares no code with what it tests": [
    bare("test/emulators/planted.ts", "../../src/event/ids.ts"),
    bare("test/emulators/dlive/planted.ts", "../../../src/protocols/dlive/wire/frames.ts"),
  ],
  "tests take expect from their context": ["test/planted.test.ts", "test/emulators/planted.test.ts"]
    .map((file) => bare(file, "vitest"))
    .map((plant) => ({ ...plant, line: 'import { expect } from "vitest"; export { expect };' })),
};

describe("the linter", () => {
  let clean: readonly Complaint[] = [];
  let said: readonly Complaint[] = [];
  beforeAll(async () => {
    [clean, said] = await Promise.all([lint([]), lint(Object.values(walls).flat())]);
  });

  it("has nothing to say of the tree as it is", ({ expect }) => {
    expect(clean).toEqual([]);
    expect(said.length).toBeGreaterThan(Object.values(walls).flat().length / 2);
  });

  it.for(Object.entries(walls))("holds that %s", async ([, plants], { expect }) => {
    expect(plants).not.toEqual([]);
    expect(await unrefused(plants, said)).toEqual([]);
  });
});
