import { BadInput } from "../kit/bad-input.ts";
import { burst } from "../kit/burst.ts";
import { chatters, smallTalk } from "../kit/cast.ts";
import type { Line } from "../kit/line.ts";
import type { Outcome } from "../kit/outcome.ts";
import type { Stage } from "../kit/stage.ts";
import { escapeForJson, hole, stencil } from "../kit/stencil.ts";
import type { Utterance } from "../kit/utterance.ts";
import type { Accounts } from "./accounts.ts";
import type { ActionOf, Knobs } from "./actions.ts";
import { keyOfChat } from "./keys.ts";
import { toMarkdown } from "./markdown.ts";
import { iconOf, idOn, irc, type Network } from "./networks.ts";
import { spokenOf } from "./spoken.ts";
import type { Person, Users } from "./users.ts";
import { streamId } from "./wire.ts";

type Fields = Readonly<Record<string, unknown>>;

/** One message of a chat, before it is dressed for the wire. */
export interface Message {
  readonly type: "text" | "emote";
  /** Whose chat it is. */
  readonly accountId: number;
  readonly network: Network;
  readonly text: string;
  readonly from: { readonly id?: number | string; readonly name: string };
  /** Who it is for, if it is private. */
  readonly to?: Person | undefined;
  /** What a client had said of the target: it stays on messages of the internal room. */
  readonly saidTarget?: number | null;
}

interface ChatOptions {
  readonly stage: Stage;
  readonly users: Users;
  readonly accounts: Accounts;
  readonly knobs: Readonly<Knobs>;
}

/** Turns what is said in the chats into frames. */
export class Chat {
  readonly #options: ChatOptions;
  #lastStamp = 0;

  constructor(options: ChatOptions) {
    this.#options = options;
  }

  /** What an action asks for, with all that it leaves open filled in. */
  chat(action: Omit<ActionOf<"chat">, "action">): Utterance {
    const { chance } = this.#options.stage;
    const { type = "text", text = smallTalk(chance), author = chance.pick(chatters).name } = action;
    const accountId = action.accountId ?? this.firstAccountId;
    const to = action.to === undefined ? undefined : this.#personNamed(action.to);
    const frame = this.#dress({
      type,
      accountId,
      network: this.networkOf(accountId),
      text,
      from: this.#authorIn(this.networkOf(accountId), author),
      to,
    });
    const { markdown = frame["markdown"], timestamp = frame["timestamp"] } = action;
    const from = withoutNulls({ ...(frame["from"] as object), ...action.from });
    const whole = withoutNulls({ ...frame, from, markdown, timestamp });
    return this.#utterance({ ...whole, ...action.override }, from["id"], to);
  }

  /** A message as the service itself makes it. */
  message(message: Message): Utterance {
    return this.#utterance(this.#dress(message), message.from.id, message.to);
  }

  /** By one sender at one moment, so that the keys of all differ in nothing but the text. */
  burst(
    { kind = "text", prefix = "burst ", ...pace }: Omit<ActionOf<"burst">, "action">,
    signal: AbortSignal,
  ): Promise<Outcome> {
    const { stage } = this.#options;
    const accountId = this.firstAccountId;
    const network = this.networkOf(accountId);
    const from = this.#authorIn(network, stage.chance.pick(chatters).name);
    const frame = this.#dress({ type: kind, accountId, network, text: hole("text"), from });
    const mark = { prefix, keyStem: keyOfChat({ ...frame, text: "" }), keyEnd: "text" } as const;
    const fill = stencil(JSON.stringify({ ...frame, markdown: hole("markdown") }));
    const target = String(accountId);
    const item = (number: number): Utterance => {
      const text = prefix + String(number);
      const markdown = escapeForJson(toMarkdown(text, network.name));
      const rendered = fill({ text: escapeForJson(text), markdown });
      const spoken = { kind, key: mark.keyStem + text, target, burst: { mark, number } };
      return { spoken: [spoken], framesFor: () => [rendered] };
    };
    return burst(stage, pace, item, signal);
  }

  get firstAccountId(): number {
    return this.#options.accounts.ofStream[0]?.id ?? 0;
  }

  networkOf(accountId: number): Network {
    return accountId === 0 ? irc : this.#options.accounts.named(accountId).network;
  }

  #dress({ type, accountId, network, text, from, to, saidTarget }: Message): Fields {
    const isCurrent = this.#options.knobs.generation === "current";
    const isRoom = network === irc;
    const icon = iconOf(network);
    return {
      type,
      account_id: accountId,
      ...(isRoom && isCurrent && saidTarget != null ? { cur_stream_account_id: saidTarget } : {}),
      ...(to === undefined && (!isRoom || isCurrent) ? { stream_id: streamId } : {}),
      network: network.name,
      text,
      markdown: toMarkdown(text, network.name),
      ...(isCurrent ? { timestamp: this.#stamp() } : {}),
      from: { ...from, ...(isCurrent && !isRoom ? { picture: pictureOf(from.name) } : {}) },
      ...(to === undefined ? {} : { to: { id: to.id, name: to.name } }),
      ...(icon === null ? {} : { network_icon: icon }),
    };
  }

  #utterance(frame: Fields, fromId: unknown, to: Person | undefined): Utterance {
    const rendered = JSON.stringify(frame);
    const isFor = ({ token }: Line) => {
      const { id } = this.#options.users.of(token);
      return to === undefined || id === to.id || id === fromId;
    };
    return { spoken: spokenOf(frame), framesFor: (line) => (isFor(line) ? [rendered] : []) };
  }

  /** In the internal room people have numbers, and elsewhere what their network gave them. */
  #authorIn(network: Network, name: string): Message["from"] {
    return network === irc
      ? { id: this.#options.users.find(name)?.id ?? strangerId, name }
      : { id: idOn(network, name), name };
  }

  #personNamed(name: string): Person {
    const person = this.#options.users.find(name);
    if (person === undefined) {
      throw new BadInput(`There is nobody named "${name}" in the internal room`);
    }
    return person;
  }

  /** Milliseconds since the epoch, never the same twice: nothing else on the wire tells like messages apart. */
  #stamp(): number {
    this.#lastStamp = Math.max(Date.now(), this.#lastStamp + 1);
    return this.#lastStamp;
  }
}

/** Whoever is neither a user nor of the cast. */
const strangerId = 9_001;

function pictureOf(name: string): string {
  return `https://images.example/avatar/${name.toLowerCase()}.png`;
}

function withoutNulls(fields: object): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(fields).filter(([, value]) => value !== null && value !== undefined),
  );
}
