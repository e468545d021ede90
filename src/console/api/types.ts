/*
 * What the API is asked with, and answers. Generated from its own document: see
 * `scripts/build-client-types.ts`.
 */

export type Channels = {
  readonly data: readonly Channel[];
  readonly next: string | null;
};

export type NewChannel = {
  readonly id: string;
  readonly name?: string;
  readonly public?: boolean;
  readonly retentionDays?: number;
  readonly mode?: "always" | "on_demand";
  readonly merge?: "exact" | "natural" | "off";
  readonly jurisdiction?: "eu" | "us" | "fedramp" | "fedramp-high" | null;
  readonly locationHint?: "wnam" | "enam" | "sam" | "weur" | "eeur" | "apac" | "apac-ne" | "apac-se" | "oc" | "afr" | "me" | null;
};

export type ChannelPatch = {
  readonly name?: string;
  readonly public?: boolean;
  readonly retentionDays?: number;
  readonly mode?: "always" | "on_demand";
  readonly merge?: "exact" | "natural" | "off";
};

export type Providers = {
  readonly data: readonly Provider[];
  readonly next: string | null;
};

export type NewProvider = {
  readonly protocol: string;
  readonly target?: Readonly<Record<string, unknown>>;
  readonly credentials?: Readonly<Record<string, unknown>>;
  readonly url?: string | null;
  readonly mode?: "always" | "on_demand" | null;
  readonly enabled?: boolean;
};

export type ProviderPatch = {
  readonly target?: Readonly<Record<string, unknown>>;
  readonly credentials?: Readonly<Record<string, unknown>>;
  readonly url?: string | null;
  readonly mode?: "always" | "on_demand" | null;
  readonly enabled?: boolean;
};

export type Connections = {
  readonly data: readonly Connection[];
  readonly next: string | null;
};

export type Status = {
  readonly channel: string;
  readonly position: string;
  readonly stream: {
    readonly live: boolean | null;
    readonly since: string | null;
    readonly viewers: number | null;
  };
  readonly providers: readonly ProviderHealth[];
  readonly history: {
    readonly position: string;
    readonly lagEvents: number;
    readonly lagMs: number;
    readonly erasures: number;
    readonly failures: number;
    readonly lastError: string | null;
  };
  readonly sockets: {
    readonly count: number;
    readonly byProtocol: Readonly<Record<string, number>>;
  };
  readonly counters: {
    readonly since: string;
    readonly events: number;
    readonly repeats: number;
    readonly merged: Readonly<Record<string, number>>;
    readonly delivered: number;
    readonly shed: number;
    readonly rejected: number;
    readonly journalRowsWritten: number;
    readonly historyRowsWritten: number;
    readonly historyReduced: number;
    readonly [name: string]: unknown;
  };
};

export type OpenSockets = {
  readonly data: readonly OpenSocket[];
  readonly next: string | null;
};

export type Keys = {
  readonly data: readonly Key[];
  readonly next: string | null;
};

export type NewKey = {
  readonly name: string;
  readonly scopes: readonly ("events:read" | "events:write" | "chat:write" | "interface:write" | "interact:write" | "webhooks:manage" | "channels:manage" | "keys:manage")[];
  readonly channels?: readonly string[] | null;
  readonly expiresAt?: string | null;
};

export type ShownKey = Key & {
  readonly key: string;
};

export type Credential = {
  readonly kind: "admin" | "key" | "token" | "overlay" | "extension" | "anonymous";
  readonly id: string | null;
  readonly name: string | null;
  readonly scopes: readonly ("events:read" | "events:write" | "chat:write" | "interface:write" | "interact:write" | "webhooks:manage" | "channels:manage" | "keys:manage")[];
  readonly channels: readonly string[] | null;
  readonly expiresAt: string | null;
};

export type NewToken = {
  readonly scopes: readonly ("events:read" | "events:write" | "chat:write" | "interface:write" | "interact:write" | "webhooks:manage" | "channels:manage" | "keys:manage")[];
  readonly ttlSeconds: number;
  readonly subject?: string;
  readonly name?: string;
};

export type Token = {
  readonly token: string;
  readonly expiresAt: string;
};

