import { useEffect, useState } from "preact/hooks";

import { ask, at } from "../../api/call.ts";
import type { Deliveries, Delivery, DeliveryDetail } from "../../api/types.ts";
import { formatRoute } from "../../routes.ts";
import { useAsked, useDoing } from "../../state/asked.ts";
import { now } from "../../state/channel.ts";
import { findPlaceBefore } from "../../state/places.ts";
import { sayWhy } from "../../text/whys.ts";
import { Button, LinkButton } from "../../ui/button.tsx";
import { SelectField } from "../../ui/field.tsx";
import { Ago, Badge, Empty, Section, Skeleton, Time, type Tone } from "../../ui/parts.tsx";
import { ProblemBox } from "../../ui/problem.tsx";
import { tell } from "../../ui/toast.tsx";
import { AttemptCard } from "./attempt.tsx";

const TONES: Readonly<Record<Delivery["status"], Tone>> = {
  pending: "wait",
  succeeded: "good",
  failed: "bad",
  cancelled: "calm",
};

interface Props {
  readonly id: string;
  readonly hook: string;
  /** Moves when something was sent from here. */
  readonly count: number;
  readonly onChanged: () => void;
  readonly onRecover: (after: string) => void;
}

interface Older {
  readonly all: readonly Delivery[];
  readonly next: string | null;
}

/** Deliveries, newest first, each with its attempts. */
export function DeliveryList({ id, hook, count, onChanged, onRecover }: Props) {
  const [status, setStatus] = useState("");
  const [older, setOlder] = useState<Older | null>(null);
  const path = at`/channels/${id}/webhooks/${hook}/deliveries`;
  const query = { limit: 25, status: status === "" ? null : status };
  const { data, error, again } = useAsked<Deliveries>(path, {
    // Whoever reads what is older has nothing move away meanwhile.
    ...(older === null && { everyMs: 3_000 }),
    query,
  });
  const next = older === null ? (data?.next ?? null) : older.next;
  const more = useDoing(async () => {
    const page = await ask<Deliveries>(path, { query: { ...query, cursor: next } });
    setOlder({ all: [...(older?.all ?? []), ...page.data], next: page.next });
  });
  const [open, setOpen] = useState<string | null>(null);
  useEffect(() => {
    if (count === 0) return;
    setOlder(null);
    again();
  }, [count]);
  return (
    <Section
      title="Deliveries"
      actions={
        <SelectField
          label="State"
          value={status}
          onInput={(value) => {
            setOlder(null);
            setStatus(value);
          }}
          options={[
            ["", "All"],
            ["pending", "Waiting"],
            ["succeeded", "Delivered"],
            ["failed", "Failed"],
            ["cancelled", "Cancelled"],
          ]}
        />
      }
    >
      <ProblemBox error={error ?? more.error} again={again} />
      {data === null && error === null ? <Skeleton rows={4} /> : null}
      {data?.data.length === 0 ? (
        <Empty icon="send" title="No delivery">
          <p>Send a test to see one.</p>
        </Empty>
      ) : null}
      <ul class="deliveries">
        {[...(data?.data ?? []), ...(older?.all ?? [])].map((delivery) => (
          <li key={delivery.id}>
            <button
              type="button"
              class="delivery"
              aria-expanded={open === delivery.id}
              onClick={() => setOpen(open === delivery.id ? null : delivery.id)}
            >
              <Badge tone={TONES[delivery.status]}>{delivery.status}</Badge>
              <span>
                {delivery.kind === "event"
                  ? `${delivery.events} ${delivery.events === 1 ? "event" : "events"}`
                  : delivery.kind}
                {delivery.recovery === null ? "" : ", recovered"}
              </span>
              <span class="dim">
                {delivery.attempts} {delivery.attempts === 1 ? "attempt" : "attempts"}
              </span>
              <span class="dim grow">
                {delivery.nextAttemptAt === null ? null : Date.parse(delivery.nextAttemptAt) <
                  now.value ? (
                  "waits for its turn"
                ) : (
                  <>
                    next <Ago at={delivery.nextAttemptAt} />
                  </>
                )}
              </span>
              <span class="dim">
                <Time at={delivery.createdAt} seconds />
              </span>
            </button>
            {open === delivery.id ? (
              <OneDelivery
                id={id}
                path={`${path}/${encodeURIComponent(delivery.id)}`}
                onRecover={onRecover}
                onChanged={() => {
                  again();
                  onChanged();
                }}
              />
            ) : null}
          </li>
        ))}
      </ul>
      {next === null && older === null ? null : (
        <div class="row centre-row">
          {next === null ? null : (
            <Button isBusy={more.isBusy} onClick={() => void more.run()}>
              Older deliveries
            </Button>
          )}
          {older === null ? null : (
            <Button onClick={() => setOlder(null)}>Back to the newest</Button>
          )}
        </div>
      )}
    </Section>
  );
}

interface OneProps {
  readonly id: string;
  readonly path: string;
  readonly onChanged: () => void;
  readonly onRecover: (after: string) => void;
}

function OneDelivery({ id, path, onChanged, onRecover }: OneProps) {
  const { data, error, again } = useAsked<DeliveryDetail>(path, { everyMs: 3_000 });
  const retry = useDoing(async () => {
    await ask(`${path}/retry`, { method: "POST" });
    tell("Tried again");
    again();
    onChanged();
  });
  if (data === null) return error === null ? <Skeleton rows={3} /> : <ProblemBox error={error} />;
  const before = findPlaceBefore(data.messageId ?? "");
  return (
    <div class="stack delivery-detail">
      <div class="row">
        {data.status === "succeeded" ? null : (
          <Button small isBusy={retry.isBusy} onClick={() => void retry.run()}>
            Retry now
          </Button>
        )}
        {data.kind !== "event" || data.messageId === null ? null : (
          <LinkButton href={formatRoute(id, "events", data.messageId.split("..")[0])}>
            {data.events === 1 ? "The event" : "Its first event"}
          </LinkButton>
        )}
        {data.kind !== "event" || before === null ? null : (
          <Button small kind="quiet" onClick={() => onRecover(before)}>
            Recover from here on
          </Button>
        )}
        {data.why === null ? null : <span class="dim">{sayWhy(data.why)}</span>}
      </div>
      <ProblemBox error={retry.error} />
      {data.attempts.length === 0 ? <p class="dim">It was not tried yet.</p> : null}
      {data.attempts.toReversed().map((attempt) => (
        <AttemptCard key={attempt.number} attempt={attempt} />
      ))}
    </div>
  );
}
