import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";

const ROOT = join(import.meta.dirname, "../../..");

export interface Source {
  /** From the root of the repository, with `/`. */
  readonly path: string;
  readonly text: string;
}

/** The TypeScript files below a folder of the repository. */
export async function sourcesOf(folder: string): Promise<readonly Source[]> {
  const names = await readdir(join(ROOT, folder), { recursive: true });
  const paths = names
    .filter((name) => /\.tsx?$/.test(name))
    .map((name) => join(folder, name).replaceAll("\\", "/"));
  return Promise.all(
    paths.map(async (path) => ({ path, text: await readFile(join(ROOT, path), "utf8") })),
  );
}

/** The same without comments, which may speak of anything. */
export function withoutComments({ path, text }: Source): Source {
  return { path, text: text.replaceAll(/\/\*[^]*?\*\/|(?<!:)\/\/.*$/gm, "") };
}

/** The lines, as `path: line`, that a pattern is found in. */
export function linesWith(sources: readonly Source[], pattern: RegExp): string[] {
  return sources.flatMap(({ path, text }) =>
    text
      .split("\n")
      .filter((line) => pattern.test(line))
      .map((line) => `${path}: ${line.trim()}`),
  );
}
