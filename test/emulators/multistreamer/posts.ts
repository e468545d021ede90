import { keep } from "../kit/keep.ts";
import type { Line } from "../kit/line.ts";
import type { Stage } from "../kit/stage.ts";
import type { Utterance } from "../kit/utterance.ts";
import type { Accounts } from "./accounts.ts";
import type { Knobs } from "./actions.ts";
import type { Chat } from "./chat.ts";
import { later } from "./later.ts";
import { canWriteTo, idOn, irc } from "./networks.ts";
import type { Loss, Post } from "./report.ts";
import type { Person, User, Users } from "./users.ts";
import type { ClientFrame } from "./wire.ts";
import type { Writers } from "./writers.ts";

type Posting = Extract<ClientFrame, { type: "text" | "emote" }>;
type Written = { -readonly [Field in keyof Post]: Post[Field] };

/** Where a post goes: what it comes back as, or why it does not. */
type Way =
  | { readonly fate: "room" | "private" | "network"; readonly echo: () => Utterance }
  | { readonly fate: "lost"; readonly loss: Loss };

interface PostsOptions {
  readonly stage: Stage;
  readonly users: Users;
  readonly accounts: Accounts;
  readonly writers: Writers;
  readonly chat: Chat;
  readonly knobs: Readonly<Knobs>;
}

const keptPosts = 10_000;

/** What clients write: it is posted, and comes back to all as any other message does. */
export class Posts {
  readonly #options: PostsOptions;
  readonly #posted: Written[] = [];
  #count = 0;
  #delivered = 0;
  #cuts: { when: "before-receipt" | "after-receipt"; left: number } | null = null;

  constructor(options: PostsOptions) {
    this.#options = options;
  }

  cutOn(when: "before-receipt" | "after-receipt", times: number): void {
    this.#cuts = { when, left: times };
  }

  hear(line: Line, posting: Posting): void {
    const cut = this.#takeCut();
    if (cut === "before-receipt") {
      void line.cut();
      return;
    }
    const user = this.#options.users.of(line.token);
    const order = obeyCommand(posting);
    const way = this.#wayOf(order, user);
    const post = this.#write(line, user, order, way);
    if (cut === "after-receipt") {
      void line.cut();
    }
    if (way.fate !== "lost") {
      this.#delivered += 1;
      this.#comeBack(post, way.echo);
    }
  }

  counts(): { posted: number; delivered: number; lost: number } {
    return {
      posted: this.#count,
      delivered: this.#delivered,
      lost: this.#count - this.#delivered,
    };
  }

  report(): Post[] {
    return structuredClone(this.#posted);
  }

  #takeCut() {
    if (this.#cuts === null || this.#cuts.left === 0) {
      return null;
    }
    this.#cuts.left -= 1;
    return this.#cuts.when;
  }

  #write(line: Line, user: User, order: Order, way: Way): Written {
    const { type, accountId, target, posting } = order;
    const post = {
      socket: line.number,
      user: user.name,
      type,
      accountId,
      target,
      text: posting.text,
      fate: way.fate,
      loss: way.fate === "lost" ? way.loss : null,
      key: null,
      at: Date.now(),
    };
    this.#count += 1;
    keep(this.#posted, post, keptPosts);
    return post;
  }

  #wayOf(order: Order, user: User): Way {
    if (order.accountId === 0) {
      return this.#wayIntoRoom(order, user);
    }
    const { accounts, writers, chat } = this.#options;
    const from = accounts.get(order.accountId);
    const into = accounts.get(order.target);
    if (from === undefined) {
      return lost("no-account");
    }
    if (into?.isOfStream !== true || !accounts.isLive) {
      return lost("no-target");
    }
    if (!canWriteTo(into.network)) {
      return lost("not-writable");
    }
    if (!writers.canWrite(from, into)) {
      return lost("no-writer");
    }
    const { type, text } = order;
    const { network } = into;
    const author = this.#ownAuthor(network, from.name);
    const message = { type, accountId: into.id, network, text, from: author };
    return { fate: "network", echo: () => chat.message(message) };
  }

  /** Twitch does not tell who wrote what the service itself has written; the document's time did not know that. */
  #ownAuthor(network: Parameters<typeof idOn>[0], name: string) {
    return network.name === "twitch" && this.#options.knobs.generation === "current"
      ? { name }
      : { id: idOn(network, name), name };
  }

  #wayIntoRoom({ type, text, addressee, posting }: Order, user: User): Way {
    const { users, chat } = this.#options;
    const to = addressee === null ? undefined : users.find(addressee);
    if (addressee !== null && to === undefined) {
      return lost("no-user");
    }
    const from: Person = { id: user.id, name: user.name };
    const saidTarget = posting.cur_stream_account_id;
    const message = { type, accountId: 0, network: irc, text, from, to, saidTarget };
    return { fate: to === undefined ? "room" : "private", echo: () => chat.message(message) };
  }

  #comeBack(post: Written, echo: () => Utterance): void {
    const { stage, knobs } = this.#options;
    const say = () => {
      const utterance = echo();
      if (stage.say(utterance)) {
        post.key = utterance.spoken[0]?.key ?? null;
      }
    };
    if (knobs.echo === "said") {
      later(stage, knobs.echoDelayMs, say);
    }
  }
}

/** A post once the commands in its text are obeyed. */
interface Order {
  readonly type: "text" | "emote";
  readonly accountId: number | null;
  readonly target: number | null;
  readonly text: string;
  readonly addressee: string | null;
  readonly posting: Posting;
}

/** `/irc words` and `/msg somebody words` go to the internal room, whatever else was said of accounts. */
function obeyCommand(posting: Posting): Order {
  const { type, text, account_id: accountId, cur_stream_account_id: target } = posting;
  const [, command, rest = ""] = /^\/(irc|msg)(?:\s+([^]*))?$/.exec(text) ?? [];
  if (command === undefined) {
    return { type, accountId, target, text, addressee: null, posting };
  }
  const room = { type, accountId: 0, target, posting };
  if (command === "irc") {
    return { ...room, text: rest, addressee: null };
  }
  const [, addressee = "", words = ""] = /^(\S*)\s*([^]*)$/.exec(rest) ?? [];
  return { ...room, text: words, addressee };
}

function lost(loss: Loss): Way {
  return { fate: "lost", loss };
}
