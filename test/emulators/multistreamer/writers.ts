import { keep } from "../kit/keep.ts";
import type { Line } from "../kit/line.ts";
import type { Outcome } from "../kit/outcome.ts";
import type { Stage } from "../kit/stage.ts";
import type { Account, Accounts } from "./accounts.ts";
import type { Knobs } from "./actions.ts";
import { later } from "./later.ts";
import { canWriteTo } from "./networks.ts";
import type { Writer, WriterRequest } from "./report.ts";
import type { Users } from "./users.ts";
import { writerResult } from "./wire.ts";

type Written = { -readonly [Field in keyof WriterRequest]: WriterRequest[Field] };

interface WritersOptions {
  readonly stage: Stage;
  readonly users: Users;
  readonly accounts: Accounts;
  readonly knobs: Readonly<Knobs>;
}

const keptRequests = 10_000;

/** What lets an account write into the chat of another. The stream's own accounts write into their own without. */
export class Writers {
  readonly #options: WritersOptions;
  readonly #requests: Written[] = [];
  #requestCount = 0;
  #all: readonly Writer[] = [];

  constructor(options: WritersOptions) {
    this.#options = options;
  }

  get all(): Writer[] {
    return [...this.#all];
  }

  /** A failure is not told: only a writer that was made is. */
  hear(line: Line, writer: Writer): void {
    const { stage, users, knobs } = this.#options;
    const { id, name } = users.of(line.token);
    const request = { socket: line.number, user: name, ...writer, granted: false, at: Date.now() };
    this.#requestCount += 1;
    keep(this.#requests, request, keptRequests);
    if (knobs.writer === "never") {
      return;
    }
    const isForAll = knobs.writerAudience === "everybody";
    later(stage, knobs.writerDelayMs, () => {
      if (this.#isPossible(writer)) {
        request.granted = true;
        this.grant(writer, ({ token }) => isForAll || users.of(token).id === id);
      }
    });
  }

  /** Makes one, whoever asked for it, and tells of it. */
  grant({ accountId, target }: Writer, isTold: (line: Line) => boolean = () => true): Outcome {
    const writer = { accountId, target };
    if (!this.#has(writer)) {
      this.#all = [...this.#all, writer];
    }
    const rendered = writerResult(writer);
    const heard = this.#options.stage.say({
      spoken: [{ kind: "writerresult", key: null, target: String(target) }],
      framesFor: (line) => (isTold(line) ? [rendered] : []),
    });
    return { heard };
  }

  drop(isDropped: (writer: Writer) => boolean = () => true): void {
    this.#all = this.#all.filter((writer) => !isDropped(writer));
  }

  isGranted({ id }: Account): boolean {
    return this.#all.some(({ accountId }) => accountId === id);
  }

  canWrite(from: Account, into: Account): boolean {
    const isItsOwn = from.id === into.id && from.ready !== false;
    return isItsOwn || this.#has({ accountId: from.id, target: into.id });
  }

  counts(): { writers: number; writerRequests: number } {
    return { writers: this.#all.length, writerRequests: this.#requestCount };
  }

  report(): { writers: Writer[]; writerRequests: WriterRequest[] } {
    return structuredClone({ writers: this.all, writerRequests: this.#requests });
  }

  #has({ accountId, target }: Writer): boolean {
    return this.#all.some((known) => known.accountId === accountId && known.target === target);
  }

  /** The right to write is not looked at: the real service does not either. */
  #isPossible({ accountId, target }: Writer): boolean {
    const { accounts } = this.#options;
    const [from, into] = [accounts.get(accountId), accounts.get(target)];
    return (
      accounts.isLive &&
      from !== undefined &&
      into?.isOfStream === true &&
      from.network.name === into.network.name &&
      canWriteTo(from.network)
    );
  }
}
