import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

import { Account, Refusal } from "./account.ts";

/** One call of the API: method and path, from below the account on. */
type Fault = { readonly call: string; readonly with: Refusal | "no answer" };

/**
 * What stands for Cloudflare's API: one account, as much of it as `wrangler` asks for, and what it
 * changes stays changed. Its own server answers for the Worker's address as well.
 */
export class CloudflareApi {
  readonly account = new Account();
  /** The calls that were made, oldest first. */
  readonly calls: string[] = [];
  /** Whose token is taken. */
  token = "token-of-the-tests";
  /** How the Worker's address answers, where it does not as the account's state has it. */
  answerOfWorker: { status: number; headers?: Record<string, string> } | null = null;
  /** What the Worker's next run of the minute finds; null: it does not run. */
  minute: { since?: number; old?: number } | null = {};
  readonly #server: Server;
  #faults: Fault[] = [];

  private constructor(server: Server) {
    this.#server = server;
  }

  static async start(): Promise<CloudflareApi> {
    const server = createServer((request, response) => void api.#take(request, response));
    const api = new CloudflareApi(server);
    await new Promise<void>((resolve) => {
      server.listen(0, "127.0.0.1", resolve);
    });
    return api;
  }

  get origin(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** Where `CLOUDFLARE_API_BASE_URL` points. */
  get url(): string {
    return `${this.origin}/client/v4`;
  }

  /** Has every call of this kind refused from now on: `POST /d1/database`. */
  refuse(call: string, status: number, code: number, message: string): void {
    this.#faults.push({ call, with: new Refusal(status, code, message) });
  }

  /** Has the next call of this kind carried out, and its answer lost. */
  loseAnswer(call: string): void {
    this.#faults.push({ call, with: "no answer" });
  }

  /** Mends what was to go wrong, and forgets the calls. */
  mend(): void {
    this.#faults = [];
    this.calls.length = 0;
    this.answerOfWorker = null;
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => {
      this.#server.close(resolve);
    });
  }

  async #take(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? "/", this.origin);
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    if (!url.pathname.startsWith("/client/v4/")) {
      await this.#answerAsWorker(url.pathname, response);
      return;
    }
    const path = url.pathname
      .slice("/client/v4".length)
      .replace(`/accounts/${this.account.id}`, "");
    const call = `${request.method} ${path}`;
    this.calls.push(call);
    const fault = this.#faults.find((each) => each.call === call);
    try {
      if (request.headers.authorization !== `Bearer ${this.token}`) {
        throw new Refusal(401, 10_000, "Authentication error");
      }
      if (fault?.with instanceof Refusal) throw fault.with;
      const body = Buffer.concat(chunks);
      const result = await this.account.answer(call, url.searchParams, {
        body,
        type: request.headers["content-type"] ?? "",
      });
      if (fault !== undefined) {
        this.#faults = this.#faults.filter((each) => each !== fault);
        response.destroy();
        return;
      }
      const count = Array.isArray(result) ? result.length : 1;
      send(response, 200, {
        success: true,
        errors: [],
        messages: [],
        result,
        result_info: { page: 1, per_page: 100, count, total_count: count, total_pages: 1 },
      });
    } catch (error) {
      const { status, code, message } =
        error instanceof Refusal ? error : new Refusal(500, 1, String(error));
      send(response, status, {
        success: false,
        errors: [{ code, message }],
        messages: [],
        result: null,
      });
    }
  }

  async #answerAsWorker(path: string, response: ServerResponse): Promise<void> {
    if (this.answerOfWorker !== null) {
      response.writeHead(this.answerOfWorker.status, this.answerOfWorker.headers).end();
      return;
    }
    const isThere = this.account.worker !== null && path === "/readyz";
    const status = this.account.isReady() ? 200 : 503;
    if (isThere && this.minute !== null) await this.account.runMinute(this.minute);
    response.writeHead(isThere ? status : 404).end();
  }
}

function send(response: ServerResponse, status: number, answer: object): void {
  response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(answer));
}
