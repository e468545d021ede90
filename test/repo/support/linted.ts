import { execFile } from "node:child_process";
import { appendFile, cp, mkdir, mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

const ROOT = join(import.meta.dirname, "../../..");

/** One violation: a line that the linter must refuse, in a file of the tree or a new one. */
export interface Plant {
  readonly file: string;
  readonly line: string;
  readonly rule: string;
  /** How many lines of the violation come before the one that is complained of: none, if not said. */
  readonly before?: number;
}

/** What the linter said: the rule's name and where it was broken. */
export interface Complaint {
  readonly file: string;
  readonly line: number;
  readonly rule: string;
}

/** What the linter says of a copy of the tree with these plants in it. */
export async function lint(plants: readonly Plant[]): Promise<readonly Complaint[]> {
  const copy = await mkdtemp(join(tmpdir(), "tributary-walls-"));
  try {
    for (const part of ["oxlint.config.ts", "src", "test/emulators"]) {
      await cp(join(ROOT, part), join(copy, part), { recursive: true });
    }
    for (const { file, line } of plants) {
      await mkdir(dirname(join(copy, file)), { recursive: true });
      await appendFile(join(copy, file), `${line}\n`);
    }
    return await complaints(copy);
  } finally {
    await rm(copy, { recursive: true });
  }
}

/** The plants that nothing was said of, each as its file and its line. */
export async function unrefused(
  plants: readonly Plant[],
  said: readonly Complaint[],
): Promise<string[]> {
  const lines = new Map<string, number>();
  const missed: string[] = [];
  for (const { file, line, rule, before = 0 } of plants) {
    const at = (lines.get(file) ?? (await lineCount(file))) + 1;
    lines.set(file, at);
    const isRefused = said.some(
      (each) => each.file === file && each.line === at + before && each.rule === rule,
    );
    if (!isRefused) missed.push(`${file}: ${line}`);
  }
  return missed;
}

async function lineCount(file: string): Promise<number> {
  const text = await readFile(join(ROOT, file), "utf8").catch(() => "");
  return text.split("\n").length - 1;
}

interface Report {
  readonly diagnostics: readonly {
    readonly code: string;
    readonly filename: string;
    readonly labels: readonly { readonly span: { readonly line: number } }[];
  }[];
}

async function complaints(directory: string): Promise<readonly Complaint[]> {
  const oxlint = join(ROOT, "node_modules/oxlint/bin/oxlint");
  const args = [oxlint, "--deny-warnings", "--format", "json", "src", "test"];
  const output = await new Promise<string>((resolve) => {
    execFile(process.execPath, args, { cwd: directory, maxBuffer: 1e9 }, (_, text) =>
      resolve(text),
    );
  });
  const { diagnostics } = JSON.parse(output) as Report;
  return diagnostics.map(({ code, filename, labels }) => ({
    file: filename,
    line: labels[0]?.span.line ?? 0,
    rule: /\((.+)\)$/.exec(code)?.[1] ?? code,
  }));
}
