import type { Plant } from "./linted.ts";

/** Where a room's plants go, and how the way up to `src/` reads from there. */
interface Spot {
  readonly file: string;
  readonly up: string;
}

/** One spot for each depth that a room has files at. */
const ROOMS = {
  lib: [{ file: "src/lib/planted", up: "../" }],
  event: [
    { file: "src/event/planted", up: "../" },
    { file: "src/event/catalogue/planted", up: "../../" },
  ],
  ports: [{ file: "src/protocols/planted", up: "../" }],
  protocol: [
    { file: "src/protocols/dlive/planted", up: "../../" },
    { file: "src/protocols/dlive/wire/planted", up: "../../../" },
    { file: "src/protocols/dlive/codec/planted", up: "../../../" },
    { file: "src/protocols/dlive/provider/planted", up: "../../../" },
    { file: "src/protocols/dlive/gateway/planted", up: "../../../" },
    { file: "src/protocols/interactive-sync/viewer-interface/planted", up: "../../../" },
  ],
  channel: [{ file: "src/channel/planted", up: "../" }],
  delivery: [{ file: "src/delivery/planted", up: "../" }],
  emotes: [{ file: "src/emotes/planted", up: "../" }],
  store: [
    { file: "src/store/planted", up: "../" },
    { file: "src/store/journal/planted", up: "../../" },
  ],
  http: [
    { file: "src/http/planted", up: "../" },
    { file: "src/http/routes/planted", up: "../../" },
  ],
  objects: [
    { file: "src/objects/planted", up: "../" },
    { file: "src/objects/channel/planted", up: "../../" },
    { file: "src/objects/providers/planted", up: "../../" },
    { file: "src/objects/clients/planted", up: "../../" },
    { file: "src/objects/gateways/planted", up: "../../" },
    { file: "src/objects/hub/planted", up: "../../" },
    { file: "src/objects/webhook/planted", up: "../../" },
  ],
  client: [{ file: "src/client/planted", up: "../" }],
  console: [
    { file: "src/console/planted", up: "../" },
    { file: "src/console/state/planted", up: "../../" },
    { file: "src/console/pages/events/planted", up: "../../../" },
  ],
  overlay: [
    { file: "src/overlay/kit/planted", up: "../../" },
    { file: "src/overlay/chat/planted", up: "../../" },
  ],
} as const satisfies Record<string, readonly Spot[]>;

export type Room = keyof typeof ROOMS;

/** Where each part of the tree is, seen from `src/`. */
const PARTS = {
  index: "index.ts",
  errors: "errors.ts",
  calls: "calls/channel.ts",
  lib: "lib/json.ts",
  event: "event/event.ts",
  ports: "protocols/session.ts",
  registry: "protocols/registry.ts",
  protocol: "protocols/restream/codec/to-draft.ts",
  channel: "channel/channel.ts",
  delivery: "delivery/schedule.ts",
  emotes: "emotes/emote.ts",
  store: "store/journal/groups.ts",
  http: "http/app.ts",
  objects: "objects/channel/object.ts",
  console: "console/console.ts",
  client: "client/client.ts",
  overlay: "overlay/kit/page.ts",
} as const;

export type Part = keyof typeof PARTS;

const IMPORTS = "no-restricted-imports";

/** A room that imports these parts of the tree, and these packages. */
export function importing(
  room: Room,
  parts: readonly Part[],
  packages: readonly string[] = [],
): Plant[] {
  return ROOMS[room].flatMap(({ file, up }) => [
    ...parts.map((part) => bare(`${file}-${part}.ts`, `${up}${PARTS[part]}`)),
    ...packages.map((name) => bare(`${file}-${name.replaceAll(/\W/g, "-")}.ts`, name)),
  ]);
}

/** A file that imports this. */
export function bare(file: string, specifier: string): Plant {
  return { file, line: `import "${specifier}";`, rule: IMPORTS };
}

/** Every way to import there is, from a room to a part of the tree. */
export function everyWay(room: Room, part: Part): Plant[] {
  return ROOMS[room].flatMap(({ file, up }) => {
    const from = `"${up}${PARTS[part]}"`;
    return [
      `import { a } from ${from}; export const b = a;`,
      `import type { A } from ${from}; export type B = A;`,
      `import * as all from ${from}; export const b = all;`,
      `export { a } from ${from};`,
      `export * from ${from};`,
      `export const a = await import(${from});`,
      `import a = require(${from}); export const b = a;`,
    ].map((line, index) => ({ file: `${file}-way-${index}.ts`, line, rule: IMPORTS }));
  });
}

/** What tells the time, plays dice or does I/O, wherever it stands. */
const AMBIENT = [
  "Date.now()",
  "new Date()",
  "performance.now()",
  "Intl.DateTimeFormat()",
  "setTimeout(String, 1)",
  "setInterval(String, 1)",
  "queueMicrotask(String)",
  "scheduler.wait(1)",
  "AbortSignal.timeout(1)",
  "crypto.randomUUID()",
  "crypto.subtle",
  'fetch("https://example.com")',
  'new WebSocket("wss://example.com")',
  "new WebSocketPair()",
  'new Request("https://example.com")',
  "new Response()",
  "caches.default",
  "console",
  "navigator",
  "process.env",
  'globalThis["fetch"]',
  "globalThis.Date",
  "self.fetch",
] as const;

/** A room that reaches for the world: one file for each thing it may reach for. */
export function reaching(file: string, except: readonly string[] = []): Plant[] {
  return [
    ...AMBIENT.filter((each) => !except.includes(each)).map((each, index) => ({
      file: `${file}-ambient-${index}.ts`,
      line: `export const a = ${each};`,
      rule: "no-restricted-globals",
    })),
    ...["Math.random()", 'Math["random"]()', "(({ random } = Math) => random)()"].map(
      (each, index) => ({
        file: `${file}-chance-${index}.ts`,
        line: `export const a = ${each};`,
        rule: "no-restricted-properties",
      }),
    ),
  ];
}

/** A room that names what only the runtime has. */
export function naming(file: string, types: readonly string[]): Plant[] {
  return types.map((type) => ({
    file: `${file}-type-${type}.ts`,
    line: `export type A = ${type};`,
    rule: "no-restricted-types",
  }));
}
