/*
 * Builds the overlays: a page of HTML, one classic script and one style sheet each. What most pages
 * never need is a module apart, loaded once it is asked for.
 */
import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { pathToFileURL } from "node:url";

import { build, type BuildOptions, type Plugin } from "esbuild";

import { listTree } from "./write-tree.ts";

const root = join(import.meta.dirname, "..");
const overlays = join(root, "src/overlay");

/** The kinds of overlays, with the size of a source in OBS. */
const KINDS = {
  chat: { title: "Chat", width: 500, height: 800 },
  alerts: { title: "Alerts", width: 800, height: 300 },
  events: { title: "Events", width: 500, height: 400 },
  goal: { title: "Goal", width: 600, height: 100 },
  featured: { title: "Featured message", width: 900, height: 260 },
  viewers: { title: "Viewers", width: 300, height: 80 },
} as const;

type Kind = keyof typeof KINDS;
type Files = Map<string, Uint8Array>;

/** Modules that are loaded when they are asked for. */
const APART = [
  "src/overlay/kit/demo.ts",
  "src/overlay/kit/refine.ts",
  "src/client/history.ts",
  "src/client/origin.ts",
  "src/client/readers.ts",
  "src/client/sends.ts",
  "src/client/stream.ts",
];

const OPTIONS = {
  bundle: true,
  write: false,
  minify: true,
  charset: "utf8",
  legalComments: "none",
  outdir: root,
  // OBS 30. Style sheets have what later ones know, as long as they can be read without it.
  target: "chrome103",
  logLevel: "warning",
} as const satisfies BuildOptions;

async function loadTable(kind: Kind): Promise<Record<string, object>> {
  const url = pathToFileURL(join(overlays, kind, "parameters.ts")).href;
  const { parameters } = (await import(url)) as { parameters: Record<string, object> };
  return parameters;
}

/** Leaves the words about parameters out of pages: they are for forms and documents. */
function leaveWords(kind: Kind): Plugin {
  return {
    name: "leave-words",
    setup(building) {
      building.onLoad({ filter: new RegExp(`[\\\\/]${kind}[\\\\/]parameters\\.ts$`) }, async () => {
        const table = await loadTable(kind);
        const lean = (key: string, value: unknown) =>
          /^(label|help|group)$/.test(key) ? undefined : value;
        return { contents: `export const parameters = ${JSON.stringify(table, lean)};` };
      });
    },
  };
}

/** Has a module that is apart loaded by its own address. */
function loadApart(chunks: ReadonlyMap<string, string>): Plugin {
  return {
    name: "load-apart",
    setup(building) {
      building.onResolve({ filter: /\.ts$/ }, ({ path, kind }) => {
        const chunk = kind === "dynamic-import" ? chunks.get(basename(path)) : undefined;
        return chunk === undefined ? undefined : { path: `/overlay/${chunk}`, external: true };
      });
    },
  };
}

/** Builds all overlays, with their parameters for whoever makes a form of them. */
export async function buildOverlays(): Promise<Files> {
  const files: Files = new Map();
  const define = { VERSION: JSON.stringify(hash(Buffer.concat(readSources()))) };
  const chunks = new Map<string, string>();
  for (const path of APART.filter((each) => existsSync(join(root, each)))) {
    const { outputFiles } = await build({
      ...OPTIONS,
      define,
      format: "esm",
      entryPoints: [join(root, path)],
    });
    for (const { contents } of outputFiles)
      chunks.set(basename(path), keep(files, basename(path, ".ts"), "js", contents));
  }
  const kinds = (Object.keys(KINDS) as Kind[]).filter((kind) =>
    existsSync(join(overlays, kind, `${kind}.ts`)),
  );
  const tables = await Promise.all(
    kinds.map(async (kind) => {
      const entryPoints = [join(overlays, kind, `${kind}.ts`), join(overlays, kind, `${kind}.css`)];
      const plugins = [leaveWords(kind), loadApart(chunks)];
      const { outputFiles } = await build({
        ...OPTIONS,
        define,
        plugins,
        format: "iife",
        entryPoints,
      });
      const names = outputFiles.map(({ path, contents }) =>
        keep(files, kind, path.endsWith(".css") ? "css" : "js", contents),
      );
      files.set(`overlay/${kind}.html`, Buffer.from(writePage(kind, names)));
      return [kind, { ...KINDS[kind], parameters: await loadTable(kind) }] as const;
    }),
  );
  files.set("overlay/version", Buffer.from(JSON.parse(define.VERSION) as string));
  files.set("overlay/parameters.json", Buffer.from(JSON.stringify(Object.fromEntries(tables))));
  return files;
}

/** Keeps a file under a name that changes with its contents. */
function keep(files: Files, name: string, extension: string, contents: Uint8Array): string {
  const path = `assets/${name}-${hash(contents)}.${extension}`;
  files.set(`overlay/${path}`, contents);
  return path;
}

function writePage(kind: Kind, names: readonly string[]): string {
  const [script, style] = ["js", "css"].map((end) =>
    names.find((name) => name.endsWith(`.${end}`)),
  );
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>${KINDS[kind].title}</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="/overlay/${style}">
<script defer crossorigin src="/overlay/${script}"></script>
<main id="${kind}"></main>
</html>
`;
}

function hash(contents: Uint8Array): string {
  return createHash("sha256").update(contents).digest("hex").slice(0, 10);
}

/** Reads all that overlays are made of: their version is a hash of it. */
function readSources(): Buffer[] {
  return ["src/overlay", "src/client"]
    .map((room) => join(root, room))
    .filter((room) => existsSync(room))
    .flatMap((room) =>
      listTree(room)
        .toSorted()
        .map((path) => readFileSync(join(room, path))),
    );
}
