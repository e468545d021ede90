import type { ChannelInput } from "../../channel/channel.ts";
import type { Link } from "../../channel/connection-map.ts";
import type { OutboxInput } from "../../channel/outbox.ts";
import type { LinkFailure, ProviderEffect } from "../../protocols/session.ts";
import { ask, readAsItComes, type ExchangeHost } from "./exchanges.ts";
import type { ProviderSocket } from "./socket.ts";

/** The owner of an effect, and the actions that perform it. */
export interface ProviderEffectContext extends ExchangeHost {
  readonly socket: ProviderSocket;
  readonly link: Link;
  /** When what caused it happened, and how many bytes of it came in. */
  readonly at: number;
  readonly bytes: number;
  secrets(): readonly string[];
  offer(input: ChannelInput, bytes: number): void;
  sent(input: OutboxInput): void;
  reject(problem: string): void;
  ready(): void;
  replace(reason: string, handOver: string | null): void;
  fail(failure: LinkFailure): void;
  /** Claims what is said of a key; false where that is not written yet. */
  claim(key: string): Promise<boolean>;
  keepPlace(place: string | null): void;
  /** Renews the credentials, and tells the session what came of it. */
  renew(): void;
}

/** Does what a provider's session asks for. */
export function performProviderEffect(
  effect: ProviderEffect,
  context: ProviderEffectContext,
): void {
  const { socket, link, at, bytes } = context;
  switch (effect.type) {
    case "frame-send":
      return socket.send(effect.frame);
    case "frame-reject":
      return context.reject(effect.problem);
    case "events-observe": {
      const { drafts } = effect;
      const { provider } = link;
      const secrets = context.secrets();
      return context.offer({ type: "drafts-observed", provider, drafts, secrets, at }, bytes);
    }
    case "connection-observe": {
      const { connection } = effect;
      const secrets = context.secrets();
      return context.offer({ type: "connection-observed", link, connection, secrets, at }, bytes);
    }
    case "connection-drop": {
      const { uuid, reason, final } = effect;
      const dropped = { uuid, reason, final, secrets: context.secrets() };
      return context.offer({ type: "connection-dropped", link, ...dropped, at }, bytes);
    }
    case "session-ready":
      return context.ready();
    case "session-settled":
      return context.offer({ type: "link-settled", link, at }, 0);
    case "session-replace":
      return context.replace(effect.reason, effect.handOver ?? null);
    case "session-fail":
      return context.fail(effect.failure);
    case "timer-set":
      return socket.setTimer(effect.timer, effect.afterMs);
    case "timer-clear":
      return socket.clearTimer(effect.timer);
    case "send-issue":
      return context.sent({ type: "job-issued", job: effect.job, at });
    case "send-confirm":
      return context.sent({ type: "job-confirmed", job: effect.job, at });
    case "send-fail":
      return context.sent({ type: "job-failed", job: effect.job, failure: effect.failure, at });
    case "place-keep":
      return context.keepPlace(effect.place);
    case "quota-empty":
      return void context.ledger.empty(effect.of, at);
    case "credentials-renew":
      return context.renew();
    default:
      performRequest(effect, context);
  }
}

type RequestEffect = Extract<
  ProviderEffect,
  { type: "route-claim" | "request-issue" | "stream-open" | "stream-close" }
>;

/** Asks for what a session asks for, and tells it of the answer when it is there. */
function performRequest(effect: RequestEffect, context: ProviderEffectContext): void {
  const { socket, at } = context;
  switch (effect.type) {
    case "route-claim":
      return void claim(effect.request, effect.key, context);
    case "request-issue":
      // Where it is a send, its answer decides, also when the socket has gone by then.
      context.sent({ type: "job-asked", job: effect.request, at });
      return void ask(effect.request, effect.exchange, socket, context);
    case "stream-open":
      return void readAsItComes(effect, socket, context);
    case "stream-close":
      return socket.answers.end(effect.request);
  }
}

async function claim(request: string, key: string, context: ProviderEffectContext): Promise<void> {
  const isClaimed = await context.claim(key);
  const at = Date.now();
  context.socket.deliver(
    isClaimed
      ? { type: "request-answered", at, request, status: 200, body: "" }
      : { type: "request-lost", at, request },
  );
}