export type OverlayKeys = {
  readonly data: readonly OverlayKey[];
  readonly next: string | null;
};

export type NewOverlayKey = {
  readonly name: string;
  readonly label?: string | null;
};

export type ShownOverlayKey = OverlayKey & {
  readonly key: string;
};

export type Webhooks = {
  readonly data: readonly Webhook[];
  readonly next: string | null;
};

export type NewWebhook = {
  readonly url: string;
  readonly types?: readonly string[];
  readonly providers?: readonly string[];
  readonly platforms?: readonly string[];
  readonly ordering?: "none" | "channel";
  readonly batch?: {
    readonly max: number;
    readonly waitMs: number;
  } | null;
  readonly ratePerSecond?: number | null;
  readonly handshake?: "none" | "cloudevents";
  readonly enabled?: boolean;
};

export type WebhookPatch = {
  readonly url?: string;
  readonly types?: readonly string[];
  readonly providers?: readonly string[];
  readonly platforms?: readonly string[];
  readonly ordering?: "none" | "channel";
  readonly batch?: {
    readonly max: number;
    readonly waitMs: number;
  } | null;
  readonly ratePerSecond?: number | null;
  readonly handshake?: "none" | "cloudevents";
  readonly enabled?: boolean;
};

export type ShownWebhook = Webhook & {
  readonly secret: string;
  readonly publicKey: string;
};

export type PublicKeys = {
  readonly publicKey: string;
  readonly keys: readonly {
    readonly id: string;
    readonly publicKey: string;
    readonly jwk: {
      readonly kty: "OKP";
      readonly crv: "Ed25519";
      readonly x: string;
      readonly kid: string;
      readonly alg: "EdDSA";
      readonly use: "sig";
    };
    readonly retiresAt: string | null;
  }[];
};

export type Deliveries = {
  readonly data: readonly Delivery[];
  readonly next: string | null;
};

export type DeliveryDetail = {
  readonly id: string;
  readonly kind: "event" | "test" | "verification";
  readonly messageId: string | null;
  readonly events: number;
  readonly status: "pending" | "succeeded" | "failed" | "cancelled";
  readonly why: string | null;
  readonly nextAttemptAt: string | null;
  readonly createdAt: string;
  readonly settledAt: string | null;
  readonly recovery: string | null;
  readonly eventIds: readonly string[];
  readonly attempts: readonly Attempt[];
};

export type Recoveries = {
  readonly data: readonly Recovery[];
  readonly next: string | null;
};

export type NewRecovery = {
  readonly after?: string;
  readonly since?: string;
  readonly until?: string;
  readonly only?: "failed" | "missing" | "all";
};

export type PostedEvent = {
  readonly type: string;
  readonly data: Readonly<Record<string, unknown>>;
  readonly subject?: string;
  readonly time?: string;
  readonly platform?: string;
  readonly key?: string;
  readonly test?: boolean;
};

export type RelayStatus = {
  readonly time: string;
  readonly database: {
    readonly bytes: number;
    readonly maxBytes: number;
    readonly share: number;
  };
  readonly historyDatabases: readonly {
    readonly binding: string;
    readonly bytes: number | null;
    readonly share: number | null;
    readonly isBound: boolean;
  }[];
  readonly cron: {
    readonly lastRunAt: string | null;
    readonly tookMs: number | null;
    readonly failing: readonly {
      readonly work: string;
      readonly runs: number;
      readonly since: string;
    }[];
    readonly rounds: readonly {
      readonly name: string;
      readonly place: string;
    }[];
  };
  readonly channels: {
    readonly count: number;
    readonly reported: number;
    readonly oldestReportAt: string | null;
    readonly sockets: number;
  };
  readonly history: {
    readonly maxLagMs: number;
    readonly behind: readonly {
      readonly channel: string;
      readonly lagMs: number;
      readonly failures: number;
    }[];
  };
  readonly providers: {
    readonly stopped: readonly {
      readonly channel: string;
      readonly id: string;
      readonly protocol: string;
      readonly reason: string | null;
    }[];
  };
  readonly webhooks: {
    readonly disabled: readonly {
      readonly channel: string;
      readonly webhook: string;
    }[];
    readonly failing: readonly {
      readonly channel: string;
      readonly webhook: string;
    }[];
  };
  readonly hubs: readonly {
    readonly hub: number;
    readonly sockets: number;
    readonly channels: number;
  }[];
  readonly troubles: readonly {
    readonly kind: "provider_stopped" | "webhook_disabled" | "history_behind" | "cron_failing" | "database_nearly_full" | "database_missing";
    readonly channel: string | null;
    readonly subject: string | null;
    readonly detail: string;
    readonly since: string;
  }[];
  readonly alarms: {
    readonly enabled: boolean;
    readonly waiting: number;
  };
  readonly hooks: readonly {
    readonly protocol: string;
    readonly refused: number;
    readonly lastRefusedAt: string | null;
  }[];
  readonly quotas: readonly {
    readonly account: string;
    readonly bucket: string;
    readonly used: number;
    readonly limit: number;
    readonly resetsAt: string;
    readonly emptyAt: string | null;
  }[];
};

