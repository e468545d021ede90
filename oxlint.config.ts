import type { OxlintConfig } from "oxlint";

/*
 * What the linter holds. The walls between the rooms (docs/ARCHITECTURE.md) are lists of what each
 * room may import: everything else is refused. `test/repo/walls.test.ts` plants a violation of each.
 */

type Rules = NonNullable<OxlintConfig["rules"]>;
type Override = NonNullable<OxlintConfig["overrides"]>[number];

type Pattern =
  | { readonly group: string[]; readonly message: string }
  | { readonly regex: string; readonly allowTypeImports?: boolean; readonly message: string };

/**
 * A wall: these files import what is allowed and nothing else. `allowed` are patterns of import
 * specifiers as they stand in the file: `./*` its own folder, `zod` a package.
 */
function wall(
  files: string,
  message: string,
  allowed: readonly string[],
  patterns: readonly Pattern[] = [],
): Override {
  const group = ["*", ...allowed.map((each) => `!${each}`)];
  return {
    files: [`src/${files}`],
    rules: {
      "no-restricted-imports": ["error", { patterns: [...patterns, { group, message }] }],
    },
  };
}

/** These parts of `src/`, as a file so many folders below it names them. */
function at(depth: number, ...parts: readonly string[]): string[] {
  return parts.map((part) => "../".repeat(depth) + part);
}

/** Names that reach for a clock, chance, the network, a timer or the platform. */
const AMBIENT = [
  "AbortController",
  "AbortSignal",
  "Buffer",
  "Date",
  "EventSource",
  "FinalizationRegistry",
  "Headers",
  "Intl",
  "Request",
  "Response",
  "Temporal",
  "WeakRef",
  "WebSocket",
  "WebSocketPair",
  "XMLHttpRequest",
  "caches",
  "clearImmediate",
  "clearInterval",
  "clearTimeout",
  "console",
  "crypto",
  "fetch",
  "global",
  "globalThis",
  "navigator",
  "performance",
  "process",
  "queueMicrotask",
  "reportError",
  "scheduler",
  "self",
  "setImmediate",
  "setInterval",
  "setTimeout",
  "window",
];

const STORE_GLOBALS = [
  "WebSocket",
  "WebSocketPair",
  "caches",
  "console",
  "crypto",
  "fetch",
  "globalThis",
  "self",
  "setInterval",
  "setTimeout",
];

const OBJECT_TYPES = ["DurableObject", "DurableObjectState", "DurableObjectStorage"];
const RUNTIME_TYPES = [
  ...OBJECT_TYPES,
  "DurableObjectNamespace",
  "DurableObjectStub",
  "Env",
  "ExecutionContext",
  "Fetcher",
  "Request",
  "Response",
  "WebSocket",
];
const PLATFORM_TYPES = [
  ...RUNTIME_TYPES,
  "AbortSignal",
  "D1Database",
  "D1DatabaseSession",
  "D1PreparedStatement",
  "D1Result",
  "DurableObjectId",
  "Headers",
  "SqlStorage",
  "SqlStorageCursor",
  "SqlStorageValue",
];

const RANDOM = { object: "Math", ...chance("random") };

const WORDS = ["event/*", "lib/*"];

const EXPECT = {
  name: "vitest",
  importNames: ["expect"],
  message: "Take expect from the test's context.",
};

const PURE: readonly Override[] = [
  {
    files: ["event", "protocols", "channel", "delivery", "emotes", "lib"].map(
      (room) => `src/${room}/**`,
    ),
    rules: {
      "no-console": "error",
      ...globalsRefused(AMBIENT),
      ...propertiesRefused(RANDOM),
      ...typesRefused(PLATFORM_TYPES, "A pure room knows no platform."),
    },
  },
  {
    files: ["src/lib/time.ts"],
    rules: {
      ...globalsRefused(AMBIENT.filter((name) => name !== "Date")),
      ...propertiesRefused(RANDOM, {
        object: "Date",
        property: "now",
        message: "Time is an argument.",
      }),
    },
  },
  {
    files: ["src/lib/secrecy.ts", "src/lib/signing.ts"],
    rules: {
      ...globalsRefused(AMBIENT.filter((name) => name !== "crypto")),
      ...propertiesRefused(
        RANDOM,
        { object: "crypto", ...chance("getRandomValues") },
        { object: "crypto", ...chance("randomUUID") },
        chance("generateKey"),
      ),
    },
  },
  wall(
    "lib/**",
    "lib/ knows nothing of ours, and no platform.",
    ["./*", "zod", "ipaddr.js"],
    [{ regex: "^zod$", allowTypeImports: true, message: "lib/ knows zod's types only." }],
  ),
  wall("event/*.ts", "event/ imports lib/ and zod only.", [
    "./*",
    "./catalogue/*",
    ...at(1, "lib/*"),
    "zod",
  ]),
  wall("event/*/**", "A family of events is made of the shared shapes.", [
    "./*",
    "../shapes.ts",
    "zod",
  ]),
  ...["channel", "delivery", "emotes"].map((room) =>
    wall(`${room}/**`, `${room}/ imports event/, lib/ and zod only.`, [
      "./*",
      ...at(1, ...WORDS),
      "zod",
    ]),
  ),
];

