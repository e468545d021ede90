import { useLocation } from "preact-iso/router";
import { useState } from "preact/hooks";

import { at, ask } from "../../api/call.ts";
import type { Key, OverlayKey, Provider } from "../../api/types.ts";
import { formatRoute } from "../../routes.ts";
import { useDoing } from "../../state/asked.ts";
import { status } from "../../state/channel.ts";
import { log } from "../../state/log.ts";
import { may } from "../../state/session.ts";
import { sayEvent } from "../../text/events.ts";
import { presets } from "../../text/presets.ts";
import { Button, LinkButton } from "../../ui/button.tsx";
import { Icon } from "../../ui/icons.tsx";
import { Platform, Section } from "../../ui/parts.tsx";
import { ProblemBox } from "../../ui/problem.tsx";
import { tell } from "../../ui/toast.tsx";
import { DOCK_KEY, DockDialog } from "../chat/dock-dialog.tsx";

interface Props {
  readonly id: string;
  readonly providers: readonly Provider[] | null;
  readonly overlayKeys: readonly OverlayKey[] | null;
  readonly keys: readonly Key[] | null;
  readonly hasEvents: boolean;
}

interface Step {
  readonly title: string;
  readonly about: string;
  readonly isDone: boolean;
  readonly action: preact.ComponentChildren;
}

/** Posts one made-up occurrence. */
export async function postPreset(id: string, preset: string): Promise<void> {
  const events = presets
    .find((each) => each.id === preset)
    ?.make({
      platform: "twitch",
      id: () => `test-${crypto.randomUUID()}`,
      last: null,
      now: new Date().toISOString(),
    });
  await ask(at`/channels/${id}/events`, { method: "POST", body: events });
}

/** The way from nothing to a stream that is read and answered; gone once it is gone. */
export function Checklist({ id, providers, overlayKeys, keys, hasEvents }: Props) {
  const { route } = useLocation();
  const [isDock, setDock] = useState(false);
  const [isDockMade, setDockMade] = useState(false);
  const [isPutAway, setPutAway] = useState(false);
  const line = useDoing(async () => {
    await postPreset(id, "line");
    tell("A test line was sent");
  });
  const tip = useDoing(async () => {
    await postPreset(id, "tip");
    tell("A test tip was sent");
  });
  if (!may("channels:manage", id) || providers === null) return null;
  const hasKey = (kind: string): boolean =>
    (overlayKeys ?? []).some(({ name, revokedAt }) => revokedAt === null && name.startsWith(kind));
  const isLinked = providers.length > 0 || (status.value?.providers.length ?? 0) > 0;
  const newest = log.value.at(-1);
  const steps: Step[] = [
    {
      title: "Link a source",
      about: "Restream, StreamElements, DLive, or a server of your own: where your events are.",
      isDone: isLinked,
      action: (
        <LinkButton kind="primary" href={`${formatRoute(id, "sources")}?link`}>
          Link a source
        </LinkButton>
      ),
    },
    {
      title: "See an event",
      about: "Say something in your chat, or send a line that is made up.",
      isDone: hasEvents,
      action: (
        <Button kind="primary" onClick={() => void line.run()} isBusy={line.isBusy}>
          Send a test line
        </Button>
      ),
    },
    {
      title: "Chat on your stream",
      about: "Drag it onto OBS, or copy its address.",
      isDone: hasKey("chat"),
      action: (
        <Button kind="primary" onClick={() => route(formatRoute(id, "overlays", "chat"))}>
          Set up the chat
        </Button>
      ),
    },
    {
      title: "Alerts",
      about: "Follows, subscriptions and tips, with a sound.",
      isDone: hasKey("alerts"),
      action: (
        <>
          <Button kind="primary" onClick={() => route(formatRoute(id, "overlays", "alerts"))}>
            Set up the alerts
          </Button>
          <Button onClick={() => void tip.run()} isBusy={tip.isBusy}>
            Send a test tip
          </Button>
        </>
      ),
    },
    {
      title: "Chat in a dock",
      about: "Read and answer all chats inside OBS.",
      isDone:
        isDockMade ||
        (keys ?? []).some(
          ({ name, channels, revokedAt }) =>
            name === DOCK_KEY && revokedAt === null && channels?.includes(id) === true,
        ),
      action: (
        <Button kind="primary" onClick={() => setDock(true)}>
          Make the dock's address
        </Button>
      ),
    },
  ];
  const next = steps.findIndex(({ isDone }) => !isDone);
  if (isPutAway || (next === -1 && !isDock)) return null;
  return (
    <Section
      title="Five steps to a stream"
      class="checklist"
      actions={
        <Button kind="quiet" small onClick={() => setPutAway(true)}>
          Put away
        </Button>
      }
    >
      <ol>
        {steps.map((step, at) => (
          <li key={step.title} class={step.isDone ? "done" : at === next ? "next" : ""}>
            <span class="step-mark" aria-hidden="true">
              {step.isDone ? <Icon name="check" size={16} /> : at + 1}
            </span>
            <div>
              <h3>
                {step.title}
                {step.isDone ? <span class="unseen"> (done)</span> : null}
              </h3>
              {step.isDone ? null : <p>{step.about}</p>}
              {at === 1 && step.isDone && newest !== undefined ? (
                <p class="dim first-event">
                  <Platform name={newest.platform} /> <bdi>{sayEvent(newest)}</bdi>
                </p>
              ) : null}
            </div>
            {step.isDone || at > next + 2 ? null : <div class="row">{step.action}</div>}
          </li>
        ))}
      </ol>
      <ProblemBox error={line.error ?? tip.error} />
      {isDock ? (
        <DockDialog id={id} onMade={() => setDockMade(true)} onClose={() => setDock(false)} />
      ) : null}
    </Section>
  );
}
