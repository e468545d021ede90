import { DatabaseSync } from "node:sqlite";

/** A call that the API does not carry out, in its words. */
export class Refusal extends Error {
  readonly status: number;
  readonly code: number;

  constructor(status: number, code: number, message: string) {
    super(message);
    this.status = status;
    this.code = code;
  }
}

interface Database {
  readonly uuid: string;
  readonly name: string;
  readonly jurisdiction: string | null;
  readonly sql: DatabaseSync;
}

interface Binding {
  readonly name: string;
  readonly type: string;
  readonly text?: string;
  readonly old_name?: string;
  readonly version_id?: string;
  readonly database_id?: string;
  readonly id?: string;
}

interface Upload {
  readonly bindings: readonly Binding[];
  readonly migrations?: { readonly new_tag: string };
  readonly code_update_strategy?: object;
}

interface Worker {
  /** The version that all requests go to. */
  readonly version: string;
  readonly upload: Upload;
  readonly secrets: ReadonlyMap<string, string>;
  readonly databaseId: string | undefined;
  readonly tag: string | undefined;
}

interface Sent {
  readonly body: Buffer;
  readonly type: string;
}

type Handler = (parts: readonly string[], query: URLSearchParams, sent: Sent) => unknown;

const NOT_THERE = new Refusal(404, 7003, "Could not route to this path");

/** An account of Cloudflare's: its databases, and one Worker. */
export class Account {
  readonly id = "0123456789abcdef0123456789abcdef";
  accounts = [{ id: this.id, name: "Somebody" }];
  /** The account's part of the addresses on workers.dev; none before it is registered. */
  subdomain: string | null = "somebody";
  readonly databases: Database[] = [];
  worker: Worker | null = null;
  /** The secrets of every version that there was. */
  readonly #versions = new Map<string, ReadonlyMap<string, string>>();
  crons: readonly string[] = [];
  /** Does it take a binding over under another name, as it says it does? */
  renames = true;