export type Metrics = {
  readonly from: string;
  readonly to: string;
  readonly stepSeconds: number;
  readonly points: readonly {
    readonly at: string;
    readonly events: number;
    readonly delayMs: {
      readonly p50: number;
      readonly p95: number;
    } | null;
    readonly byProvider: Readonly<Record<string, {
  readonly events: number;
  readonly delayMs: {
    readonly p50: number;
    readonly p95: number;
  } | null;
}>>;
    readonly delivered: number;
    readonly shed: number;
    readonly repeats: number;
    readonly rejected: number;
    readonly rowsWritten: number;
    readonly viewers: number | null;
    readonly sockets: number;
    readonly historyLagMs: number;
  }[];
};

export type Authorization = {
  readonly id: string;
  readonly protocol: string;
  readonly kind: "code" | "device";
  readonly status: "pending" | "done" | "denied" | "expired" | "failed";
  readonly reason: string | null;
  readonly detail: string | null;
  readonly authorizeUrl: string | null;
  readonly redirectUri: string | null;
  readonly verificationUri: string | null;
  readonly userCode: string | null;
  readonly provider: string | null;
  readonly createdAt: string;
  readonly expiresAt: string;
};

export type Channel = {
  readonly id: string;
  readonly number: number;
  readonly name: string;
  readonly epoch: string;
  readonly public: boolean;
  readonly retentionDays: number;
  readonly mode: "always" | "on_demand";
  readonly merge: "exact" | "natural" | "off";
  readonly jurisdiction: "eu" | "us" | "fedramp" | "fedramp-high" | null;
  readonly locationHint: "wnam" | "enam" | "sam" | "weur" | "eeur" | "apac" | "apac-ne" | "apac-se" | "oc" | "afr" | "me" | null;
  readonly createdAt: string;
};

export type Provider = {
  readonly id: string;
  readonly protocol: string;
  readonly target: Readonly<Record<string, unknown>>;
  readonly url: string | null;
  readonly mode: "always" | "on_demand" | null;
  readonly enabled: boolean;
  readonly createdAt: string;
};

export type Connection = {
  readonly identifier: string;
  readonly uuid: string;
  readonly provider: string;
  readonly platform: string;
  readonly status: "connecting" | "connected" | "error" | "closed";
  readonly reason: string | null;
  readonly target: {
    readonly platform: string;
    readonly id?: string;
    readonly name?: string;
    readonly url?: string;
    readonly avatar?: string;
    readonly [name: string]: unknown;
  } | null;
  readonly writable: boolean;
  readonly ready: boolean;
  readonly live: boolean | null;
  readonly takes: readonly ("chat" | "interface")[];
  readonly since: string;
  readonly lastEventAt: string | null;
};

export type ProviderHealth = {
  readonly id: string;
  readonly protocol: string;
  readonly phase: "idle" | "dialling" | "open" | "waiting" | "stopped";
  readonly since: string | null;
  readonly reason: string | null;
  readonly detail: string | null;
  readonly attempts: number;
  readonly nextDialAt: string | null;
  readonly lastFrameAt: string | null;
  readonly rejected: number;
  readonly rejects?: readonly {
    readonly at: string;
    readonly problem: string;
    readonly start: string;
  }[];
  readonly connections: readonly string[];
};

