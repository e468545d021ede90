import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { dirname, join, sep } from "node:path";

/**
 * Makes a directory hold these files and no others, by their paths within it. A relay may be serving
 * them, and several may be starting: a file that is as it should be is left alone, and any other is
 * replaced in one step, so that each is there and whole at every moment.
 */
export function writeTree(directory: string, files: ReadonlyMap<string, Uint8Array>): void {
  mkdirSync(directory, { recursive: true });
  // Beside it, and not in it, where another would take it for a file too many.
  const drafts = mkdtempSync(`${directory}-`);
  try {
    for (const [path, content] of files) {
      const file = join(directory, path);
      if (existsSync(file) && Buffer.compare(readFileSync(file), content) === 0) continue;
      const draft = join(drafts, "draft");
      writeFileSync(draft, content);
      mkdirSync(dirname(file), { recursive: true });
      renameSync(draft, file);
    }
  } finally {
    rmSync(drafts, { recursive: true, force: true });
  }
  for (const path of listTree(directory)) {
    if (!files.has(path)) rmSync(join(directory, path), { force: true });
  }
}

/** Every file in a directory and in those below it, with `/` in its path on every system. */
export function listTree(directory: string): string[] {
  return readdirSync(directory, { recursive: true, encoding: "utf8" })
    .filter((path) => statSync(join(directory, path)).isFile())
    .map((path) => path.split(sep).join("/"));
}
