/*
 * Builds the overlays: a page of HTML, one classic script and one style sheet each. What most pages
 * never need is a module apart, loaded once it is asked for.
 */
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { basename, join } from "node:path";

import { build } from "esbuild";
import { rolldown, type Plugin } from "rolldown";

import { packParameters } from "../src/overlay/kit/packing.ts";
import { tables, type OverlayKind } from "../src/overlay/tables.ts";
import { listTree } from "./write-tree.ts";

const root = join(import.meta.dirname, "..");

type Files = Map<string, Uint8Array>;

/** Modules that are loaded when they are asked for. */
const APART = [
  "src/overlay/kit/demo.ts",
  "src/overlay/kit/debug.ts",
  "src/overlay/kit/refine.ts",
  "src/overlay/alerts/own-sound.ts",
  "src/client/history.ts",
  "src/client/origin.ts",
  "src/client/readers.ts",
  "src/client/sends.ts",
  "src/client/stream.ts",
];

// OBS 30. Style sheets have what later ones know, as long as they can be read without it.
const TARGET = "chrome103";

/** Has a module that is apart loaded by its own address. */
function loadApart(chunks: ReadonlyMap<string, string>): Plugin {
  return {
    name: "load-apart",
    resolveDynamicImport(specifier) {
      const chunk = typeof specifier === "string" ? chunks.get(basename(specifier)) : undefined;
      return chunk === undefined ? null : { id: `/overlay/${chunk}`, external: "absolute" };
    },
  };
}

/** Bundles a script: a classic one for a page, or a module that is loaded when it is asked for. */
async function bundleScript(
  path: string,
  format: "iife" | "es",
  define: Readonly<Record<string, string>>,
  plugins: Plugin[] = [],
): Promise<Uint8Array> {
  const bundle = await rolldown({
    input: join(root, path),
    plugins,
    transform: { target: TARGET, define: quote(define) },
  });
  const { output } = await bundle.generate({ format, minify: true, comments: false });
  await bundle.close();
  const [script, ...others] = output;
  if (others.length > 0) throw new Error(`${path} is more than one file`);
  return Buffer.from(script.code);
}

function quote(define: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(define).map(([name, text]) => [name, JSON.stringify(text)]),
  );
}

/** Bundles a style sheet with what it imports. */
async function bundleStyle(path: string): Promise<Uint8Array> {
  const { outputFiles } = await build({
    bundle: true,
    write: false,
    minify: true,
    charset: "utf8",
    legalComments: "none",
    target: TARGET,
    logLevel: "warning",
    entryPoints: [join(root, path)],
  });
  const [style] = outputFiles;
  if (!style) throw new Error(`${path} is no style sheet`);
  return style.contents;
}

/** Builds all overlays, with their parameters for whoever makes a form of them. */
export async function buildOverlays(plugins: readonly Plugin[] = []): Promise<Files> {
  const files: Files = new Map();
  const VERSION = hash(Buffer.concat(readSources()));
  const chunks = new Map<string, string>();
  for (const path of APART) {
    const contents = await bundleScript(path, "es", { VERSION });
    chunks.set(basename(path), keep(files, basename(path, ".ts"), "js", contents));
  }
  const kinds = Object.keys(tables) as OverlayKind[];
  await Promise.all(
    kinds.map(async (kind) => {
      const path = `src/overlay/${kind}/${kind}`;
      const define = { VERSION, PARAMETERS: packParameters(tables[kind].parameters) };
      const [script, style] = await Promise.all([
        bundleScript(`${path}.ts`, "iife", define, [loadApart(chunks), ...plugins]),
        bundleStyle(`${path}.css`),
      ]);
      const names = [keep(files, kind, "js", script), keep(files, kind, "css", style)] as const;
      files.set(`overlay/${kind}.html`, Buffer.from(writePage(kind, ...names)));
    }),
  );
  files.set("overlay/version", Buffer.from(VERSION));
  files.set("overlay/parameters.json", Buffer.from(JSON.stringify(tables)));
  return files;
}

/** Keeps a file under a name that changes with its contents. */
function keep(files: Files, name: string, extension: string, contents: Uint8Array): string {
  const path = `assets/${name}-${hash(contents)}.${extension}`;
  files.set(`overlay/${path}`, contents);
  return path;
}

function writePage(kind: OverlayKind, script: string, style: string): string {
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>${tables[kind].title}</title>
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
    .flatMap((room) =>
      listTree(room)
        .toSorted()
        .map((path) => readFileSync(join(room, path))),
    );
}