export type OpenSocket = {
  readonly id: string;
  readonly protocol: string;
  readonly label: string | null;
  readonly credential: {
    readonly kind: "admin" | "key" | "token" | "overlay" | "extension" | "anonymous";
    readonly id: string | null;
  };
  readonly filter: {
    readonly types: readonly string[];
    readonly providers: readonly string[];
    readonly platforms: readonly string[];
  } | null;
  readonly raw: boolean;
  readonly since: string | null;
  readonly behind: number;
  readonly unreadBytes: number;
};

export type Key = {
  readonly id: string;
  readonly name: string;
  readonly scopes: readonly ("events:read" | "events:write" | "chat:write" | "interface:write" | "interact:write" | "webhooks:manage" | "channels:manage" | "keys:manage")[];
  readonly channels: readonly string[] | null;
  readonly createdAt: string;
  readonly expiresAt: string | null;
  readonly revokedAt: string | null;
};

export type OverlayKey = {
  readonly id: string;
  readonly name: string;
  readonly label: string | null;
  readonly createdAt: string;
  readonly expiresAt: string | null;
  readonly revokedAt: string | null;
  readonly lastUsedAt: string | null;
};

export type Webhook = {
  readonly id: string;
  readonly url: string;
  readonly types: readonly string[];
  readonly providers: readonly string[];
  readonly platforms: readonly string[];
  readonly ordering: "none" | "channel";
  readonly batch: {
    readonly max: number;
    readonly waitMs: number;
  } | null;
  readonly ratePerSecond: number | null;
  readonly handshake: "none" | "cloudevents";
  readonly enabled: boolean;
  readonly health: WebhookHealth;
  readonly createdAt: string;
};

export type Delivery = {
  readonly id: string;
  readonly kind: "event" | "test" | "verification";
  readonly messageId: string | null;
  readonly events: number;
  readonly status: "pending" | "succeeded" | "failed" | "cancelled";
  readonly why: string | null;
  readonly nextAttemptAt: string | null;
  readonly createdAt: string;
  readonly settledAt: string | null;
  readonly recovery: string | null;
  readonly attempts: number;
};

export type Attempt = {
  readonly number: number;
  readonly at: string;
  readonly trigger: "scheduled" | "probe" | "manual" | "test" | "recovery";
  readonly class: "success" | "permanent" | "transient" | "ours";
  readonly reason: string;
  readonly detail: string | null;
  readonly traceId: string | null;
  readonly request: {
    readonly url: string;
    readonly headers: Readonly<Record<string, string>>;
    readonly bytes: number;
  };
  readonly response: {
    readonly status: number;
    readonly headers: Readonly<Record<string, string>>;
    readonly body: string;
    readonly bytes: number;
    readonly cut: boolean;
  } | null;
  readonly headersMs: number | null;
  readonly endMs: number | null;
  readonly nextAttemptAt: string | null;
  readonly why: string;
};

export type Recovery = {
  readonly id: string;
  readonly status: "counting" | "running" | "done" | "cancelled";
  readonly only: "failed" | "missing" | "all";
  readonly after: string;
  readonly upTo: string;
  readonly count: number | null;
  readonly delivered: number;
  readonly failed: number;
  readonly remaining: number | null;
  readonly position: string;
  readonly gap: {
    readonly from: string;
    readonly to: string;
    readonly cause: "expired";
  } | null;
  readonly createdAt: string;
  readonly endedAt: string | null;
};

export type WebhookHealth = {
  readonly state: "healthy" | "failing" | "unverified" | "disabled";
  readonly since: string;
  readonly reason: string | null;
  readonly failureRate: number;
  readonly failingSince: string | null;
  readonly failedAttempts: number;
  readonly lastSuccessAt: string | null;
  readonly lastFailureAt: string | null;
  readonly nextProbeAt: string | null;
  readonly pending: number;
  readonly oldestPendingAt: string | null;
  readonly position: string | null;
};