const REGISTRY: Pattern = {
  regex: "(^|/)registry\\.ts$",
  message: "The registry knows the protocols, not the other way round.",
};

/** A protocol's folders, and which of the same protocol's each may import. */
const PROTOCOL_FOLDERS = {
  wire: [],
  codec: ["wire"],
  provider: ["wire", "codec"],
  "viewer-interface": ["wire", "codec"],
  gateway: ["wire", "codec", "viewer-interface"],
} as const;

const PROTOCOLS: readonly Override[] = [
  wall(
    "protocols/*.ts",
    "The ports import event/, lib/ and zod only; only the registry knows the protocols.",
    ["./*.ts", ...at(1, ...WORDS), "zod"],
  ),
  wall("protocols/registry.ts", "The registry imports each protocol's index.ts.", [
    "./*.ts",
    "./*/index.ts",
    ...at(1, ...WORDS),
    "zod",
  ]),
  wall(
    "protocols/*/**",
    "A protocol imports the ports, event/, lib/ and zod only, and never another protocol.",
    ["./*", "../*.ts", ...at(2, ...WORDS), "zod"],
    [REGISTRY],
  ),
  wall(
    "protocols/*/index.ts",
    "A protocol's index.ts joins its provider's side and its gateway's.",
    ["./*", "./*/*", "../*.ts"],
    [REGISTRY],
  ),
  ...Object.entries(PROTOCOL_FOLDERS).map(([folder, others]) =>
    wall(
      `protocols/*/${folder}/**`,
      "In a protocol wire/ imports no other folder, codec/ wire/ only, and provider/ and gateway/ do not import each other; none imports another protocol.",
      ["./*", ...others.map((other) => `../${other}/*`), "../../*.ts", ...at(3, ...WORDS), "zod"],
      [REGISTRY],
    ),
  ),
];

const STORE_MESSAGE =
  "store/ imports event/, lib/, errors and the types of delivery/: hand the database in.";
const DELIVERY_TYPES: Pattern = {
  regex: "/delivery/",
  allowTypeImports: true,
  message: STORE_MESSAGE,
};

const STORE: readonly Override[] = [
  {
    files: ["src/store/**"],
    rules: {
      ...globalsRefused(STORE_GLOBALS),
      ...typesRefused(RUNTIME_TYPES, "store/ knows SQL, not the runtime."),
    },
  },
  wall(
    "store/*.ts",
    STORE_MESSAGE,
    ["./*", "./*/*", ...at(1, ...WORDS, "errors.ts", "delivery/*"), "zod"],
    [DELIVERY_TYPES],
  ),
  wall(
    "store/*/**",
    STORE_MESSAGE,
    ["./*", "../*.ts", "../object/*", ...at(2, ...WORDS, "errors.ts", "delivery/*"), "zod"],
    [DELIVERY_TYPES],
  ),
];

/** The files beside the rooms, for whoever performs. */
const ROOT_FILES = ["errors.ts", "report.ts", "deadline.ts", "asking.ts"];

/** A stub of one's own is asked once, for ever, and whatever is lost on the way is a 500. */
const STUBS = ["getByName", "idFromName", "idFromString", "newUniqueId"].map((property) => ({
  property,
  message: "An object is asked through asking.ts.",
}));

const HTTP_MESSAGE =
  "http/ imports store/, event/, emotes/, errors, calls/, lib/ and the registry of gateways, and reaches objects through bindings.";
const HTTP_PARTS = [
  ...WORDS,
  "store/**",
  "protocols/registry.ts",
  "protocols/gateway.ts",
  "protocols/gateway-request.ts",
  "protocols/hook.ts",
  ...ROOT_FILES,
  "calls/*",
  "emotes/*",
];

