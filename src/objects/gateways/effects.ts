import { refuse } from "../../event/answer.ts";
import type { NumberedEvent } from "../../event/group.ts";
import type { ProtocolId } from "../../event/ids.ts";
import type { Json } from "../../lib/json.ts";
import type { GatewayEffect, GatewayInput } from "../../protocols/gateway-session.ts";
import type { MaybePromise } from "../clients/host.ts";
import type { GatewayClient } from "./client.ts";
import type { GatewayHost } from "./host.ts";
import type { Followers } from "./subscriptions.ts";

/** The actions that perform a session's effects. */
export interface GatewayEffectContext {
  readonly host: GatewayHost;
  readonly followers: Followers;
  /** Has its socket not ended? */
  isHere(client: GatewayClient): boolean;
  /** Tells its session; one whose socket has ended is told nothing. */
  hand(client: GatewayClient, input: GatewayInput): void;
  deliver(client: GatewayClient, channel: string, events: readonly NumberedEvent[]): void;
  /** Tells all sessions of a protocol that follow a channel here. */
  tell(protocol: ProtocolId, channel: string, note: Json): void;
  /** Its socket is of no more use. */
  forget(socket: WebSocket): void;
  /** Closes its socket. */
  part(client: GatewayClient, code: number, reason: string): void;
}

type Effect<Type extends GatewayEffect["type"]> = Extract<GatewayEffect, { type: Type }>;

/** Does what a client's session asks for. */
export function performGatewayEffect(
  context: GatewayEffectContext,
  client: GatewayClient,
  effect: GatewayEffect,
): void {
  const { host, followers } = context;
  switch (effect.type) {
    case "frame-send":
      if (!client.send([effect.frame])) context.forget(client.socket);
      return;
    case "credential-check":
      return answerLater(context, client, host.authenticate(effect.credential), (principal, at) => {
        const { requestId } = effect;
        context.hand(client, { type: "credential-checked", at, requestId, principal });
      });
    case "channel-follow":
      return follow(context, client, effect);
    case "channel-unfollow":
      return followers.unseat(client, effect.channel);
    case "channel-look":
      return answerLater(context, client, host.look(effect.channel), (channel, at) => {
        context.hand(client, { type: "channel-looked", at, requestId: effect.requestId, channel });
      });
    case "send-ask":
      return send(context, client, effect);
    case "event-post":
      return post(context, client, effect);
    case "peers-tell":
      return context.tell(client.adapter.protocol, effect.channel, effect.note);
    case "viewer-interface-join":
      if (context.isHere(client)) host.joined?.(client.name);
      return;
    case "socket-close":
      return context.part(client, effect.code, effect.reason);
  }
}

/** Goes on with an answer: at once where it is there. */
function answerLater<T>(
  { host, part }: Pick<GatewayEffectContext, "host" | "part">,
  client: GatewayClient,
  answer: MaybePromise<T>,
  then: (answer: T, at: number) => void,
): void {
  if (!(answer instanceof Promise)) return then(answer, Date.now());
  const told = answer.then(
    (value) => then(value, Date.now()),
    // Nothing was answered, and none of these protocols can say so later.
    () => part(client, 1013, "try again later"),
  );
  host.ctx.waitUntil(told);
}

/** Has what a socket goes on with elsewhere sealed, and tells its session of the planned end. */
export function planHandOver(
  context: GatewayEffectContext,
  client: GatewayClient,
  what: Json,
): void {
  const sealed = context.host.handOver(client.adapter.protocol, what);
  answerLater(context, client, sealed, (token, at) => {
    context.hand(client, { type: "hand-over-planned", at, token });
  });
}

const TOO_LATE = refuse("unavailable", "The channel went while it was asked for.");

function follow(
  context: GatewayEffectContext,
  client: GatewayClient,
  { requestId, channel, principal }: Effect<"channel-follow">,
): void {
  const { host, followers } = context;
  const wait = followers.wait(client, channel);
  answerLater(context, client, host.follow(channel, principal, client.from), (found, at) => {
    const answer = wait.isStale && found.ok ? TOO_LATE : found;
    followers.end(wait);
    if (!context.isHere(client)) return followers.settle(channel);
    // One that follows it already goes on where it is.
    const isNew = answer.ok && client.placeIn(channel) === null;
    if (isNew) followers.seat(client, channel, answer.value.head);
    context.hand(client, { type: "follow-answered", at, requestId, answer });
    if (!answer.ok) followers.settle(channel);
    if (isNew) context.deliver(client, channel, wait.missed);
  });
}

function send(
  context: GatewayEffectContext,
  client: GatewayClient,
  { requestId, channel, principal, send: asked }: Effect<"send-ask">,
): void {
  answerLater(context, client, context.host.send(channel, principal, asked), (answer, at) => {
    context.hand(client, { type: "send-answered", at, requestId, answer });
  });
}

function post(
  context: GatewayEffectContext,
  client: GatewayClient,
  { requestId, channel, principal, draft }: Effect<"event-post">,
): void {
  const { protocol } = client.adapter;
  answerLater(
    context,
    client,
    context.host.post(channel, principal, protocol, draft),
    (answer, at) => {
      if (requestId !== null)
        context.hand(client, { type: "post-answered", at, requestId, answer });
    },
  );
}
