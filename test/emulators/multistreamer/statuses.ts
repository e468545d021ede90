import type { Line } from "../kit/line.ts";
import type { Utterance } from "../kit/utterance.ts";
import type { Accounts } from "./accounts.ts";
import type { Knobs } from "./actions.ts";
import type { AccountReport } from "./report.ts";
import type { User, Users } from "./users.ts";
import { statusFrame } from "./wire.ts";
import type { Writers } from "./writers.ts";

interface StatusesOptions {
  readonly users: Users;
  readonly accounts: Accounts;
  readonly writers: Writers;
  readonly knobs: Readonly<Knobs>;
}

/** How the stream stands, which each user is told with his own account in the internal room. */
export class Statuses {
  readonly #options: StatusesOptions;
  #requests = 0;

  constructor(options: StatusesOptions) {
    this.#options = options;
  }

  /** To the one who asked, and no occurrence: nothing has happened. */
  answer(line: Line): void {
    this.#requests += 1;
    line.send(this.#frameMaker()(line));
  }

  /** As it is now, to all; the same words when it is repeated later. */
  told(): Utterance {
    const frameFor = this.#frameMaker();
    const spoken = { kind: "status", key: null, target: null };
    return { spoken: [spoken], framesFor: (line) => [frameFor(line)] };
  }

  toldToOwner(): Record<string, AccountReport> {
    return this.#viewer()(this.#options.users.owner);
  }

  counts(): { accounts: number; statusRequests: number } {
    const accounts = Object.keys(this.toldToOwner()).length;
    return { accounts, statusRequests: this.#requests };
  }

  #frameMaker(): (line: Line) => string {
    const { users, accounts } = this.#options;
    const { status } = accounts;
    const view = this.#viewer();
    return ({ token }) => statusFrame(status, view(users.of(token)));
  }

  #viewer(): (user: User) => Record<string, AccountReport> {
    const { accounts, writers, knobs } = this.#options;
    const copy = accounts.copy();
    const granted = new Set(knobs.readyOnceGranted ? writers.all.map((it) => it.accountId) : []);
    return (user) => copy.seenBy(user, ({ id }) => granted.has(id));
  }
}
