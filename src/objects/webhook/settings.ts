import type { WebhookInput } from "../../calls/webhook-view.ts";
import { makeFilter, type Endpoint } from "../../delivery/endpoint.ts";
import type { Notice } from "../../delivery/settle.ts";
import type { Filter } from "../../event/filter.ts";
import { formatTime } from "../../lib/time.ts";
import { writeMeta } from "../../store/object/meta.ts";
import { addNotice } from "../../store/queue/notices.ts";

/** Something that is told of an endpoint: what its attempts have shown, or its owner asked for. */
type Told = Notice | { readonly type: "disabled"; readonly reason: "requested" };

/** How a change of an endpoint matters to what is under way. */
export interface Changed {
  /** It is somewhere else. */
  readonly isMoved: boolean;
  /** It was disabled, and is not any more. */
  readonly isBack: boolean;
}

/** An endpoint as its owner wants it, and whether it is sent to. */
export class WebhookSettings {
  readonly #sql: SqlStorage;
  #endpoint: Endpoint;

  constructor(sql: SqlStorage, endpoint: Endpoint) {
    this.#sql = sql;
    this.#endpoint = endpoint;
  }

  get endpoint(): Endpoint {
    return this.#endpoint;
  }

  get filter(): Filter {
    return makeFilter(this.#endpoint);
  }

  /** Changes what its owner decides. Belongs into a transaction. */
  change(input: Partial<WebhookInput>, now: number): Changed {
    const before = this.#endpoint;
    const { types, providers, platforms, ...rest } = input;
    const enabled = input.enabled ?? before.enabled;
    this.#save({
      ...before,
      ...rest,
      types: [...(types ?? before.types)],
      providers: [...(providers ?? before.providers)],
      platforms: [...(platforms ?? before.platforms)],
      disabledReason: enabled ? null : (before.disabledReason ?? "requested"),
      updatedAt: Math.max(now, before.updatedAt + 1),
    });
    if (before.enabled && !enabled) this.#tell({ type: "disabled", reason: "requested" }, now);
    return {
      isMoved: input.url !== undefined && input.url !== before.url,
      isBack: enabled && !before.enabled,
    };
  }

  /** Has the channel told of what attempts have shown. Belongs into a transaction. */
  note(notice: Notice, now: number): void {
    if (notice.type === "disabled") {
      const updatedAt = Math.max(now, this.#endpoint.updatedAt + 1);
      const disabledReason = notice.reason;
      this.#save({ ...this.#endpoint, enabled: false, disabledReason, updatedAt });
    }
    this.#tell(notice, now);
  }

  #tell(told: Told, now: number): void {
    const { id, url } = this.#endpoint;
    addNotice(this.#sql, {
      key: `webhook ${id} ${told.type} ${now}`,
      type: `webhook.${told.type}`,
      data: { webhookId: id, host: new URL(url).host, ...pickDetails(told) },
      at: now,
    });
  }

  #save(endpoint: Endpoint): void {
    this.#endpoint = endpoint;
    writeMeta(this.#sql, "endpoint", endpoint);
  }
}

function pickDetails(told: Told): Record<string, unknown> {
  switch (told.type) {
    case "failing":
      return { since: formatTime(told.since), attempts: told.attempts };
    case "recovered":
      return { failedSince: formatTime(told.failedSince) };
    case "disabled":
      return { reason: told.reason };
  }
}
