import type { Seq } from "../../event/ids.ts";
import {
  formatRefusedSend,
  formatRefusedStatus,
  type CommandEffect,
} from "../../protocols/tributary/session.ts";
import { CloseCode, formatResult } from "../../protocols/tributary/wire.ts";
import { report } from "../../report.ts";
import type { Client } from "./client.ts";
import type { ClientHost, MaybePromise, Start } from "./host.ts";

/** The sockets of a channel, as far as a command may have something done with them. */
export interface CommandContext {
  readonly host: ClientHost;
  /** Has its socket not ended? */
  isHere(client: Client): boolean;
  position(seq: Seq): string;
  /** Sends it nothing more, until it begins anew. */
  pause(client: Client): void;
  begin(client: Client, start: Start): Promise<void>;
  part(client: Client, code: number, reason: string): void;
}

/** Does what a command of a client comes to. */
export function performCommand(
  context: CommandContext,
  client: Client,
  effect: CommandEffect,
): void {
  const { host } = context;
  switch (effect.type) {
    case "frame-send":
      client.send([effect.frame]);
      return;
    case "status-tell":
      return answerLater(context, client, host.status(client.principal), (answer) =>
        answer.ok
          ? formatResult(effect.id, answer.value)
          : formatRefusedStatus(effect.id, answer.detail),
      );
    case "send-ask": {
      const { principal } = client;
      const ask = { ...effect.ask, sender: principal.credentialId };
      const { id } = effect;
      return answerLater(context, client, host.send(principal, ask), (answer) =>
        answer.ok ? formatResult(id, answer.value) : formatRefusedSend(id, answer),
      );
    }
    case "subscription-replace": {
      const { id, filter, after } = effect;
      context.pause(client);
      // A live client goes on from now, one that is behind from where it is.
      if (!client.resubscribe(filter, client.at ?? host.head())) {
        return context.part(client, CloseCode.protocolError, "more than can be remembered");
      }
      client.send([formatResult(id, { position: context.position(host.head()) })]);
      host.ctx.waitUntil(context.begin(client, after === null ? null : { after }));
      return;
    }
    case "socket-close":
      context.part(client, effect.code, effect.reason);
  }
}

/** Answers a command, at once where the answer is there. */
function answerLater<T>(
  context: CommandContext,
  client: Client,
  answer: MaybePromise<T>,
  frame: (answer: T) => string,
): void {
  const tell = (value: T): void => {
    if (context.isHere(client)) client.send([frame(value)]);
  };
  if (!(answer instanceof Promise)) return tell(answer);
  const told = answer.then(tell, (error: unknown) => {
    report("client's command failed", error, { channel: context.host.channel.id });
    context.part(client, CloseCode.overCapacity, "the channel is away");
  });
  context.host.ctx.waitUntil(told);
}
