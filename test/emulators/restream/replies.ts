import { BadInput } from "../kit/bad-input.ts";
import { kindWords } from "../kit/cast.ts";
import type { Chance } from "../kit/chance.ts";
import type { Utterance } from "../kit/utterance.ts";
import type { RestreamAction } from "./actions.ts";
import type { Connections } from "./connections.ts";
import { frame, showId, userId, type Utter } from "./wire.ts";

type ActionOf<Name extends RestreamAction["action"]> = Extract<RestreamAction, { action: Name }>;
type ReplyStep = ActionOf<"replyAccepted" | "replyConfirmed" | "replyFailed">;
type RelayStep = ActionOf<"relayAccepted" | "relayConfirmed" | "relayFailed">;

/** The source that a reply to all connections seems to come from: Restream itself. */
const restreamSourceId = 1;

const stepNames = {
  replyAccepted: "reply_accepted",
  replyConfirmed: "reply_confirmed",
  replyFailed: "reply_failed",
  relayAccepted: "relay_accepted",
  relayConfirmed: "relay_confirmed",
  relayFailed: "relay_failed",
} as const;

/** What became of messages that the user sent to his own chats. Any step may come before any other. */
export class Replies {
  readonly #chance: Chance;
  readonly #utter: Utter;
  readonly #connections: Connections;
  readonly #identifiersByReply = new Map<string, readonly string[]>();
  #lastReply: string | undefined;

  constructor(chance: Chance, utter: Utter, connections: Connections) {
    this.#chance = chance;
    this.#utter = utter;
    this.#connections = connections;
  }

  create(
    { text, identifiers, replyUuid, clientReplyUuid }: Omit<ActionOf<"replyCreated">, "action">,
    extras: boolean,
  ): { replyUuid: string; utterance: Utterance } {
    const uuid = replyUuid ?? this.#chance.uuid();
    const connectionIdentifiers =
      identifiers ?? this.#connections.all.map(({ identifier }) => identifier);
    const only = identifiers?.length === 1 ? identifiers[0] : undefined;
    const payload = {
      ...(clientReplyUuid === null
        ? {}
        : { clientReplyUuid: clientReplyUuid ?? this.#chance.uuid() }),
      connectionIdentifiers,
      eventSourceId:
        only === undefined ? restreamSourceId : this.#connections.get(only).eventSourceId,
      replyUuid: uuid,
      text: text ?? kindWords(this.#chance),
      ...(extras ? { showId, userId } : {}),
    };
    this.#identifiersByReply.set(uuid, connectionIdentifiers);
    this.#lastReply = uuid;
    const rendered = frame("reply_created", payload);
    const utterance = this.#utter(() => rendered, {
      kind: "reply_created",
      key: uuid,
      target: null,
      text: payload.text,
    });
    return { replyUuid: uuid, utterance };
  }

  /** One frame for each connection that the reply went to, or for the one that is named. */
  step(step: ReplyStep): { replyUuid: string; utterances: Utterance[] } {
    const replyUuid = step.replyUuid ?? this.#lastReply;
    if (replyUuid === undefined) {
      throw new BadInput("There is no reply yet: create one, or give a replyUuid");
    }
    const identifiers =
      step.identifier === undefined
        ? (this.#identifiersByReply.get(replyUuid) ?? [])
        : [step.identifier];
    const utterances = identifiers.map((identifier) =>
      this.#tell(step, identifier, replyUuid, { replyUuid }),
    );
    return { replyUuid, utterances };
  }

  /** The steps of one reply, in the order given. */
  life(
    { text, order = ["created", "accepted", "confirmed"] }: ActionOf<"reply">,
    extras: boolean,
  ): { replyUuid: string; utterances: Utterance[] } {
    const { replyUuid, utterance } = this.create({ text }, extras);
    const stepOf = {
      created: () => [utterance],
      accepted: () => this.step({ action: "replyAccepted", replyUuid }).utterances,
      confirmed: () => this.step({ action: "replyConfirmed", replyUuid }).utterances,
      failed: () => this.step({ action: "replyFailed", replyUuid }).utterances,
    };
    return { replyUuid, utterances: order.flatMap((step) => stepOf[step]()) };
  }

  relay(step: RelayStep, lastEvent: { key: string; identifier: string } | null): Utterance {
    const sourceEventIdentifier = step.sourceEventIdentifier ?? lastEvent?.key;
    if (sourceEventIdentifier === undefined) {
      throw new BadInput(
        "There is no event to relay yet: say one, or give a sourceEventIdentifier",
      );
    }
    const identifier = step.identifier ?? this.#otherThan(lastEvent?.identifier);
    return this.#tell(step, identifier, sourceEventIdentifier, { sourceEventIdentifier });
  }

  #tell(
    step: ReplyStep | RelayStep,
    connectionIdentifier: string,
    key: string,
    about: Readonly<Record<string, string>>,
  ): Utterance {
    const kind = stepNames[step.action];
    const why = "reason" in step || kind.endsWith("failed") ? { reason: reasonOf(step) } : {};
    const rendered = frame(kind, { connectionIdentifier, ...why, ...about });
    return this.#utter(() => rendered, { kind, key, target: connectionIdentifier });
  }

  #otherThan(identifier: string | undefined): string {
    const all = this.#connections.all.map((connection) => connection.identifier);
    const other = all.find((candidate) => candidate !== identifier) ?? identifier;
    if (other === undefined) {
      throw new BadInput("There is no connection to relay to: connect one, or give an identifier");
    }
    return other;
  }
}

function reasonOf(step: ReplyStep | RelayStep): string {
  return ("reason" in step ? step.reason : undefined) ?? "internal";
}
