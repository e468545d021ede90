import { z } from "zod";

import type { SendFlaw } from "../../event/sending.ts";
import type { Viewer, ViewerAnswer, ViewerCall } from "../../event/viewer.ts";
import type { Json } from "../../lib/json.ts";
import { viewerInterfaceAdapter } from "../../protocols/registry.ts";
import type {
  ViewerInterfaceSession,
  ViewerInterfaceEffect,
} from "../../protocols/viewer-interface.ts";
import { forgetBlocks, listBlocks, putBlock } from "../../store/journal/blocks.ts";
import { readMeta, writeMeta } from "../../store/object/meta.ts";
import type { GatewaySockets } from "../gateways/clients.ts";
import type { ChannelPort, InputPort } from "./ports.ts";

/** The parts of the channel's object that a viewer interface needs. */
export interface ViewerInterfaceHost extends Pick<
  ChannelPort & InputPort,
  "storage" | "channel" | "record"
> {
  readonly clients: { readonly gateways: Pick<GatewaySockets, "tell"> };
  /** Has an interface shown by all connections that show any. */
  readonly outbox: { pass(shown: Json, at: number): void };
}

/**
 * The interface that a channel's viewers see, and what they do with it. There is one interface for
 * a channel, whoever shows it: this is where it is, for viewers' pages, for clients and for
 * providers alike.
 */
export class ViewerInterface {
  readonly #host: ViewerInterfaceHost;
  readonly #session: ViewerInterfaceSession;
  #isOver = false;

  constructor(host: ViewerInterfaceHost) {
    this.#host = host;
    const { sql } = host.storage;
    this.#session = viewerInterfaceAdapter.open({
      kept: readMeta(sql, "viewer-interface", z.unknown()),
      blocks: listBlocks(sql),
    });
  }

  /** The interface to be shown, as it was given. */
  get wanted(): Json {
    return this.#session.wanted;
  }

  /** The interface that viewers are shown; `{}` once it has been taken away, null for none. */
  get shown(): Json | null {
    return this.#session.shown;
  }

  flawOf(given: Json): SendFlaw | null {
    return viewerInterfaceAdapter.flawOf(given);
  }

  /** Shows an interface that has no flaw; `{}` takes away what is shown. */
  show(given: Json, at: number): void {
    this.#perform(this.#session.handle({ type: "interface-given", at, interface: given }));
  }

  join(socket: string): void {
    this.#perform(this.#session.handle({ type: "socket-joined", at: Date.now(), socket }));
  }

  /** Any socket may be said to have gone: it counts if it had joined. */
  leave(socket: string): void {
    if (this.#isOver) return;
    this.#perform(this.#session.handle({ type: "socket-left", at: Date.now(), socket }));
  }

  /** The object is back: those that were cut with it have gone. */
  restart(sockets: readonly string[]): void {
    this.#perform(this.#session.handle({ type: "object-restarted", at: Date.now(), sockets }));
  }

  /** Answers a viewer's call, once all that comes of it is on disk. */
  async call(call: ViewerCall, viewer: Viewer): Promise<ViewerAnswer> {
    const effects = this.#session.handle({ type: "viewer-called", at: Date.now(), call, viewer });
    const { answer, written } = this.#perform(effects);
    await written;
    if (answer === null) throw new Error("a viewer's call was not answered");
    return answer;
  }

  /** The channel is gone: nothing more is written for it. */
  stop(): void {
    this.#isOver = true;
  }

  #perform(effects: readonly ViewerInterfaceEffect[]): {
    answer: ViewerAnswer | null;
    written: Promise<unknown>;
  } {
    const { storage, channel } = this.#host;
    const { protocol } = viewerInterfaceAdapter;
    const writing: Promise<unknown>[] = [];
    let answer: ViewerAnswer | null = null;
    for (const effect of effects) {
      switch (effect.type) {
        case "interface-keep":
          writeMeta(storage.sql, "viewer-interface", effect.kept);
          break;
        case "block-keep":
          putBlock(storage.sql, effect.name, effect.until);
          break;
        case "blocks-forget":
          forgetBlocks(storage.sql, effect.upTo);
          break;
        case "sockets-tell":
          this.#host.clients.gateways.tell(protocol, channel.id, effect.note);
          break;
        case "interface-pass":
          this.#host.outbox.pass(effect.interface, Date.now());
          break;
        case "event-post":
          writing.push(this.#host.record([effect.draft], protocol));
          break;
        case "call-answer":
          answer = effect.answer;
      }
    }
    return { answer, written: Promise.all(writing) };
  }
}
