import { z } from "zod";

import { formatFilterKey, type Filter } from "../../event/filter.ts";
import type { Seq } from "../../event/ids.ts";
import { identifyParty, mayModerate, Principal } from "../../event/principal.ts";
import { dialects, isDialectId, type DialectId } from "../../protocols/tributary/dialects.ts";
import { NO_COMMANDS, type CommandState } from "../../protocols/tributary/session.ts";
import { CloseCode } from "../../protocols/tributary/wire.ts";
import { ClientSocket } from "./client-socket.ts";

const FilterShape = z.object({
  types: z.array(z.string()),
  providers: z.array(z.string()),
  platforms: z.array(z.string()),
});

/** All that a socket must remember while its object sleeps: what it is attached. */
const Attachment = z.object({
  version: z.literal(1),
  session: z.string(),
  dialect: z.custom<DialectId>(isDialectId),
  filter: FilterShape,
  /** The provider's words go with each event. */
  raw: z.boolean(),
  principal: Principal,
  /** The party at the address it came from. */
  from: z.string().default("unknown"),
  /** The place up to which it has got everything; null once it is live and gets what comes. */
  at: z.int().nullable(),
  /** When its recent unreadable frames came. */
  faults: z.array(z.number()),
  /** Words on what listens, of whoever opened it. */
  label: z.string().nullable().default(null),
  /** When it was opened; null where that was before it was noted. */
  openedAt: z.number().nullable().default(null),
});
type Attachment = z.infer<typeof Attachment>;

/** The specification of a new client's socket. */
export type ClientSpec = Omit<Attachment, "version" | "faults">;

/** A client of the native protocol: what it hears, and how far it has got. */
export class Client extends ClientSocket<Attachment> {
  #commands: CommandState;

  private constructor(socket: WebSocket, kept: Attachment) {
    super(socket, kept);
    this.#commands = { ...NO_COMMANDS, faults: kept.faults };
  }

  /** A socket that has just come. */
  static arrive(socket: WebSocket, spec: ClientSpec): Client {
    const client = new Client(socket, { ...spec, version: 1, faults: [] });
    client.#update({});
    return client;
  }

  /** A socket that was there before its object slept; null if it cannot be told what it was. */
  static restore(socket: WebSocket, attachment: unknown): Client | null {
    const kept = Attachment.safeParse(attachment);
    return kept.success ? new Client(socket, kept.data) : null;
  }

  get session(): string {
    return this.kept.session;
  }

  get principal(): Principal {
    return this.kept.principal;
  }

  /** The party whose socket it is: a credential, or an address where there is none. */
  get party(): string {
    return identifyParty(this.kept.principal, this.kept.from);
  }

  get filter(): Filter {
    return { ...this.kept.filter, forModerators: mayModerate(this.kept.principal.scopes) };
  }

  get label(): string | null {
    return this.kept.label;
  }

  get openedAt(): number | null {
    return this.kept.openedAt;
  }

  get raw(): boolean {
    return this.kept.raw;
  }

  get dialect(): (typeof dialects)[DialectId] {
    return dialects[this.kept.dialect];
  }

  get dialectId(): DialectId {
    return this.kept.dialect;
  }

  /** Clients with the same audience are sent the same frames. */
  get audience(): string {
    return `${this.kept.dialect} ${String(this.kept.raw)} ${formatFilterKey(this.filter)}`;
  }

  get isLive(): boolean {
    return this.kept.at === null;
  }

  /** Up to where it has got everything, while it is not live. */
  get at(): Seq | null {
    return this.kept.at;
  }

  get commands(): CommandState {
    return this.#commands;
  }

  set commands(state: CommandState) {
    const isFault = state.faults !== this.#commands.faults;
    this.#commands = state;
    if (isFault) this.#update({ faults: [...state.faults] });
  }

  override get expiresAt(): number | null {
    return this.kept.principal.expiresAt ?? null;
  }

  /** It has got everything up to here. */
  reach(at: Seq): void {
    this.#update({ at });
  }

  /** It has got everything there is, and gets what comes from now on. */
  goLive(): void {
    this.#update({ at: null });
  }

  /**
   * It wants to hear something else, from `at` on, or from now on. False, and all is as before, where
   * that is more than can be remembered.
   */
  resubscribe(filter: Filter, at: Seq | null): boolean {
    const before = this.kept;
    const change = { filter: listWords(filter), ...(at !== null && { at }) };
    if (this.keep({ ...before, ...change })) return true;
    this.keep(before);
    return false;
  }

  /**
   * Closes a socket whose attachment did not fit, since its old state would hold after a sleep: it
   * comes back.
   */
  #update(change: Partial<Attachment>): void {
    if (this.keep({ ...this.kept, ...change })) return;
    this.close(CloseCode.protocolError, "more than can be remembered");
  }
}

/** Lists the words of a filter: whether a moderator asks is looked at whenever it is used. */
export function listWords({ types, providers, platforms }: Filter): Attachment["filter"] {
  return { types: [...types], providers: [...providers], platforms: [...platforms] };
}
