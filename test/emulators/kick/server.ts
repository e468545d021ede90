import { randomUUID } from "node:crypto";
import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

import { BadInput } from "../kit/bad-input.ts";
import { errorAnswer, type HttpQuestion, readQuestion, writeAnswer } from "../kit/http.ts";
import { Happening, KickAction } from "./actions.ts";
import { KickApi, type Posted, type Subscription } from "./api.ts";
import { writeBody } from "./bodies.ts";
import { Signer } from "./signer.ts";

/** A delivery as Kick makes it. */
export interface Delivery {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export interface KickTruth {
  /** `<method> <path>` of all requests, in order. */
  readonly asked: readonly string[];
  readonly subscriptions: readonly Subscription[];
  readonly posted: readonly Posted[];
  /** The answers to what was delivered to the app's address. */
  readonly answers: readonly number[];
}

/** Kick at work, for one app. */
export interface KickService {
  readonly url: string;
  do(...actions: readonly KickAction[]): void;
  /** Something happens: answers the deliveries of it, which are made at once where there is an address. */
  happen(what: Happening): Promise<readonly Delivery[]>;
  truth(): KickTruth;
  /** Users' tokens that hold, which nobody is to see. */
  listTokens(): readonly string[];
  close(): Promise<void>;
}

const controlPath = "/__emulator/";

/** Plays Kick's API, its tokens and its webhooks on one port of this machine, until it is closed. */
export async function startKick(port = 0): Promise<KickService> {
  const kick = new Kick();
  const server = createServer((request, response) => {
    void readQuestion(request).then((question) => kick.answer(question, response));
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, "127.0.0.1", resolve);
  });
  const { port: bound } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${bound}`,
    do: (...actions) => kick.do(actions),
    happen: (what) => kick.happen(what),
    truth: () => kick.truth(),
    listTokens: () => kick.listTokens(),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

interface Fault {
  readonly path: string;
  readonly status: number;
  readonly isPage: boolean;
  left: number;
}

class Kick {
  #api = new KickApi();
  #signer = new Signer();
  #before: Signer | null = null;
  readonly #foreign = new Signer();
  #webhook: string | null = null;
  #faults: Fault[] = [];
  #asked: string[] = [];
  #answers: number[] = [];

  truth(): KickTruth {
    const { subscriptions, posted } = this.#api;
    return { asked: this.#asked, subscriptions, posted, answers: this.#answers };
  }

  listTokens(): readonly string[] {
    return this.#api.userTokens;
  }

  do(input: unknown): void {
    const actions = KickAction.array().safeParse(input);
    if (!actions.success) throw new BadInput(actions.error.message);
    for (const action of actions.data) this.#perform(action);
  }

  async happen(input: unknown): Promise<readonly Delivery[]> {
    const what = Happening.parse(input);
    const broadcaster = this.#api.broadcaster(what.slug ?? "otter-brook");
    const at = what.at ?? new Date().toISOString();
    const { id = randomUUID(), text = "hello", author = "Fern_Hollow" } = what;
    const told = { id, text, author, at };
    const body = JSON.stringify(what.body ?? writeBody(what.event, broadcaster, told));
    const wanted = this.#api.subscriptions.filter(
      (each) => each.event === what.event && each.broadcaster_user_id === broadcaster.id,
    );
    const ids = what.isUnasked === true ? ["01M8SUBUNASKED"] : wanted.map((each) => each.id);
    const deliveries = ids.map((subscription) => this.#sign(what, subscription, body));
    if (this.#webhook !== null) {
      for (const delivery of deliveries) await this.#deliver(this.#webhook, delivery);
    }
    return deliveries;
  }

  answer(question: HttpQuestion, response: ServerResponse): void {
    if (question.path.startsWith(controlPath)) {
      void this.#control(question, response);
      return;
    }
    this.#asked.push(`${question.method} ${question.path}`);
    const fault = this.#faults.find(({ path, left }) => path === question.path && left > 0);
    if (fault !== undefined) {
      fault.left -= 1;
      fail(response, fault);
      return;
    }
    if (question.path === "/public/v1/public-key") {
      const data = { public_key: this.#signer.publicPem };
      writeAnswer(response, { status: 200, body: { data, message: "OK" } });
      return;
    }
    const answer = this.#api.answer(question) ?? errorAnswer(404, "There is no such route.");
    if (answer.status === 204) response.writeHead(204).end();
    else writeAnswer(response, answer);
  }

  #sign({ event, key, isSpoilt }: Happening, subscription: string, body: string): Delivery {
    const id = `01M8${randomUUID().replaceAll("-", "").slice(0, 22).toUpperCase()}`;
    const time = new Date().toISOString();
    const signers = { current: this.#signer, old: this.#before, foreign: this.#foreign };
    const signer = signers[key ?? "current"];
    if (signer === null) throw new BadInput("There is no key before this one.");
    return {
      headers: {
        "content-type": "application/json",
        "user-agent": "Go-http-client/1.1",
        "kick-event-message-id": id,
        "kick-event-subscription-id": subscription,
        "kick-event-signature": signer.sign(id, time, body),
        "kick-event-message-timestamp": time,
        "kick-event-type": event,
        "kick-event-version": "1",
      },
      body: isSpoilt === true ? body.replace("hello", "hullo") : body,
    };
  }

  async #deliver(url: string, { headers, body }: Delivery): Promise<void> {
    const { status } = await fetch(url, { method: "POST", headers, body });
    this.#answers.push(status);
  }

  #perform(action: KickAction): void {
    switch (action.action) {
      case "webhook":
        this.#webhook = action.url;
        return;
      case "channel":
        this.#api.channels.set(action.slug, { isLive: action.isLive ?? false });
        return;
      case "fault": {
        const { path, status, isPage = false, times = Number.POSITIVE_INFINITY } = action;
        this.#faults.push({ path, status, isPage, left: times });
        return;
      }
      case "refuse":
        for (const event of action.events) this.#api.refused.set(event, action.error);
        return;
      case "forget": {
        const { events } = action;
        this.#api.subscriptions = this.#api.subscriptions.filter(
          ({ event }) => events !== undefined && !events.includes(event),
        );
        return;
      }
      case "double":
        for (const { event, broadcaster_user_id: id } of this.#api.subscriptions.slice()) {
          this.#api.add(event, id);
        }
        return;
      case "rotateKey":
        this.#before = this.#signer;
        this.#signer = new Signer();
        return;
      case "endTokens":
        this.#api.endTokens();
        return;
      case "secret":
        this.#api.secret = action.value;
        return;
      case "consent":
        this.#api.consent = action.value;
        return;
      case "release":
        this.#faults = [];
        this.#api.refused.clear();
    }
  }

  async #control({ path, body }: HttpQuestion, response: ServerResponse): Promise<void> {
    const verb = path.slice(controlPath.length);
    try {
      if (verb === "happen") {
        const deliveries = await this.happen(JSON.parse(body));
        writeAnswer(response, { status: 200, body: deliveries });
        return;
      }
      if (verb === "do") this.do(JSON.parse(body));
      else if (verb === "reset") this.#reset();
      else if (verb !== "truth") throw new BadInput(`There is no "${verb}" here.`);
      writeAnswer(response, { status: 200, body: this.truth() });
    } catch (error) {
      writeAnswer(response, errorAnswer(400, error instanceof Error ? error.message : "bad"));
    }
  }

  /** As it was at first, but for its key. */
  #reset(): void {
    this.#api = new KickApi();
    this.#webhook = null;
    this.#faults = [];
    this.#asked = [];
    this.#answers = [];
  }
}

function fail(response: ServerResponse, { status, isPage }: Fault): void {
  if (!isPage) {
    writeAnswer(response, { status, body: { data: {}, message: "Refused" } });
    return;
  }
  response
    .writeHead(status, { "content-type": "text/html; charset=UTF-8", server: "cloudflare" })
    .end("<!DOCTYPE html><html><head><title>Just a moment...</title></head></html>");
}
