import { useRoute } from "preact-iso/router";
import { useState } from "preact/hooks";

import { at } from "../../api/call.ts";
import type { Webhook } from "../../api/types.ts";
import { formatRoute } from "../../routes.ts";
import { useAsked } from "../../state/asked.ts";
import { may } from "../../state/session.ts";
import { sayHealth } from "../../text/phases.ts";
import { Button } from "../../ui/button.tsx";
import { Ago, Badge, Empty, PageHead, Skeleton } from "../../ui/parts.tsx";
import { ProblemBox } from "../../ui/problem.tsx";
import { WebhookForm } from "./form.tsx";
import { OneWebhook } from "./one.tsx";
import { ShownOnce } from "./secret.tsx";

/** The endpoints that events are delivered to. */
export function Webhooks({ id }: { id: string }) {
  const { params } = useRoute();
  const selected = params["webhook"];
  const mayManage = may("webhooks:manage", id);
  const { data, error, again } = useAsked<readonly Webhook[]>(
    mayManage ? at`/channels/${id}/webhooks` : null,
    { isList: true, everyMs: 10_000 },
  );
  const [isMaking, setMaking] = useState(false);
  const [made, setMade] = useState<(() => string) | null>(null);
  const lacks = mayManage ? undefined : "webhooks:manage";
  if (selected !== undefined && selected !== "") {
    return <OneWebhook key={selected} id={id} webhook={selected} />;
  }
  return (
    <>
      <PageHead
        title="Webhooks"
        about="Addresses that events are posted to, signed, and tried again until they are taken."
        actions={
          <Button kind="primary" icon="plus" lacks={lacks} onClick={() => setMaking(true)}>
            New webhook
          </Button>
        }
      />
      <ProblemBox error={error} again={again} />
      {mayManage ? null : (
        <Empty icon="webhooks" title="Your key may not see webhooks">
          <p>It needs webhooks:manage.</p>
        </Empty>
      )}
      {mayManage && data === null && error === null ? <Skeleton rows={4} /> : null}
      {data?.length === 0 ? (
        <Empty icon="webhooks" title="No webhook yet">
          <p>Have your own program told of every event, or of those that you pick.</p>
          <Button onClick={() => setMaking(true)}>Make the first one</Button>
        </Empty>
      ) : null}
      <div class="cards">
        {(data ?? []).map((webhook) => (
          <WebhookCard key={webhook.id} id={id} webhook={webhook} />
        ))}
      </div>
      {isMaking ? (
        <WebhookForm
          id={id}
          changing={null}
          onClose={() => setMaking(false)}
          onMade={(secret) => {
            setMaking(false);
            setMade(() => secret);
            again();
          }}
        />
      ) : null}
      {made === null ? null : <ShownOnce read={made} onClose={() => setMade(null)} />}
    </>
  );
}

function WebhookCard({ id, webhook }: { id: string; webhook: Webhook }) {
  const { tone, word } = sayHealth(webhook);
  const { health, types } = webhook;
  return (
    <a class="card webhook-card" href={formatRoute(id, "webhooks", webhook.id)}>
      <span class="webhook-head">
        <strong>{new URL(webhook.url).host}</strong>
        <Badge tone={tone}>{word}</Badge>
      </span>
      <span class="dim webhook-types">{types.length === 0 ? "All types" : types.join(", ")}</span>
      <span class="facts">
        <span>
          <span class="dim">Waiting</span> {health.pending.toLocaleString()}
        </span>
        {health.oldestPendingAt === null ? null : (
          <span>
            <span class="dim">Oldest</span> <Ago at={health.oldestPendingAt} />
          </span>
        )}
        <span>
          <span class="dim">Fail</span> {Math.round(health.failureRate * 100)} %
        </span>
      </span>
    </a>
  );
}