/** Of packages all but these: a wall that is a list of what is refused. */
function door(files: string, allowed: readonly string[]): Override {
  const group = ["../**", "cloudflare:*", "node:*", ...allowed.map((each) => `!${each}`)];
  return {
    files: [`src/${files}`],
    rules: {
      "no-restricted-imports": ["error", { patterns: [{ group, message: HTTP_MESSAGE }] }],
    },
  };
}

const HTTP: readonly Override[] = [
  {
    files: ["src/http/**"],
    rules: {
      ...propertiesRefused(sql("prepare"), ...STUBS),
      ...typesRefused([...OBJECT_TYPES, "SqlStorage"], "http/ reaches objects through bindings."),
    },
  },
  door("http/*.ts", at(1, ...HTTP_PARTS)),
  door("http/*/**", ["../*.ts", "../[a-z]*/*", ...at(2, ...HTTP_PARTS)]),
];

/** The rooms of objects/, and which others, and which deciding rooms, each may import. */
const OBJECT_ROOMS = {
  channel: { rooms: ["clients", "gateways", "providers"], decides: ["channel/*"] },
  hub: { rooms: ["clients", "gateways"], decides: ["channel/*"] },
  gateways: { rooms: ["clients"], decides: ["channel/*"] },
  clients: { rooms: [], decides: ["channel/*"] },
  providers: { rooms: [], decides: ["channel/*"] },
  webhook: { rooms: [], decides: ["delivery/*"] },
} as const;

const OBJECTS: readonly Override[] = [
  {
    files: ["src/objects/**"],
    rules: propertiesRefused(sql("prepare"), sql("exec"), ...STUBS),
  },
  wall("objects/*.ts", "What all objects share knows none of them.", [
    "./*",
    ...at(1, ...WORDS, "store/*.ts", "store/object/*", ...ROOT_FILES),
    "zod",
    "cloudflare:*",
  ]),
  ...Object.entries(OBJECT_ROOMS).map(([room, { rooms, decides }]) =>
    wall(
      `objects/${room}/**`,
      `objects/${room}/ performs: it imports ${[...decides, ...rooms].join(", ")} and what all share; http/ is the door, and each protocol is reached through the registry.`,
      [
        "./*",
        "../*.ts",
        ...rooms.map((other) => `../${other}/*`),
        ...at(2, ...WORDS, "store/**", ...ROOT_FILES, "calls/*", ...decides),
        ...(room === "webhook" ? [] : at(2, "protocols/*.ts", "protocols/tributary/*")),
        "zod",
        "cloudflare:*",
      ],
    ),
  ),
];

const JOINTS: readonly Override[] = [
  wall("index.ts", "index.ts joins http/ and objects/, nothing else.", [
    "./http/app.ts",
    "./http/auth.ts",
    "./http/scheduled/run.ts",
    "./objects/*/object.ts",
  ]),
  wall("errors.ts", "errors.ts knows words only.", ["./event/*"]),
  wall("report.ts", "report.ts knows words only.", ["./event/*"]),
  wall("deadline.ts", "deadline.ts knows nothing of ours.", []),
  wall("asking.ts", "asking.ts knows the calls, and no object.", [
    "./calls/*",
    "./lib/*",
    "./deadline.ts",
    "./report.ts",
  ]),
  wall("calls/**", "The seam between http/ and objects/ knows neither.", [
    "./*",
    ...at(1, "event/*", "lib/*", "store/**"),
    "zod",
  ]),
  {
    files: ["src/client/**", "src/overlay/**"],
    rules: {
      "no-restricted-imports": [
        "error",
        {
          patterns: [
            {
              regex:
                "(^|/)(index|errors|calls|protocols|channel|delivery|emotes|store|objects|http)(\\.ts$|/)",
              message: "What runs in a browser talks to the API only.",
            },
            {
              regex: "^(cloudflare:|hono|@hono|node:)",
              message: "What runs in a browser knows no Worker.",
            },
          ],
        },
      ],
    },
  },
];

const CLIENT_MESSAGE = "The client imports nothing of ours, and nothing that a program must have.";

/** The client decides without clock, chance or network here. */
const CLIENT_PURE = [
  "session",
  "session-state",
  "turn",
  "dialling",
  "line",
  "commands",
  "connections",
  "frames",
  "place",
  "filter",
  "outcomes",
];

/** What is imported by programs of others: it stands alone. */
const CLIENT: readonly Override[] = [
  wall("client/**", CLIENT_MESSAGE, ["./*"]),
  wall("client/react.ts", CLIENT_MESSAGE, ["./*", "react"]),
  wall("client/node.ts", CLIENT_MESSAGE, ["./*", "node:fs/promises", "node:path"]),
  {
    files: CLIENT_PURE.map((name) => `src/client/${name}.ts`),
    rules: {
      ...globalsRefused(AMBIENT),
      ...propertiesRefused(RANDOM),
      ...typesRefused(
        ["AbortSignal", "Request", "Response", "WebSocket"],
        "What decides knows no platform.",
      ),
    },
  },
];

