import type { ChannelInput, Placed } from "../../channel/channel.ts";
import type { Link } from "../../channel/connection-map.ts";
import type { OutboxInput } from "../../channel/outbox.ts";
import { DialState, noteFailed, IDLE, noteOpened, noteRenewed } from "../../channel/redial.ts";
import type { LinkFailure } from "../../event/link-failure.ts";
import { redactDetail } from "../../event/redact.ts";
import { decode, lookUp } from "../../lib/json.ts";
import type { ProviderAdapter, ProviderLink as LinkSpec } from "../../protocols/provider.ts";
import type { Renewed } from "../../protocols/session.ts";
import type { ProviderRow } from "../../store/journal/providers.ts";
import { renewInLife, type Connected, type ConnectHost } from "./connect.ts";
import type { Hooks } from "./hooks.ts";
import type { ProviderSocket } from "./socket.ts";

/** The port through which a link's state is kept and published. */
export interface RecordHost {
  /** `ended` is told what came of it, where the channel refuses it or once it is written. */
  offer(input: ChannelInput, bytes: number, ended?: (placed: Placed) => void): void;
  saveDial(id: string, dial: DialState): void;
  saveSeen(id: string, at: number): void;
  /** The port through which sends learn of sessions and outcomes. */
  sent(input: OutboxInput): void;
  readonly hooks: Pick<Hooks, "noteReady">;
}

/**
 * The state of one link: its row, where it is in its life, and what it was dialled with last.
 * What changes is kept, and told to the channel and to whoever has something to send.
 */
export class LinkRecord {
  readonly adapter: ProviderAdapter;
  row: ProviderRow;
  readonly #host: RecordHost & ConnectHost;
  #dial: DialState;
  #spec: LinkSpec | null = null;
  /** The renewal that is under way: a refresh token may be good for one. */
  #renewing: Promise<Renewed> | null = null;

  constructor(host: RecordHost & ConnectHost, row: ProviderRow, adapter: ProviderAdapter) {
    this.#host = host;
    this.row = row;
    this.adapter = adapter;
    const known = decode(DialState, row.dial);
    this.#dial = known.ok ? known.value : IDLE;
  }

  get dial(): DialState {
    return this.#dial;
  }

  /** Was the session that was dialled for last given something by the one before? */
  get isHandedOver(): boolean {
    return this.#spec?.handOver != null;
  }

  get secrets(): readonly string[] {
    if (this.#spec === null) return [];
    const { credentials, deployment } = this.#spec;
    const shared = (this.adapter.deployment?.secret ?? []).flatMap(
      (name) => lookUp(deployment, name) ?? [],
    );
    return [...this.adapter.secrets(credentials), ...shared];
  }

  linkOf(dialId: string): Link {
    const kinds = this.adapter.sending?.kinds ?? [];
    const takes = kinds.map((kind) => (kind === "ui" ? ("interface" as const) : kind));
    return { providerId: this.row.id, provider: this.adapter.protocol, dialId, takes };
  }

  move(dial: DialState): void {
    this.#dial = dial;
    this.#host.saveDial(this.row.id, dial);
  }

  /** A dial has come to something, or to nothing. */
  dialled(connected: Connected): void {
    this.#spec = connected.spec;
    if (connected.renewed) this.move(noteRenewed(this.#dial));
  }

  /** Renews the credentials while a socket lives, and tells its session what came of it. */
  async renew(socket: ProviderSocket): Promise<void> {
    const spec = this.#spec;
    if (spec === null) return;
    this.#renewing ??= renewInLife(this.#host, this.row, this.adapter, spec).finally(() => {
      this.#renewing = null;
    });
    const renewed = await this.#renewing;
    if (renewed.ok && this.#spec !== null) {
      this.#spec = { ...this.#spec, credentials: renewed.credentials };
    }
    socket.deliver({ type: "credentials-renewed", at: Date.now(), renewed });
  }

  /** The session is ready: events can come, and sends can go. */
  open(at: number): void {
    this.move(noteOpened(this.#dial, at));
    const { sending, hook } = this.adapter;
    if (hook !== undefined) this.#host.hooks.noteReady(this.row.id, at);
    if (sending === undefined) return;
    const { id: providerId } = this.row;
    this.#host.sent({ type: "line-opened", providerId, paceMs: sending.paceMs, at });
  }

  /** There is no session to send through, and what it had been given will not be heard of. */
  closeLine(): void {
    const at = Date.now();
    if (this.adapter.sending === undefined) return;
    this.#host.sent({ type: "line-closed", providerId: this.row.id, at });
  }

  /** It lives, and did at `at`. */
  noteSeen(seenAt: number): void {
    if (seenAt === this.row.seenAt) return;
    this.row = { ...this.row, seenAt };
    this.#host.saveSeen(this.row.id, seenAt);
  }

  fail(judged: LinkFailure, lastSeenAt: number, at: number): void {
    // A close reason or an answer is in the provider's words, and an adapter knows no secrets there.
    const fault = { ...judged, detail: redactDetail(judged.detail, this.secrets) };
    const renewable = this.#spec !== null && this.adapter.renewal?.forced(this.#spec) != null;
    this.move(noteFailed(this.#dial, fault, { at, random: Math.random(), renewable }));
    const isError = this.#dial.phase === "stopped" || fault.isError === true;
    const status = isError ? "error" : "connecting";
    this.tellLost(status, fault.reason, lastSeenAt, at);
  }

  /** It was up when this object was last seen: the object went, and the session with it. */
  tellGone(at: number): void {
    // What is said over a hook finds the object wherever it is: nothing has changed.
    if (this.adapter.hook !== undefined) return;
    const seenAt = this.row.seenAt ?? this.#dial.since;
    this.tellLost("connecting", "relay_restarted", seenAt, at);
  }

  tellLost(
    status: "connecting" | "error" | "closed",
    reason: string,
    lastSeenAt: number,
    at: number,
  ): void {
    const claims = this.adapter.claims(this.row.target);
    const link = this.linkOf(this.#spec?.dialId ?? "");
    const isHeard = this.adapter.hook !== undefined && status !== "closed";
    const loss = { claims, status, reason, lastSeenAt, isHeard };
    this.#host.offer({ type: "link-lost", link, ...loss, at }, 0);
  }
}
