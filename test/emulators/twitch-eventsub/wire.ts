import type { Session, Subscription } from "./session.ts";

/** Nine digits after the second, as the service has them. */
export function stamp(nanoseconds: bigint): string {
  const seconds = new Date(Number(nanoseconds / 1_000_000_000n) * 1_000).toISOString().slice(0, 19);
  return `${seconds}.${String(nanoseconds % 1_000_000_000n).padStart(9, "0")}Z`;
}

interface Told {
  readonly id: string;
  readonly at: string;
}

export function sessionFrame(
  word: "session_welcome" | "session_reconnect",
  { id, at }: Told,
  session: {
    id: string;
    keepaliveSeconds: number | null;
    address: string | null;
  },
): string {
  const { id: own, keepaliveSeconds, address } = session;
  return JSON.stringify({
    metadata: { message_id: id, message_type: word, message_timestamp: at },
    payload: {
      session: {
        id: own,
        status: word === "session_welcome" ? "connected" : "reconnecting",
        connected_at: at,
        keepalive_timeout_seconds: keepaliveSeconds,
        reconnect_url: address,
        recovery_url: null,
      },
    },
  });
}

export function keepaliveFrame({ id, at }: Told): string {
  const metadata = { message_id: id, message_type: "session_keepalive", message_timestamp: at };
  return JSON.stringify({ metadata, payload: {} });
}

/** A subscription in the words of frames and of answers. */
export function describeSubscription(
  { id, type, version, condition, cost, createdAt }: Subscription,
  session: Pick<Session, "id">,
  status = "enabled",
): object {
  return {
    id,
    status,
    type,
    version,
    condition,
    transport: { method: "websocket", session_id: session.id },
    created_at: createdAt,
    cost,
  };
}

export function notificationFrame(
  { id, at }: Told,
  session: Session,
  subscription: Subscription,
  event: object,
): string {
  return JSON.stringify({
    metadata: {
      message_id: id,
      message_type: "notification",
      message_timestamp: at,
      subscription_type: subscription.type,
      subscription_version: subscription.version,
    },
    payload: { subscription: describeSubscription(subscription, session), event },
  });
}

export function revocationFrame(
  { id, at }: Told,
  session: Session,
  subscription: Subscription,
  status: string,
): string {
  return JSON.stringify({
    metadata: {
      message_id: id,
      message_type: "revocation",
      message_timestamp: at,
      subscription_type: subscription.type,
      subscription_version: subscription.version,
    },
    payload: { subscription: describeSubscription(subscription, session, status) },
  });
}
