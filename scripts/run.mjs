/*
 * Runs a command with the project's own Node and tools first on the path, and installs them before
 * the first run:
 *   node scripts/run.mjs <command> [arguments]
 * A command is `node`, `npm`, or a tool among the packages.
 */
import { spawnSync } from "node:child_process";
import {
  existsSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { basename, delimiter, dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";

import { isNewEnough, OLDEST, packagesOfNode } from "./run/node.mjs";
import { becomeCommand, runCommand } from "./run/processes.mjs";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const modules = join(root, "node_modules");
const locked = join(root, "package-lock.json");
// npm writes this file last: it is there only after an install that went through.
const installed = join(modules, ".package-lock.json");

const [command = "node", ...args] = process.argv.slice(2);
process.chdir(root);

if (!isInstalled()) await install();
const node = findNode();
process.env.PATH = [dirname(node), join(modules, ".bin"), process.env.PATH].join(delimiter);
// Tools keep to themselves: no telemetry, and no request that the command is not about.
process.env.WRANGLER_SEND_METRICS = "false";
process.env.CLOUDFLARE_CF_FETCH_ENABLED = "false";
// What has been compiled once is not compiled at every start: a sixth of it.
process.env.NODE_COMPILE_CACHE ??= join(modules, ".cache/node");
const line = [...readCommand(), ...args];
becomeCommand(node, line);
process.exit(await runCommand(node, line));

function isInstalled() {
  if (!existsSync(installed)) return false;
  if (statSync(installed).mtimeMs >= statSync(locked).mtimeMs) return true;
  // A checkout writes the lock file anew, and it may name the same packages.
  if (!hasAllThatIsLocked()) return false;
  markInstalled();
  return true;
}

/** Compares package by package. One that may be left out, being for another system, may be missing. */
function hasAllThatIsLocked() {
  const [wanted, there] = [locked, installed].map((file) => {
    const { "": _project, ...packages } = JSON.parse(readFileSync(file, "utf8")).packages ?? {};
    return packages;
  });
  const isSame = ([path, { version, integrity, optional }]) =>
    path in there
      ? there[path].version === version && there[path].integrity === integrity
      : optional === true;
  return (
    Object.keys(wanted).length > 0 &&
    Object.entries(wanted).every(isSame) &&
    Object.keys(there).every((path) => path in wanted)
  );
}

function markInstalled() {
  const now = new Date();
  utimesSync(installed, now, now);
}

async function install() {
  console.error("Installing packages (once) ...");
  const cli = findNpm();
  // Nothing on standard output, which is the command's. Development tools as well, whatever
  // NODE_ENV says: they are what runs here.
  const flags = ["ci", "--include=dev", "--include=optional", "--no-fund", "--no-audit"];
  const isScript = cli.endsWith(".js");
  const code = await runCommand(
    isScript ? process.execPath : cli,
    [...(isScript ? [cli] : []), ...flags, "--loglevel=error"],
    { stdio: ["ignore", 2, 2], shell: !isScript && process.platform === "win32" },
  );
  if (code !== 0) {
    end(
      "The packages could not be installed; npm says why above. Is the registry reachable? " +
        "Once it is, run the command again, or `npm ci` by itself.",
      code,
    );
  }
  markInstalled();
}

/** The npm that runs this script, so that no other is needed on the path. */
function findNpm() {
  const cli = process.env.npm_execpath ?? "";
  return basename(cli) === "npm-cli.js" ? cli : "npm";
}

function findNode() {
  const file = process.platform === "win32" ? "bin/node.exe" : "bin/node";
  for (const name of packagesOfNode(process.platform, process.arch)) {
    const packaged = join(modules, name, file);
    if (!existsSync(packaged)) continue;
    if (doesRun(packaged)) {
      linkNode(packaged);
      return packaged;
    }
    // npm would find it before the machine's own the next time.
    for (const link of ["node", "node.cmd", "node.ps1"]) {
      rmSync(join(modules, ".bin", link), { force: true });
    }
  }
  if (isNewEnough(process.version)) return process.execPath;
  return end(
    `Node ${OLDEST} or newer is needed, and this is ${process.version}. The packages bring none ` +
      `that runs here (${process.platform}, ${process.arch}): install Node 24 from ` +
      "https://nodejs.org, and run the command again.",
    1,
  );
}

/**
 * Puts the packaged Node among the tools, where npm looks first: some versions of npm leave it out, as
 * packages for other systems bring a tool of the same name.
 */
function linkNode(packaged) {
  const bin = join(modules, ".bin");
  const link = join(bin, process.platform === "win32" ? "node.cmd" : "node");
  if (!existsSync(bin) || existsSync(link)) return;
  const target = relative(bin, packaged);
  rmSync(link, { force: true });
  if (process.platform === "win32") writeFileSync(link, `@"%~dp0\\${target}" %*\r\n`);
  else symlinkSync(target, link);
}

/** A packaged Node may be for another C library than the machine's. */
function doesRun(file) {
  if (realpathSync(process.execPath) === realpathSync(file)) return true;
  const { status, stdout } = spawnSync(file, ["--version"], { encoding: "utf8" });
  return status === 0 && isNewEnough(stdout.trim());
}

/** The script that is the command; none for Node itself. */
function readCommand() {
  if (command === "node") return [];
  if (command === "npm") {
    const cli = findNpm();
    return cli === "npm" ? end("Run this by npm: `npm run <script>`.", 1) : [cli];
  }
  const folder = join(modules, command);
  if (!existsSync(join(folder, "package.json"))) {
    return end(`There is no tool \`${command}\` among the packages: run \`npm ci\`.`, 127);
  }
  const { bin } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
  return [join(folder, typeof bin === "string" ? bin : bin[command])];
}

function end(sentence, code) {
  console.error(sentence);
  process.exit(code);
}
