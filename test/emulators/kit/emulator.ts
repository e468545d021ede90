import { randomInt } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { Duplex } from "node:stream";

import { type WebSocket, WebSocketServer } from "ws";

import type { CommonAction } from "./actions.ts";
import { type Condition, Waits } from "./conditions.ts";
import { answerControl, controlPath } from "./control.ts";
import type { Emulation } from "./emulation.ts";
import type { Refusal } from "./gate.ts";
import { errorAnswer, readQuestion, writeAnswer } from "./http.ts";
import { Life, LifeOver } from "./life.ts";
import type { Line } from "./line.ts";
import type { Outcome } from "./outcome.ts";
import type { Dialled, Truth } from "./truth.ts";
import { readDial, refuseUpgrade } from "./upgrade.ts";

export interface EmulatorOptions {
  /** Default 0: any free one. */
  readonly port?: number | undefined;
  /** Default 127.0.0.1. */
  readonly host?: string | undefined;
  /** Played from the start. Default: none. */
  readonly script?: string | undefined;
  /** Default: drawn, so that no two runs share an id; the truth tells which it was. */
  readonly seed?: number | undefined;
}

/** A running emulator. */
export interface Emulator<Action, Report extends Truth> {
  readonly protocol: string;
  /** What a client dials. */
  readonly url: string;
  /** Without a slash at its end. */
  readonly httpUrl: string;
  readonly port: number;
  /** Fulfilled when it is done: a burst when all is sent, a gap when it is over. Rejects with `BadInput`. */
  do(action: Action): Promise<Outcome>;
  do(actions: readonly Action[]): Promise<Outcome[]>;
  /** A copy: what happens later does not change it. */
  truth(): Report;
  /** Rejects with `UnmetCondition` after `timeoutMs`, 100 seconds by default. */
  waitFor(condition: Condition, timeoutMs?: number): Promise<Report>;
  /** Back to a fresh state. No script runs afterwards, not even the one it started with. */
  reset(): Promise<void>;
  close(): Promise<void>;
}

// It only ends a wait for what never comes, and must not depend on how busy a machine is.
const waitTimeoutMs = 100_000;

export class EmulatorServer<Own extends { action: string }, Extra extends object> {
  readonly protocol: string;
  readonly #emulation: Emulation<Own, Extra>;
  readonly #host: string;
  readonly #seed: number;
  readonly #server = createServer();
  readonly #acceptor: WebSocketServer;
  readonly #waits = new Waits(() => this.#life.situation());
  readonly #closing = new AbortController();
  #lives = 0;
  #life: Life<Own, Extra>;

