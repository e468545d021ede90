import { useLocation } from "preact-iso/router";
import { useState } from "preact/hooks";

import { ask, at } from "../../api/call.ts";
import { own } from "../../api/own.ts";
import type { Delivery, Webhook } from "../../api/types.ts";
import { formatRoute } from "../../routes.ts";
import { useAsked, useDoing } from "../../state/asked.ts";
import { hookAdvice } from "../../text/advice.ts";
import { sayHealth } from "../../text/phases.ts";
import { Button } from "../../ui/button.tsx";
import { Confirm } from "../../ui/dialog.tsx";
import { Ago, Badge, PageHead, Section, Skeleton } from "../../ui/parts.tsx";
import { ProblemBox } from "../../ui/problem.tsx";
import { tell } from "../../ui/toast.tsx";
import { DeliveryList } from "./deliveries.tsx";
import { EnableDialog, RotateDialog } from "./dialogs.tsx";
import { WebhookForm } from "./form.tsx";
import { PublicKeyList } from "./public-keys.tsx";
import { RecoverDialog } from "./recover-dialog.tsx";
import { Recoveries } from "./recoveries.tsx";
import { ShownOnce } from "./secret.tsx";

type Asking = "change" | "rotate" | "delete" | "enable" | null;

/** One endpoint: its health, its deliveries with each attempt, and what can be done. */
export function OneWebhook({ id, webhook: hook }: { id: string; webhook: string }) {
  const { route } = useLocation();
  const path = at`/channels/${id}/webhooks/${hook}`;
  const { data, error, again } = useAsked<Webhook>(path, { everyMs: 5_000 });
  const [asking, setAsking] = useState<Asking>(null);
  const [secret, setSecret] = useState<(() => string) | null>(null);
  const [count, setCount] = useState(0);
  const [recovering, setRecovering] = useState<{ readonly after: string | null } | null>(null);
  const [begun, setBegun] = useState(0);
  const test = useDoing(async () => {
    await ask<Delivery>(`${path}/test`, { method: "POST" });
    tell("A test was sent");
    setCount(count + 1);
  });
  const retry = useDoing(async () => {
    await ask(`${path}/retry`, { method: "POST" });
    tell("All that waits is tried now");
    setCount(count + 1);
    again();
  });
  const enable = useDoing(async (enabled: boolean) => {
    await ask(path, { method: "PATCH", body: { enabled } });
    again();
  });
  const back = formatRoute(id, "webhooks");
  if (data === null) {
    return (
      <>
        <PageHead title="Webhook" about={<a href={back}>All webhooks</a>} />
        <ProblemBox error={error} again={again} />
        {error === null ? <Skeleton rows={6} /> : null}
      </>
    );
  }
  const { tone, word } = sayHealth(data);
  const reason = data.health.reason === null ? undefined : own(hookAdvice, data.health.reason);
  return (
    <>
      <PageHead
        title={new URL(data.url).host}
        about={<a href={back}>All webhooks</a>}
        actions={
          <>
            <Button
              kind="primary"
              isBusy={test.isBusy}
              disabled={!data.enabled}
              onClick={() => void test.run()}
            >
              Send a test
            </Button>
            <Button onClick={() => setAsking("change")}>Change</Button>
            <Button onClick={() => setAsking("rotate")}>Rotate secret</Button>
            <Button
              isBusy={enable.isBusy}
              onClick={() => (data.enabled ? void enable.run(false) : setAsking("enable"))}
            >
              {data.enabled ? "Disable" : "Enable"}
            </Button>
            <Button kind="quiet" onClick={() => setAsking("delete")}>
              Delete
            </Button>
          </>
        }
      />
      <ProblemBox error={error ?? test.error ?? retry.error ?? enable.error} />
      <Section
        title="Health"
        actions={
          <Button small isBusy={retry.isBusy} onClick={() => void retry.run()}>
            Try all that waits now
          </Button>
        }
      >
        <p class="row">
          <Badge tone={tone}>{word}</Badge>
          <span class="dim">
            since <Ago at={data.health.since} />
          </span>
        </p>
        {reason === undefined ? null : <p>{reason.words}</p>}
        <HealthFacts webhook={data} />
      </Section>
      <DeliveryList
        id={id}
        hook={hook}
        count={count}
        onChanged={again}
        onRecover={(after) => setRecovering({ after })}
      />
      <Recoveries
        id={id}
        hook={hook}
        count={begun}
        onRecover={() => setRecovering({ after: null })}
      />
      <PublicKeyList path={path} />
      {recovering === null ? null : (
        <RecoverDialog
          path={`${path}/recoveries`}
          after={recovering.after}
          onClose={() => {
            setRecovering(null);
            setBegun(begun + 1);
          }}
        />
      )}
      {asking === "change" ? (
        <WebhookForm
          id={id}
          changing={data}
          onMade={() => {}}
          onClose={() => {
            setAsking(null);
            again();
          }}
        />
      ) : null}
      {asking === "rotate" ? (
        <RotateDialog
          path={path}
          onClose={() => setAsking(null)}
          onRotated={(read) => {
            setSecret(() => read);
            again();
          }}
        />
      ) : null}
      {asking === "delete" ? (
        <Confirm
          title="Delete the webhook"
          action="Delete"
          typed={new URL(data.url).host}
          onClose={() => setAsking(null)}
          onConfirm={async () => {
            await ask(path, { method: "DELETE" });
            route(back, true);
          }}
        >
          <p>What waits for it is not delivered any more, and its record goes with it.</p>
        </Confirm>
      ) : null}
      {asking === "enable" ? (
        <EnableDialog
          path={path}
          since={data.health.lastSuccessAt ?? data.health.since}
          onClose={() => {
            setAsking(null);
            again();
          }}
        />
      ) : null}
      {secret === null ? null : <ShownOnce read={secret} onClose={() => setSecret(null)} />}
    </>
  );
}

function HealthFacts({ webhook: { health } }: { webhook: Webhook }) {
  const facts: readonly (readonly [string, preact.ComponentChildren])[] = [
    ["Waiting", health.pending.toLocaleString()],
    ["Oldest", health.oldestPendingAt === null ? "–" : <Ago at={health.oldestPendingAt} />],
    ["Failed", `${Math.round(health.failureRate * 100)} % of the last attempts`],
    ["Last success", health.lastSuccessAt === null ? "never" : <Ago at={health.lastSuccessAt} />],
    ["Last failure", health.lastFailureAt === null ? "never" : <Ago at={health.lastFailureAt} />],
    ["Next probe", health.nextProbeAt === null ? "–" : <Ago at={health.nextProbeAt} />],
  ];
  return (
    <dl class="facts">
      {facts.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}
