/*
 * Builds the console and the dock: a page of HTML each, modules that are loaded as their pages are
 * opened, and one style sheet.
 */
import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { gzipSync } from "node:zlib";

import { build, type BuildOptions, type Plugin } from "esbuild";

const root = join(import.meta.dirname, "..");
const source = join(root, "src/console");

type Files = Map<string, Uint8Array>;

/** The pages of HTML, by their entries, and where each is served. */
const PAGES = {
  main: { title: "Tributary", path: "console/index.html" },
  dock: { title: "Chat", path: "dock.html" },
} as const;

const OPTIONS = {
  bundle: true,
  write: false,
  minify: true,
  splitting: true,
  format: "esm",
  charset: "utf8",
  legalComments: "none",
  metafile: true,
  jsx: "automatic",
  jsxImportSource: "preact",
  entryNames: "[name]-[hash]",
  chunkNames: "[name]-[hash]",
  outdir: join(root, "console/assets"),
  absWorkingDir: root,
  target: ["chrome127", "safari17.4", "firefox128"],
  define: { "process.env.NODE_ENV": '"production"' },
  logLevel: "warning",
} as const satisfies BuildOptions;

/** Has plots write numbers as the rest of the page: a browser's language may be one that `Intl` refuses. */
const plotsInAnyLanguage: Plugin = {
  name: "plots-in-any-language",
  setup(building) {
    building.onLoad({ filter: /uPlot\.esm\.js$/ }, async ({ path }) => {
      const text = await readFile(path, "utf8");
      return { contents: text.replace(/NumberFormat\([^)]*language[^)]*\)/, "NumberFormat()") };
    });
  },
};

interface Built {
  readonly files: Files;
  /** Bytes, compressed: what the first page loads at once, and all there is. */
  readonly weight: {
    readonly first: number;
    readonly all: number;
    readonly routes: Record<string, number>;
  };
}

/** Builds all of it, and weighs it. */
export async function buildConsole(): Promise<Built> {
  const files: Files = new Map();
  const { outputFiles, metafile } = await build({
    ...OPTIONS,
    plugins: [plotsInAnyLanguage],
    entryPoints: [
      ...Object.keys(PAGES).map((name) => join(source, `${name}.tsx`)),
      join(source, "styles/console.css"),
    ],
  });
  const sizes = new Map<string, number>();
  for (const { path, contents } of outputFiles) {
    const name = path.slice(path.lastIndexOf("assets")).replaceAll("\\", "/");
    files.set(`console/${name}`, contents);
    sizes.set(`console/${name}`, gzipSync(contents, { level: 9 }).length);
  }
  const outputs = Object.entries(metafile.outputs);
  const find = (entry: string): string =>
    outputs.find(([, { entryPoint }]) => entryPoint === `src/console/${entry}`)?.[0] ?? "";
  const listLoaded = (path: string): string[] => {
    const loaded = new Set([path]);
    for (const each of loaded) {
      for (const { path: imported, kind } of metafile.outputs[each]?.imports ?? []) {
        if (kind === "import-statement") loaded.add(imported);
      }
    }
    return [...loaded];
  };
  const style = find("styles/console.css");
  for (const [name, { title, path }] of Object.entries(PAGES)) {
    const [script = "", ...chunks] = listLoaded(find(`${name}.tsx`));
    files.set(path, Buffer.from(writePage(title, name, { script, chunks, style })));
  }
  const weigh = (paths: readonly string[]): number =>
    paths.reduce((sum, path) => sum + (sizes.get(path) ?? 0), 0);
  const first = listLoaded(find("main.tsx"));
  const routes = outputs
    .filter(([, { entryPoint }]) => entryPoint?.startsWith("src/console/pages/"))
    .map(([path, { entryPoint = "" }]) => [
      entryPoint.slice("src/console/pages/".length),
      weigh(listLoaded(path).filter((each) => !first.includes(each))),
    ]);
  return {
    files,
    weight: {
      first: weigh([...first, style]),
      all: weigh([...sizes.keys()]),
      routes: Object.fromEntries(routes) as Record<string, number>,
    },
  };
}

function writePage(
  title: string,
  name: string,
  parts: { readonly script: string; readonly chunks: readonly string[]; readonly style: string },
): string {
  const preload = parts.chunks.map((each) => `<link rel="modulepreload" href="/${each}">\n`);
  const icon = "/console/assets/" + ICON_NAME;
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${title}</title>
<link rel="icon" href="${icon}" type="image/svg+xml">
<link rel="stylesheet" href="/${parts.style}">
${preload.join("")}<script type="module" src="/${parts.script}"></script>
<div id="app" data-page="${name}"></div>
<noscript>The console needs JavaScript.</noscript>
</html>
`;
}

// Three streams that become one.
const ICON =
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect width="32" height="32" rx="8" fill="#0f766e"/><path d="M7 8c5 0 6 8 12 8M7 16h18M7 24c5 0 6-8 12-8" fill="none" stroke="#fff" stroke-width="2.6" stroke-linecap="round"/></svg>';
const ICON_NAME = `icon-${createHash("sha256").update(ICON).digest("hex").slice(0, 8)}.svg`;

/** The picture of the tab. */
export const icon = [`console/assets/${ICON_NAME}`, Buffer.from(ICON)] as const;
