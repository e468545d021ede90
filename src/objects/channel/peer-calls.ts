import type { ChannelCalls, ChannelNow } from "../../calls/channel.ts";
import type { LogHead, LogQuery } from "../../calls/hub.ts";
import type { AdmitRefusal } from "../../calls/refusals.ts";
import type {
  LogPage,
  WebhookChannelCalls,
  WebhookLink,
  WebhookNote,
} from "../../calls/webhook.ts";
import { grant, type Answer } from "../../event/answer.ts";
import type { Filter } from "../../event/filter.ts";
import type { Gap } from "../../event/gap.ts";
import type { Epoch, Seq } from "../../event/ids.ts";
import type { Position } from "../../event/position.ts";
import type { Principal } from "../../event/principal.ts";
import type { Page } from "../../store/history/pages.ts";
import { findMade, putMade } from "../../store/object/requests.ts";
import { admit } from "./admission.ts";
import { ChannelLife, NO_CHANNEL } from "./life.ts";
import { pickIncarnation } from "./returning.ts";

type HubsCalls = "attach" | "detach" | "look" | "admit" | "readLog" | "resume" | "rewind";

/** One channel, as hubs and webhooks ask it: objects that follow its log. */
export abstract class ChannelPeerCalls
  extends ChannelLife
  implements WebhookChannelCalls, Pick<ChannelCalls, HubsCalls>
{
  async attachWebhook(epoch: Epoch, link: WebhookLink): Promise<{ cursor: Seq } | "full" | null> {
    const runtime = pickIncarnation(this.runtime, epoch);
    const answer = runtime?.webhooks.attach(link) ?? null;
    runtime?.ensure();
    return answer;
  }

  async detachWebhook(id: string): Promise<void> {
    this.runtime?.webhooks.detach(id);
  }

  async webhookIds(): Promise<string[]> {
    return this.runtime?.webhooks.ids() ?? [];
  }

  async nameWebhook(request: string, id: string): Promise<string> {
    if (this.runtime === null) return id;
    const { sql } = this.ctx.storage;
    const known = findMade(sql, request);
    if (known === null) putMade(sql, request, id, Date.now());
    return known ?? id;
  }

  async resumeWebhook(id: string): Promise<void> {
    this.runtime?.webhooks.resume(id);
  }

  async noteWebhook(epoch: Epoch, note: WebhookNote): Promise<boolean> {
    return (await pickIncarnation(this.runtime, epoch)?.noteWebhook(note)) ?? false;
  }

  async logPage(epoch: Epoch, after: Seq, filter: Filter): Promise<LogPage | null> {
    const runtime = pickIncarnation(this.runtime, epoch);
    if (runtime === null) return null;
    // The head from before the read: a deletion that comes while history is read is after it, and may
    // not show in the page.
    const { head } = runtime.log;
    const { events, from, seenTo } = await runtime.reader.next(after, filter, false);
    return { events, from, seenTo, head };
  }

  async attach(
    hub: string,
    lease: number,
    at: Seq | null = null,
  ): Promise<Answer<LogHead, "channel_not_found">> {
    const { runtime } = this;
    if (runtime === null) return NO_CHANNEL;
    runtime.hubs.attach(hub, lease, at, Date.now());
    const { log, config, ground } = runtime;
    return grant({ epoch: config.epoch, head: log.head, ground });
  }

  async detach(hub: string, lease: number): Promise<void> {
    this.runtime?.hubs.detach(hub, lease);
  }

  async look(): Promise<Answer<ChannelNow, "channel_not_found">> {
    return this.runtime === null ? NO_CHANNEL : grant(this.runtime.views.now());
  }

  async admit(principal: Principal): Promise<Answer<ChannelNow, AdmitRefusal>> {
    return admit(principal, this.runtime, () => this.lookUp());
  }

  async readLog(epoch: Epoch, query: LogQuery): Promise<Answer<Page, "channel_not_found">> {
    const runtime = pickIncarnation(this.runtime, epoch);
    if (runtime === null) return NO_CHANNEL;
    const { after, upTo, filter, raw } = query;
    const end = Math.min(upTo, runtime.log.head);
    return grant(await runtime.reader.next(after, filter, raw, end));
  }

  async resume(
    after: Position,
  ): Promise<Answer<{ from: Seq; gap: Gap | null }, "channel_not_found">> {
    if (this.runtime === null) return NO_CHANNEL;
    return grant(await this.runtime.reader.resume(after));
  }

  async rewind(
    count: number,
    filter: Filter,
    party: string,
  ): Promise<Answer<Seq, "channel_not_found">> {
    if (this.runtime === null) return NO_CHANNEL;
    return grant(await this.runtime.reader.rewind(count, filter, party));
  }
}