const OVERLAY_MESSAGE = "overlay/ imports client/ only, and of overlay/ a page imports kit/ only.";

/** The ways to make a page of text, which is a stranger's here. */
const MARKUP = [
  "innerHTML",
  "outerHTML",
  "insertAdjacentHTML",
  "setHTML",
  "setHTMLUnsafe",
  "createContextualFragment",
  "parseFromString",
  "srcdoc",
  "cssText",
].map((property) => ({ property, message: "Strangers' words become nodes of text." }));

/** Files of overlays that decide: time is an argument, and the page is none of theirs. */
const OVERLAY_PURE = [
  "*/parameters",
  "kit/{alert-twins,common,control,kind-names,kinds,moderation,packing,readers,text,twins}",
  "alerts/{fold,place,queue,queue-state,taking}",
  "chat/filter",
  "events/recent",
  "goal/count",
  "viewers/tally",
];

/** Overlays: what OBS shows, with a stranger's words in it. */
const OVERLAY: readonly Override[] = [
  wall("overlay/kit/*.ts", OVERLAY_MESSAGE, ["./*", ...at(2, "client/*")]),
  wall("overlay/tables.ts", "The tables bring nothing of the pages.", ["./*/parameters.ts"]),
  ...["alerts", "chat", "events", "featured", "goal", "viewers"].map((page) =>
    wall(`overlay/${page}/*.ts`, OVERLAY_MESSAGE, ["./*", "../kit/*"]),
  ),
  {
    files: ["src/overlay/**"],
    rules: {
      ...propertiesRefused(...MARKUP, {
        object: "document",
        property: "write",
        message: "Strangers' words become nodes of text.",
      }),
      ...globalsRefused(["localStorage", "sessionStorage", "indexedDB", "caches", "eval"]),
    },
  },
  {
    files: ["src/overlay/alerts/keeping.ts"],
    rules: globalsRefused(["sessionStorage", "indexedDB", "caches", "eval"]),
  },
  {
    files: OVERLAY_PURE.map((name) => `src/overlay/${name}.ts`),
    rules: {
      ...globalsRefused([
        ...AMBIENT.filter((name) => name !== "Date"),
        "document",
        "localStorage",
        "location",
        "requestAnimationFrame",
      ]),
      ...propertiesRefused(RANDOM, {
        object: "Date",
        property: "now",
        message: "Time is an argument.",
      }),
    },
  },
];

const CONSOLE_MESSAGE =
  "console/ imports client/ and the tables of overlays' parameters only; what runs in a browser talks to the API.";
const CONSOLE_PARTS = ["client/**", "overlay/tables.ts", "overlay/kit/parameters.ts"];
const CONSOLE_PACKAGES = ["preact", "preact/*", "@preact/signals", "preact-iso/*"];

/** Files of the console that decide or are words: time is an argument, and the page is none of theirs. */
const CONSOLE_PURE = [
  "routes",
  "api/key-form",
  "state/{accounts,address,follow,forms,heed,json-parts,lines,metrics,schema,troubles}",
  "text/*",
];

/** The console and the dock: they have a key, and show strangers' words. */
const CONSOLE: readonly Override[] = [
  wall("console/*.{ts,tsx}", CONSOLE_MESSAGE, [
    "./**",
    ...at(1, ...CONSOLE_PARTS),
    ...CONSOLE_PACKAGES,
  ]),
  wall("console/*/*.{ts,tsx}", CONSOLE_MESSAGE, [
    "./**",
    "../*.ts",
    "../[a-z]*/*",
    ...at(2, ...CONSOLE_PARTS),
    ...CONSOLE_PACKAGES,
  ]),
  wall("console/*/*/*.{ts,tsx}", CONSOLE_MESSAGE, [
    "./**",
    "../*.tsx",
    "../[a-z]*/*",
    "../../*.ts",
    "../../[a-z]*/*",
    ...at(3, ...CONSOLE_PARTS),
    ...CONSOLE_PACKAGES,
    "uplot",
  ]),
  {
    files: ["src/console/**"],
    rules: {
      ...propertiesRefused(...MARKUP, {
        object: "document",
        property: "write",
        message: "Strangers' words become nodes of text.",
      }),
      ...globalsRefused(["localStorage", "sessionStorage", "indexedDB", "caches", "eval"]),
    },
  },
  {
    files: ["src/console/state/session.ts", "src/console/state/dock.ts"],
    rules: globalsRefused(["localStorage", "indexedDB", "caches", "eval"]),
  },
  {
    files: ["src/console/state/preferences.ts"],
    rules: globalsRefused(["sessionStorage", "indexedDB", "caches", "eval"]),
  },
  {
    files: CONSOLE_PURE.map((name) => `src/console/${name}.ts`),
    rules: {
      ...globalsRefused([
        ...AMBIENT.filter((name) => !["Date", "Intl"].includes(name)),
        "document",
        "localStorage",
        "location",
        "sessionStorage",
      ]),
      ...propertiesRefused(RANDOM, {
        object: "Date",
        property: "now",
        message: "Time is an argument.",
      }),
    },
  },
];

