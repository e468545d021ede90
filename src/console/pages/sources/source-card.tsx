import type { Connection } from "../../../client/events.ts";
import { ask, at } from "../../api/call.ts";
import type { Provider, Status } from "../../api/types.ts";
import { useDoing } from "../../state/asked.ts";
import { readStatus } from "../../state/channel.ts";
import { log } from "../../state/log.ts";
import { adviseLink } from "../../text/advice.ts";
import { sayConnection, sayPhase } from "../../text/phases.ts";
import { nameProtocol } from "../../text/protocol-names.ts";
import { Button } from "../../ui/button.tsx";
import { Ago, Badge, Json, Platform, Time } from "../../ui/parts.tsx";
import { ProblemBox } from "../../ui/problem.tsx";
import { tell } from "../../ui/toast.tsx";

interface Props {
  readonly id: string;
  readonly provider: Provider;
  readonly health: Status["providers"][number] | null;
  readonly connections: readonly Connection[];
  readonly lacks: string | undefined;
  readonly onChange: () => void;
  readonly onUnlink: () => void;
  readonly onChanged: () => void;
}

/** One source: where it is, why, what to do, and its accounts. */
export function SourceCard(props: Props) {
  const { id, provider, health, connections, lacks } = props;
  const path = at`/channels/${id}/providers/${provider.id}`;
  const name = nameProtocol(provider.protocol);
  const reconnect = useDoing(async () => {
    await ask(`${path}/reconnect`, { method: "POST" });
    tell(`${name} is dialled anew`);
    void readStatus();
  });
  const toggle = useDoing(async () => {
    await ask(path, { method: "PATCH", body: { enabled: !provider.enabled } });
    props.onChanged();
    void readStatus();
  });
  const said = health === null ? null : sayPhase(health);
  const advice = health === null ? null : adviseLink(health.reason);
  return (
    <article class="card source" id={provider.id} aria-label={name}>
      <header>
        <div>
          <h2>{name}</h2>
          <p class="dim">{sayTarget(provider)}</p>
        </div>
        {said === null ? null : <Badge tone={said.tone}>{said.word}</Badge>}
      </header>
      {advice === null || health === null || health.phase === "open" ? null : (
        <div class={advice.calm === true ? "advice calm" : "advice"}>
          <p>{advice.words}</p>
          <p class="dim">
            {health.detail ?? health.reason}
            {health.nextDialAt !== null && health.phase === "waiting" ? (
              <>
                {" "}
                · next try <Ago at={health.nextDialAt} />
              </>
            ) : null}
          </p>
          {(advice.mend === "credentials" || advice.mend === "address") && lacks === undefined ? (
            <Button small kind="primary" onClick={props.onChange}>
              {advice.mend === "credentials" ? "Change credentials" : "Change the address"}
            </Button>
          ) : null}
        </div>
      )}
      <Accounts connections={connections} />
      <Facts health={health} />
      <LastGaps identifiers={new Set(connections.map(({ identifier }) => identifier))} />
      <ProblemBox error={reconnect.error ?? toggle.error} />
      <footer class="row">
        <Button
          small
          lacks={lacks}
          isBusy={reconnect.isBusy}
          disabled={!provider.enabled}
          onClick={() => void reconnect.run()}
        >
          Reconnect
        </Button>
        <Button small lacks={lacks} onClick={props.onChange}>
          Change
        </Button>
        <Button
          small
          lacks={lacks}
          isBusy={toggle.isBusy}
          icon={provider.enabled ? "pause" : "play"}
          onClick={() => void toggle.run()}
        >
          {provider.enabled ? "Pause" : "Go on"}
        </Button>
        <span class="spacer" />
        <Button small kind="quiet" lacks={lacks} onClick={props.onUnlink}>
          Unlink
        </Button>
      </footer>
    </article>
  );
}

/** Names what is linked, without a secret: an address shows its host only. */
function sayTarget({ target, url }: Provider): string {
  const { streamer, streamId, room } = (target ?? {}) as Record<string, unknown>;
  const parts = [streamer, typeof streamId === "string" ? `stream ${streamId}` : undefined, room];
  if (typeof url === "string" && URL.canParse(url)) parts.push(new URL(url).host);
  return parts.filter((each) => typeof each === "string").join(" · ");
}

function Accounts({ connections }: { connections: readonly Connection[] }) {
  if (connections.length === 0) return null;
  return (
    <ul class="accounts" aria-label="Accounts">
      {connections.map((connection) => {
        const { identifier, platform, target, reason, writable, ready } = connection;
        const { tone, word } = sayConnection(connection);
        const advice = adviseLink(reason);
        return (
          <li key={identifier}>
            <Platform name={platform} />
            <bdi class="account-name">{target?.name ?? target?.id ?? identifier}</bdi>
            <span class="dim">
              {writable ? (ready ? "can be written to" : "not ready to write") : "read only"}
            </span>
            <Badge tone={tone}>{word}</Badge>
            {advice === null ? null : (
              <p class="dim account-advice">
                {advice.words} <code>{reason}</code>
              </p>
            )}
          </li>
        );
      })}
    </ul>
  );
}

function Facts({ health }: { health: Status["providers"][number] | null }) {
  if (health === null) return null;
  const { since, attempts, lastFrameAt, rejected, rejects = [] } = health;
  return (
    <>
      <dl class="facts">
        {since === null ? null : (
          <div>
            <dt>In this state</dt>
            <dd>
              since <Ago at={since} />
            </dd>
          </div>
        )}
        {lastFrameAt === null ? null : (
          <div>
            <dt>Last heard</dt>
            <dd>
              <Ago at={lastFrameAt} />
            </dd>
          </div>
        )}
        {attempts < 2 ? null : (
          <div>
            <dt>Attempts</dt>
            <dd>{attempts}</dd>
          </div>
        )}
        {rejected === 0 ? null : (
          <div>
            <dt>Unreadable frames</dt>
            <dd>{rejected}</dd>
          </div>
        )}
      </dl>
      {rejects.length === 0 ? null : (
        <details>
          <summary>The last unreadable frames</summary>
          {rejects.map(({ at, problem, start }) => (
            <div key={at} class="reject">
              <p class="dim">
                <Time at={at} seconds /> {problem}
              </p>
              <Json value={start} label="Beginning of the frame" />
            </div>
          ))}
        </details>
      )}
    </>
  );
}

function LastGaps({ identifiers }: { identifiers: ReadonlySet<string> }) {
  const gaps = log.value.filter(
    ({ type, connectionid = "" }) => type === "connection.gap" && identifiers.has(connectionid),
  );
  if (gaps.length === 0) return null;
  return (
    <details>
      <summary>Gaps</summary>
      <ul class="plain">
        {gaps.slice(-5).map((event) => {
          const { from, to, cause } = event.data as { from: string; to: string; cause: string };
          return (
            <li key={event.id}>
              <Time at={from} seconds /> – <Time at={to} seconds />{" "}
              <span class="dim">({cause})</span>
            </li>
          );
        })}
      </ul>
    </details>
  );
}
