import { spawnSync } from "node:child_process";
import { copyFileSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { basename, join, relative } from "node:path";
import { gzipSync } from "node:zlib";

import { build, type BuildOptions } from "esbuild";

const root = join(import.meta.dirname, "../..");
const source = join(root, "src/client");

/** The package's entries: what programs import. */
export const ENTRIES = ["index", "webhooks", "react", "node"] as const;
export type Entry = (typeof ENTRIES)[number];

const options = {
  bundle: true,
  format: "esm",
  target: "es2022",
  external: ["react", "node:*"],
  outdir: "out",
  logLevel: "silent",
} satisfies BuildOptions;

/** Builds the package as it is published into a folder, which is emptied first. */
export async function buildClient(folder: string): Promise<void> {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  await build({
    ...options,
    entryPoints: ENTRIES.map((name) => join(source, `${name}.ts`)),
    outdir: folder,
    splitting: true,
    sourcemap: true,
  });
  writeDeclarations(folder);
  for (const name of ["package.json", "README.md"])
    copyFileSync(join(source, name), join(folder, name));
  copyFileSync(join(root, "LICENSE"), join(folder, "LICENSE"));
}

function writeDeclarations(folder: string): void {
  const tsc = join(root, "node_modules/typescript/bin/tsc");
  const emit = ["--noEmit", "false", "--emitDeclarationOnly", "--rootDir", source];
  const args = [tsc, "-p", source, ...emit, "--outDir", folder];
  const { status, stdout } = spawnSync(process.execPath, args, { encoding: "utf8" });
  if (status !== 0) throw new Error(`the declarations cannot be made:\n${stdout}`);
  for (const name of readdirSync(folder).filter((each) => each.endsWith(".d.ts"))) {
    const path = join(folder, name);
    const text = readFileSync(path, "utf8");
    // Beside them are the files as they are built.
    writeFileSync(path, text.replaceAll(/(from "\.\/[^"]+|import\("\.\/[^"]+)\.ts"/g, '$1.js"'));
  }
}

function bundleEntry(entry: string) {
  return build({
    ...options,
    entryPoints: [join(source, `${entry}.ts`)],
    minify: true,
    splitting: true,
    metafile: true,
    write: false,
    absWorkingDir: root,
  });
}

/**
 * The bytes of an entry as a page loads it at once, minified and compressed: without what it imports
 * when that is needed.
 */
export async function weighEntry(entry: Entry): Promise<number> {
  const { outputFiles, metafile } = await bundleEntry(entry);
  const first = Object.entries(metafile.outputs).find(([, { entryPoint }]) =>
    entryPoint?.endsWith(`/${entry}.ts`),
  );
  const loaded = new Set(first === undefined ? [] : [first[0]]);
  for (const path of loaded) {
    for (const { path: imported, kind, external } of metafile.outputs[path]?.imports ?? []) {
      if (kind === "import-statement" && external !== true) loaded.add(imported);
    }
  }
  return outputFiles
    .filter(({ path }) => loaded.has(relative(root, path).replaceAll("\\", "/")))
    .reduce((sum, { contents }) => sum + gzipSync(contents, { level: 9 }).length, 0);
}

/** The sources of each file that an entry becomes, by the file's name without its hash. */
export async function listFiles(entry: string): Promise<Record<string, string[]>> {
  const { metafile } = await bundleEntry(entry);
  const files = Object.entries(metafile.outputs).map(([path, { inputs }]) => {
    const [name = ""] = basename(path, ".js").split("-");
    return [name, Object.keys(inputs).map((each) => relative(source, join(root, each)))] as const;
  });
  return Object.fromEntries(files);
}