const TESTS: readonly Override[] = [
  {
    files: ["test/**"],
    rules: { "no-restricted-imports": ["error", { paths: [EXPECT] }] },
  },
  {
    files: ["test/emulators/**"],
    rules: {
      "no-restricted-imports": [
        "error",
        {
          paths: [EXPECT],
          patterns: [
            { regex: "(^|/)src/", message: "An emulator shares no code with what it tests." },
          ],
        },
      ],
    },
  },
];

/** A file is a few screens long; where a reader has to keep all of a function in mind, it is one. */
const LENGTHS: readonly Override[] = [
  { files: ["src/**"], rules: { "max-lines": ["error", { max: 250 }] } },
  { files: ["src/client/events.ts", "src/console/api/types.ts"], rules: { "max-lines": "off" } },
  {
    files: ["provider", "gateway", "viewer-interface"]
      .map((folder) => `src/protocols/*/${folder}/**`)
      .concat(
        ...["channel", "client", "delivery", "emotes", "store", "objects"].map(
          (room) => `src/${room}/**`,
        ),
      ),
    rules: { "max-lines-per-function": ["error", { max: 60 }] },
  },
];

function chance(property: string) {
  return { property, message: "Chance is an argument." };
}

function sql(property: string) {
  return { property, message: "SQL belongs in store/." };
}

function globalsRefused(names: readonly string[]): Rules {
  return { "no-restricted-globals": ["error", ...names] };
}

function typesRefused(types: readonly string[], message: string): Rules {
  const refused = Object.fromEntries(types.map((type) => [type, message]));
  return { "typescript/no-restricted-types": ["error", { types: refused }] };
}

function propertiesRefused(
  ...properties: readonly { object?: string; property: string; message: string }[]
): Rules {
  return { "no-restricted-properties": ["error", ...properties] };
}

export default {
  plugins: ["typescript", "unicorn", "oxc", "import", "promise", "vitest"],
  categories: { correctness: "error", suspicious: "error" },
  rules: {
    "import/no-cycle": "error",
    "import/no-default-export": "error",
    "no-console": "error",
    "no-new-func": "error",
    "typescript/consistent-type-imports": "error",
    "typescript/no-explicit-any": "error",
    "typescript/no-floating-promises": "error",
    "typescript/no-non-null-assertion": "error",
    "typescript/switch-exhaustiveness-check": [
      "error",
      { considerDefaultExhaustiveForUnions: true },
    ],
    "no-underscore-dangle": ["error", { allow: ["__typename", "_gone"] }],
    "consistent-return": "off",
    "no-await-in-loop": "off",
    "no-shadow": "off",
    "import/no-unassigned-import": "off",
    "typescript/no-unsafe-type-assertion": "off",
    "unicorn/consistent-function-scoping": "off",
    "unicorn/require-post-message-target-origin": "off",
    "vitest/require-mock-type-parameters": "off",
  },
  ignorePatterns: ["dist", "node_modules", ".wrangler", "worker-configuration.d.ts"],
  overrides: [
    {
      files: [
        "src/index.ts",
        "vitest.config.ts",
        "oxlint.config.ts",
        "test/**/setup/*.ts",
        "bench/support/*.mjs",
        "scripts/local/worker.mjs",
      ],
      rules: { "import/no-default-export": "off" },
    },
    {
      files: ["src/report.ts", "scripts/**", "bench/**", "test/**"],
      rules: { "no-console": "off" },
    },
    ...TESTS,
    ...PURE,
    ...PROTOCOLS,
    ...STORE,
    ...HTTP,
    ...OBJECTS,
    ...JOINTS,
    ...CLIENT,
    ...OVERLAY,
    ...CONSOLE,
    ...LENGTHS,
  ],
} satisfies OxlintConfig;