  constructor(emulation: Emulation<Own, Extra>, { host, seed }: EmulatorOptions) {
    this.protocol = emulation.protocol;
    this.#emulation = emulation;
    this.#host = host ?? "127.0.0.1";
    this.#seed = seed ?? randomInt(2 ** 48 - 1);
    this.#life = this.#begin();
    this.#acceptor = new WebSocketServer({
      noServer: true,
      maxPayload: emulation.maxFrameBytes,
      perMessageDeflate: false,
      autoPong: emulation.answersPings ?? true,
      handleProtocols: (offered) => chooseProtocol(emulation.subprotocols, offered),
    });
    this.#server.on("request", (request, response) => {
      void this.#answer(request, response);
    });
    this.#server.on("upgrade", (request, stream, head) => {
      void this.#admit(request, stream, head);
    });
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  get url(): string {
    return `ws://${this.#host}:${this.port}${this.#emulation.path}`;
  }

  get httpUrl(): string {
    return `http://${this.#host}:${this.port}`;
  }

  /** Rejects, with nothing left behind, if the port is taken. */
  async listen(port: number): Promise<void> {
    try {
      await new Promise<void>((resolve, reject) => {
        this.#server.once("error", reject);
        this.#server.listen(port, this.#host, resolve);
      });
    } catch (error) {
      await this.#life.end();
      throw error;
    }
  }

  startScript(name: string): void {
    this.#life.startScript(name);
  }

  do(action: CommonAction | Own): Promise<Outcome>;
  do(actions: readonly (CommonAction | Own)[]): Promise<Outcome[]>;
  do(input: unknown): Promise<Outcome | Outcome[]>;
  async do(input: unknown): Promise<Outcome | Outcome[]> {
    return this.#life.do(input);
  }

  truth(): Truth & Extra {
    return this.#life.truth();
  }

  async waitFor(
    condition: string,
    timeoutMs = waitTimeoutMs,
    signal = this.#closing.signal,
  ): Promise<Truth & Extra> {
    const signals = AbortSignal.any([signal, this.#closing.signal]);
    await this.#waits.within(condition, timeoutMs, signals);
    return this.truth();
  }

  async reset(): Promise<void> {
    const past = this.#life;
    this.#life = this.#begin();
    this.#waits.look();
    await past.end();
  }

  async close(): Promise<void> {
    this.#closing.abort(new LifeOver("The emulator was closed."));
    await this.#life.end();
    const closed = new Promise((resolve) => {
      this.#server.close(resolve);
    });
    this.#server.closeAllConnections();
    await closed;
  }

  #begin(): Life<Own, Extra> {
    this.#lives += 1;
    return new Life(this.#emulation, {
      seed: this.#seed,
      number: this.#lives,
      onChange: () => this.#waits.look(),
      until: (condition, signal) => this.#waits.until(condition, signal),
    });
  }

  async #admit(request: IncomingMessage, stream: Duplex, head: Buffer): Promise<void> {
    const life = this.#life;
    const { gate, ledger } = life.stage;
    // A client that gives up while it waits; the close that follows ends the matter.
    stream.on("error", () => stream.destroy());
    const dial = ledger.dialled(readDial(request));
    this.#waits.look();
    await life.stage.pause(gate.delayMs).catch(() => stream.destroy());
    const refusal = this.#judge(life, dial);
    if (!gate.isAway && refusal === null) {
      this.#acceptor.handleUpgrade(request, stream, head, (socket) => {
        this.#welcome(life, dial, socket, stream);
      });
      return;
    }
    ledger.refused += 1;
    if (refusal === null) {
      stream.destroy();
    } else {
      refuseUpgrade(stream, refusal);
    }
    this.#waits.look();
  }

  #judge({ stage, service }: Life<Own, Extra>, dial: Dialled): Refusal | null {
    const { path, takes } = this.#emulation;
    if (dial.path !== path && takes?.(dial.path) !== true) {
      return { status: 404 };
    }
    return stage.gate.isAway ? null : (stage.gate.takeRefusal() ?? service.admit(dial));
  }

  #welcome(life: Life<Own, Extra>, dial: Dialled, socket: WebSocket, stream: Duplex): void {
    const line = life.stage.join(dial, socket, stream);
    line.hear((text, isBinary) => {
      life.stage.ledger.heard(line.number, text);
      life.service.hear(line, text, isBinary);
      this.#waits.look();
    });
    void this.#forgetOnceGone(life, line);
    life.service.greet(line);
    this.#waits.look();
  }

  async #forgetOnceGone({ stage }: Life<Own, Extra>, line: Line): Promise<void> {
    await line.gone;
    stage.lines.delete(line);
    this.#waits.look();
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    try {
      const question = await readQuestion(request);
      if (question.path.startsWith(controlPath)) {
        const hangUp = new AbortController();
        response.once("close", () => hangUp.abort(new LifeOver("The client hung up.")));
        writeAnswer(response, await answerControl(this, question, hangUp.signal));
      } else {
        const known = await this.#life.service.answer(question);
        writeAnswer(response, known ?? errorAnswer(404, "There is nothing here."));
        this.#waits.look();
      }
    } catch (error) {
      // Cut while it was read: nobody is left to answer. Anything else is ours, and loud.
      if (!response.destroyed) {
        throw error;
      }
    }
  }
}

function chooseProtocol(
  spoken: readonly string[] | "any",
  offered: ReadonlySet<string>,
): string | false {
  const candidates = spoken === "any" ? [...offered] : spoken;
  return candidates.find((protocol) => offered.has(protocol)) ?? false;
}
