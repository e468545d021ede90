import { useEffect, useState } from "preact/hooks";

import { ask, at } from "../../api/call.ts";
import { own } from "../../api/own.ts";
import type { Attempt, Deliveries, Delivery, DeliveryDetail } from "../../api/types.ts";
import { useAsked, useDoing } from "../../state/asked.ts";
import { now } from "../../state/channel.ts";
import { hookAdvice } from "../../text/advice.ts";
import { Button } from "../../ui/button.tsx";
import { SelectField } from "../../ui/field.tsx";
import { Ago, Badge, Empty, Json, Section, Skeleton, Time, type Tone } from "../../ui/parts.tsx";
import { ProblemBox } from "../../ui/problem.tsx";
import { tell } from "../../ui/toast.tsx";

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
}

/** Deliveries, newest first, each with its attempts. */
export function DeliveryList({ id, hook, count, onChanged }: Props) {
  const [status, setStatus] = useState("");
  const path = at`/channels/${id}/webhooks/${hook}/deliveries`;
  const { data, error, again } = useAsked<Deliveries>(path, {
    everyMs: 3_000,
    query: { limit: 25, status: status === "" ? null : status },
  });
  const [open, setOpen] = useState<string | null>(null);
  useEffect(() => {
    if (count > 0) again();
  }, [count]);
  return (
    <Section
      title="Deliveries"
      actions={
        <SelectField
          label="State"
          value={status}
          onInput={setStatus}
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
      <ProblemBox error={error} again={again} />
      {data === null && error === null ? <Skeleton rows={4} /> : null}
      {data?.data.length === 0 ? (
        <Empty icon="send" title="No delivery">
          <p>Send a test to see one.</p>
        </Empty>
      ) : null}
      <ul class="deliveries">
        {(data?.data ?? []).map((delivery) => (
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
                path={`${path}/${encodeURIComponent(delivery.id)}`}
                onChanged={() => {
                  again();
                  onChanged();
                }}
              />
            ) : null}
          </li>
        ))}
      </ul>
    </Section>
  );
}

function OneDelivery({ path, onChanged }: { path: string; onChanged: () => void }) {
  const { data, error, again } = useAsked<DeliveryDetail>(path, { everyMs: 3_000 });
  const retry = useDoing(async () => {
    await ask(`${path}/retry`, { method: "POST" });
    tell("Tried again");
    again();
    onChanged();
  });
  if (data === null) return error === null ? <Skeleton rows={3} /> : <ProblemBox error={error} />;
  return (
    <div class="stack delivery-detail">
      <div class="row">
        {data.status === "succeeded" ? null : (
          <Button small isBusy={retry.isBusy} onClick={() => void retry.run()}>
            Retry now
          </Button>
        )}
        {data.why === null ? null : <span class="dim">{data.why}</span>}
      </div>
      <ProblemBox error={retry.error} />
      {data.attempts.length === 0 ? <p class="dim">It was not tried yet.</p> : null}
      {data.attempts.toReversed().map((attempt) => (
        <OneAttempt key={attempt.number} attempt={attempt} />
      ))}
    </div>
  );
}

function OneAttempt({ attempt }: { attempt: Attempt }) {
  const { number, at, trigger, reason, detail, request, response, headersMs, endMs, why } = attempt;
  const isGood = attempt.class === "success";
  return (
    <article class="attempt" aria-label={`Attempt ${number}`}>
      <p class="row">
        <Badge tone={isGood ? "good" : attempt.class === "permanent" ? "bad" : "wait"}>
          {response === null ? reason : response.status}
        </Badge>
        <strong>Attempt {number}</strong>
        <span class="dim">
          {trigger} · <Time at={at} seconds />
          {headersMs === null ? null : ` · headers ${headersMs} ms`}
          {endMs === null ? null : ` · end ${endMs} ms`}
        </span>
      </p>
      {isGood ? null : (
        <p>
          {own(hookAdvice, reason)?.words ?? reason} <span class="dim">{detail}</span>
        </p>
      )}
      <p class="dim">
        {why}
        {attempt.nextAttemptAt === null ? null : (
          <>
            {" "}
            Next <Ago at={attempt.nextAttemptAt} />.
          </>
        )}
      </p>
      <details>
        <summary>Request and answer</summary>
        <div class="panes two">
          <Json value={formatHeaders(request.headers)} label="Headers of the request" />
          {response === null ? (
            <p class="dim">There was no answer.</p>
          ) : (
            <Json
              value={`${response.status}\n${formatHeaders(response.headers)}\n\n${response.body}${response.cut ? "…" : ""}`}
              label="Answer"
            />
          )}
        </div>
      </details>
      <details>
        <summary>How it is signed</summary>
        <ol class="steps dim">
          <li>
            <code>webhook-id</code>, a full stop, <code>webhook-timestamp</code>, a full stop, and
            the body as it came, {request.bytes.toLocaleString()} bytes:{" "}
            <code>
              {own(request.headers, "webhook-id")}.{own(request.headers, "webhook-timestamp")}.…
            </code>
          </li>
          <li>
            HMAC-SHA256 of it, with the secret behind <code>whsec_</code> read as base64.
          </li>
          <li>
            As base64 it is one of the words of <code>webhook-signature</code>, behind{" "}
            <code>v1,</code>. Behind <code>v1a,</code> is the same by Ed25519.
          </li>
        </ol>
      </details>
    </article>
  );
}

function formatHeaders(headers: Readonly<Record<string, string>>): string {
  return Object.entries(headers)
    .map(([name, value]) => `${name}: ${value}`)
    .join("\n");
}
