import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

import { BadInput } from "../kit/bad-input.ts";
import { errorAnswer, type HttpQuestion, readQuestion, writeAnswer } from "../kit/http.ts";
import { Action, type Fault } from "./actions.ts";
import { readAskedList, type AskedList } from "./addresses.ts";
import { type Made, type Service, usualEmotes, writeList, writeUnknown } from "./lists.ts";

/** The requests that it has had, in order. */
export interface EmotesTruth {
  readonly asked: readonly AskedList[];
  /** The number of those that are not answered yet. */
  readonly open: number;
}

/** The services at work. */
export interface EmoteServices {
  /** Each service is below it, under its name. */
  readonly url: string;
  do(action: unknown): void;
  truth(): EmotesTruth;
  close(): Promise<void>;
}

const controlPath = "/__emulator/";
const dripMs = 200;

/** Plays 7TV, BTTV and FFZ on one port of this machine, until it is closed. */
export async function startEmoteServices(port = 0): Promise<EmoteServices> {
  const services = new Services();
  const server = createServer((request, response) => {
    void readQuestion(request).then((question) => services.answer(question, response));
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, "127.0.0.1", resolve);
  });
  const { port: bound } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${bound}`,
    do: (action) => services.do(action),
    truth: () => services.truth(),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

class Services {
  #asked: AskedList[] = [];
  #faults = new Map<string, Fault>();
  #lists = new Map<string, readonly Made[] | null>();
  #held: (() => void)[] = [];
  #open = 0;

  truth(): EmotesTruth {
    return { asked: this.#asked, open: this.#open };
  }

  do(input: unknown): void {
    const actions = Action.array().safeParse(Array.isArray(input) ? input : [input]);
    if (!actions.success) {
      throw new BadInput(actions.error.message);
    }
    for (const action of actions.data) {
      this.#perform(action);
    }
  }

  answer(question: HttpQuestion, response: ServerResponse): void {
    if (question.path.startsWith(controlPath)) {
      this.#control(question, response);
      return;
    }
    const list = readAskedList(question.path);
    if (list === null || question.method !== "GET") {
      writeAnswer(response, errorAnswer(404, "There is no such route."));
      return;
    }
    this.#asked.push(list);
    this.#open += 1;
    response.once("close", () => {
      this.#open -= 1;
    });
    const fault = this.#findFault(list);
    if (fault === undefined) {
      this.#give(list, response);
    } else {
      this.#fail(list, fault, response);
    }
  }

  #perform(action: Action): void {
    switch (action.action) {
      case "fault":
        this.#faults.set(nameOf(action.service, action.account), action.fault);
        return;
      case "emotes":
        this.#lists.set(nameOf(action.service, action.account), action.emotes);
        return;
      case "unknown":
        this.#lists.set(nameOf(action.service, action.account), null);
        return;
      case "release":
        this.#release();
    }
  }

  #release(): void {
    this.#faults.clear();
    for (const give of this.#held.splice(0)) {
      give();
    }
  }

  #control({ path, body }: HttpQuestion, response: ServerResponse): void {
    const verb = path.slice(controlPath.length);
    try {
      if (verb === "do") {
        this.do(JSON.parse(body));
      } else if (verb === "reset") {
        this.#release();
        this.#asked = [];
        this.#lists.clear();
      } else if (verb !== "truth") {
        throw new BadInput(`There are do, reset and truth here, not "${verb}".`);
      }
      writeAnswer(response, { status: 200, body: this.truth() });
    } catch (error) {
      writeAnswer(response, errorAnswer(400, error instanceof Error ? error.message : "bad"));
    }
  }

  #findFault({ service, account }: AskedList): Fault | undefined {
    return this.#faults.get(nameOf(service, account)) ?? this.#faults.get(nameOf(service));
  }

  #give({ service, account }: AskedList, response: ServerResponse): void {
    const told = this.#lists.get(nameOf(service, account));
    if (told === null) {
      writeAnswer(response, { status: 404, body: writeUnknown(service) });
      return;
    }
    const emotes = told ?? usualEmotes(service, account);
    writeAnswer(response, { status: 200, body: writeList(service, account, emotes) });
  }

  #fail(list: AskedList, fault: Fault, response: ServerResponse): void {
    const { service, account } = list;
    const text = JSON.stringify(writeList(service, account, usualEmotes(service, account)));
    switch (fault.kind) {
      case "hang":
        return;
      case "hold":
        this.#held.push(() => this.#give(list, response));
        return;
      case "drip":
        drip(text, response);
        return;
      case "cut":
        response.writeHead(200, { "content-type": "application/json" });
        response.write(text.slice(0, 200), () => response.destroy());
        return;
      case "status":
        writeAnswer(response, {
          ...errorAnswer(fault.status, "Something went wrong."),
          ...(fault.retryAfter !== undefined && { headers: { "retry-after": fault.retryAfter } }),
        });
        return;
      case "broken":
        writeText(response, 200, text.slice(0, -20));
        return;
      case "page":
        writeText(response, fault.status, "<!doctype html><title>Just a moment</title>");
        return;
      case "giant":
        writeGiant(service, account, fault.bytes ?? Infinity, response);
        return;
      case "renamed":
        writeText(response, 200, text.replaceAll(/"(name|code|emotes)":/g, '"new_$1":'));
        return;
      case "redirect":
        response.writeHead(302, { location: fault.to }).end();
        return;
      case "body":
        writeText(response, 200, fault.text);
    }
  }
}

function nameOf(service: Service, account?: string | null): string {
  return account === undefined ? service : `${service} ${account ?? "everybody"}`;
}

function writeText(response: ServerResponse, status: number, text: string): void {
  response.writeHead(status, { "content-type": "application/json" }).end(text);
}

function drip(text: string, response: ServerResponse): void {
  response.writeHead(200, { "content-type": "application/json" });
  let at = 0;
  const timer = setInterval(() => {
    response.write(text.slice(at, at + 1));
    at += 1;
    if (at >= text.length) {
      response.end();
    }
  }, dripMs);
  response.once("close", () => clearInterval(timer));
}

/** Good entries, for as long as the client reads or until there are so many bytes. */
function writeGiant(
  service: Service,
  account: string | null,
  bytes: number,
  response: ServerResponse,
): void {
  const [made = { name: "EZ" }] = usualEmotes(service, account);
  const list = JSON.stringify(writeList(service, account, [made]));
  const entry = JSON.stringify(findEntry(JSON.parse(list)));
  const [before = "", after = ""] = list.split(entry);
  response.writeHead(200, { "content-type": "application/json" });
  response.write(before);
  let written = before.length + after.length;
  const chunk = `${entry},`.repeat(100);
  const more = (): void => {
    while (written + chunk.length < bytes && !response.destroyed) {
      written += chunk.length;
      if (!response.write(chunk)) {
        response.once("drain", more);
        return;
      }
    }
    response.end(entry + after);
  };
  more();
}

/** The one entry of a list, wherever a service has it. */
function findEntry(list: unknown): unknown {
  if (typeof list !== "object" || list === null) {
    return undefined;
  }
  if ("urls" in list || "code" in list || "data" in list) {
    return list;
  }
  for (const each of Object.values(list)) {
    const found = findEntry(each);
    if (found !== undefined) {
      return found;
    }
  }
  return undefined;
}