  readonly #handlers: readonly (readonly [RegExp, Handler])[] = [
    [/^GET \/user$/, () => ({ id: "user", email: "somebody@example.com" })],
    [/^GET \/user\/tokens\/verify$/, () => ({ id: "token", status: "active" })],
    [/^GET \/accounts$/, () => this.accounts],
    [/^GET \/memberships$/, () => this.accounts.map((account) => ({ id: account.id, account }))],
    [/^GET \/d1\/database$/, () => this.databases.map(describeDatabase)],
    [
      /^POST \/d1\/database$/,
      (_, __, { body }) => this.makeDatabase(readJson(body) as { name: string }),
    ],
    [/^GET \/d1\/database\/([^/]+)$/, ([name = ""]) => describeDatabase(this.#findDatabase(name))],
    [
      /^POST \/d1\/database\/([^/]+)\/query$/,
      ([name = ""], _, { body }) => runQuery(this.#findDatabase(name), (readJson(body) as Sql).sql),
    ],
    [/^GET \/workers\/subdomain$/, () => this.#describeSubdomain()],
    [/^GET \/workers\/services\/[^/]+$/, () => this.#describeService()],
    [/^GET \/workers\/scripts$/, () => this.#listScripts()],
    [/^GET \/workers\/scripts\/[^/]+\/secrets$/, () => this.#listSecrets()],
    [
      /^DELETE \/workers\/scripts\/[^/]+\/secrets\/([^/]+)$/,
      ([name = ""]) => this.#deleteSecret(name),
    ],
    [/^GET \/workers\/scripts\/[^/]+\/settings$/, () => ({ bindings: this.#bindings() })],
    [/^GET \/workers\/scripts\/[^/]+\/deployments$/, () => this.#listDeployments()],
    [
      /^POST \/workers\/scripts\/[^/]+\/assets-upload-session$/,
      () => ({ jwt: "assets-of-the-tests", buckets: [] }),
    ],
    [/^PUT \/workers\/scripts\/[^/]+$/, (_, __, sent) => this.#upload(sent)],
    [/^POST \/workers\/scripts\/[^/]+\/versions$/, (_, __, sent) => this.#upload(sent)],
    [/^POST \/workers\/scripts\/[^/]+\/deployments$/, () => ({ id: "deployment" })],
    [/^PATCH \/workers\/scripts\/[^/]+\/(settings|script-settings)$/, () => ({})],
    [/^(GET|POST) \/workers\/scripts\/[^/]+\/subdomain$/, () => ENABLED],
    [/^GET \/workers\/workers\/[^/]+$/, () => ({ subdomain: ENABLED })],
    [
      /^PUT \/workers\/scripts\/[^/]+\/schedules$/,
      (_, __, { body }) => this.#schedule(readJson(body) as readonly Schedule[]),
    ],
  ];

  async answer(call: string, query: URLSearchParams, sent: Sent): Promise<unknown> {
    for (const [pattern, handler] of this.#handlers) {
      const found = pattern.exec(call);
      if (found !== null) return handler(found.slice(1), query, sent);
    }
    throw NOT_THERE;
  }

  makeDatabase({ name, jurisdiction }: { name: string; jurisdiction?: string }): object {
    if (this.databases.some((each) => each.name === name)) {
      throw new Refusal(400, 7502, "A database with that name already exists");
    }
    const made = {
      uuid: crypto.randomUUID(),
      name,
      jurisdiction: jurisdiction ?? null,
      sql: new DatabaseSync(":memory:"),
    };
    this.databases.push(made);
    return describeDatabase(made);
  }

  /** As an earlier deploy left it, but for the tables. */
  makeAll(): void {
    this.makeDatabase({ name: "tributary" });
    const [database] = this.databases;
    const names = ["TRIBUTARY_ADMIN_KEY", "TRIBUTARY_MASTER_KEY"];
    this.worker = {
      version: crypto.randomUUID(),
      upload: { bindings: [{ name: "DB", type: "d1", id: database?.uuid ?? "" }] },
      secrets: new Map(names.map((name) => [name, `${name} of an earlier deploy`])),
      databaseId: database?.uuid,
      tag: undefined,
    };
    this.#versions.set(this.worker.version, this.worker.secrets);
  }

  /** Would the Worker say that it is ready: is it there, with its secrets and a database with tables? */
  isReady(): boolean {
    const found = this.databases.find(({ uuid }) => uuid === this.worker?.databaseId);
    if (found === undefined || this.worker === null) return false;
    return this.worker.secrets.size >= 2 && tablesOf(found).includes("channels");
  }

  /**
   * The run of the minute, as far as a deploy looks at it: the Worker notes its master keys.
   * `since`: when it first had this one. `old`: so many texts are still sealed with the one before.
   */
  async runMinute({ since = Date.now(), old = 0 } = {}): Promise<void> {
    const found = this.databases.find(({ uuid }) => uuid === this.worker?.databaseId);
    if (found === undefined || !tablesOf(found).includes("master_key")) return;
    const id = await idOf(this.worker?.secrets.get("TRIBUTARY_MASTER_KEY"));
    const previous = await idOf(this.worker?.secrets.get("TRIBUTARY_MASTER_KEY_PREVIOUS"));
    const remains = JSON.stringify({ keyId: id, old, unreadable: 0, missing: [], unasked: 0 });
    found.sql
      .prepare(
        `INSERT OR REPLACE INTO master_key (one, id, since, previous, remains, checked_at)
         VALUES (1, ?, ?, ?, ?, ?)`,
      )
      .run(id, since, previous, remains, since);
  }

  #keepVersion(secrets: ReadonlyMap<string, string>): string {
    const id = crypto.randomUUID();
    this.#versions.set(id, secrets);
    return id;
  }

  /** Deployments, newest first: the one that there is. */
  #listDeployments(): object {
    if (this.worker === null) throw new Refusal(404, 10_007, "This Worker does not exist");
    const versions = [{ version_id: this.worker.version, percentage: 100 }];
    const created_on = new Date(0).toISOString();
    return { deployments: [{ id: crypto.randomUUID(), created_on, source: "wrangler", versions }] };
  }

  #findDatabase(name: string): Database {
    const found = this.databases.find((each) => each.uuid === name || each.name === name);
    if (found === undefined) throw new Refusal(404, 7404, "The database was not found");
    return found;
  }

  #describeSubdomain(): object {
    if (this.subdomain === null) throw new Refusal(404, 10_007, "There is no subdomain");
    return { subdomain: this.subdomain };
  }

  #describeService(): object {
    if (this.worker === null) throw new Refusal(404, 10_090, "The service was not found");
    const script = { tag: "tag", tags: [], last_deployed_from: "wrangler" };
    return { default_environment: { environment: "production", script } };
  }

  #listScripts(): readonly object[] {
    return this.worker === null ? [] : [{ id: "tributary", migration_tag: this.worker.tag }];
  }

  #listSecrets(): readonly object[] {
    if (this.worker === null) throw new Refusal(404, 10_007, "This Worker does not exist");
    return [...this.worker.secrets.keys()].map((name) => ({ name, type: "secret_text" }));
  }

  #deleteSecret(name: string): object {
    if (this.worker === null) throw new Refusal(404, 10_007, "This Worker does not exist");
    const secrets = new Map(this.worker.secrets);
    if (!secrets.delete(name)) throw new Refusal(404, 10_056, "Binding does not exist");
    this.worker = { ...this.worker, secrets, version: this.#keepVersion(secrets) };
    return {};
  }

  #bindings(): readonly Binding[] {
    if (this.worker === null) throw new Refusal(404, 10_007, "This Worker does not exist");
    return this.worker.upload.bindings;
  }

  async #upload({ body, type }: Sent): Promise<object> {
    const form = await new Response(new Uint8Array(body), {
      headers: { "content-type": type },
    }).formData();
    const metadata = form.get("metadata");
    const upload = readJson(
      typeof metadata === "string" ? metadata : ((await metadata?.text()) ?? ""),
    ) as Upload;
    const secrets = new Map(this.worker?.secrets);
    for (const { name, type: kind, text, old_name: renamed, version_id: from } of upload.bindings) {
      if (kind === "secret_text") secrets.set(name, text ?? "");
      const source = from === undefined ? this.worker?.secrets : this.#versions.get(from);
      const before = renamed === undefined ? undefined : source?.get(renamed);
      if (kind === "inherit" && before !== undefined && this.renames) secrets.set(name, before);
      if (kind === "inherit" && name.startsWith("TRIBUTARY_") && !secrets.has(name)) {
        throw new Refusal(400, 10_057, `inherit binding '${name}' is invalid`);
      }
    }
    const database = upload.bindings.find(({ name }) => name === "DB");
    const given = database?.database_id ?? database?.id;
    this.worker = {
      version: this.#keepVersion(secrets),
      upload,
      secrets,
      databaseId: database?.type === "inherit" ? this.worker?.databaseId : given,
      tag: upload.migrations?.new_tag ?? this.worker?.tag,
    };
    return {
      id: crypto.randomUUID(),
      etag: "etag",
      deployment_id: crypto.randomUUID().replaceAll("-", ""),
      startup_time_ms: 1,
      resources: { script: { etag: "etag" } },
    };
  }

  #schedule(schedules: readonly Schedule[]): object {
    this.crons = schedules.map(({ cron }) => cron);
    return { schedules };
  }
}

/** What tells a master key from others, written from the relay's documents; null for no key. */
async function idOf(key: string | undefined): Promise<string | null> {
  if (key === undefined) return null;
  const text = new TextEncoder().encode(`key id of ${key}`);
  return Buffer.from(await crypto.subtle.digest("SHA-256", text))
    .toString("hex")
    .slice(0, 8);
}

const ENABLED = { enabled: true, previews_enabled: false };

interface Sql {
  readonly sql: string;
}

interface Schedule {
  readonly cron: string;
}

function describeDatabase(database: Database): object {
  const { uuid, name, jurisdiction } = database;
  return { uuid, name, jurisdiction, version: "production", num_tables: tablesOf(database).length };
}

function tablesOf({ sql }: Database): readonly string[] {
  const rows = sql.prepare("SELECT name FROM sqlite_master WHERE type = 'table'").all();
  return rows.map(({ name }) => String(name));
}

function runQuery({ sql }: Database, query: string): readonly object[] {
  try {
    const results = /^\s*select/i.test(query) ? sql.prepare(query).all() : [];
    if (results.length === 0) sql.exec(query);
    return [{ results, success: true, meta: { duration: 1 } }];
  } catch (error) {
    throw new Refusal(400, 7500, error instanceof Error ? error.message : String(error));
  }
}

function readJson(text: { toString(): string }): unknown {
  return JSON.parse(text.toString());
}
