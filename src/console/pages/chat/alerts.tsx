import { useDoing } from "../../state/asked.ts";
import type { Line } from "../../state/lines.ts";
import { tellOverlays } from "../../state/overlays.ts";
import { alertSound, mentions } from "../../state/preferences.ts";
import { may } from "../../state/session.ts";
import { playSound } from "../../state/sound.ts";
import { sayEvent } from "../../text/events.ts";
import { ALERTS } from "../../text/kinds.ts";
import { Button } from "../../ui/button.tsx";
import { Check } from "../../ui/field.tsx";
import { Empty, Platform, Time } from "../../ui/parts.tsx";
import { ProblemBox } from "../../ui/problem.tsx";
import { tell } from "../../ui/toast.tsx";

const COMMANDS = [
  ["skip", "Skip"],
  ["pause", "Pause"],
  ["resume", "Go on"],
  ["mute", "Mute"],
  ["unmute", "Sound on"],
  ["clear", "Clear the queue"],
] as const;

/** Commands to alerts, and the last ones, each of which can play once more. */
export function AlertControls({ id, lines }: { id: string; lines: readonly Line[] }) {
  const { run, isBusy, error } = useDoing(async (command: string, payload: object = {}) => {
    await tellOverlays(id, "alerts", command, payload);
    tell("Sent to the alerts");
  });
  const lacks = may("events:write", id) ? undefined : "events:write";
  const alerts = lines.filter(({ event }) => ALERTS.includes(event.type)).toReversed();
  return (
    <div class="stack alerts">
      <div class="row">
        {COMMANDS.map(([command, label]) => (
          <Button
            key={command}
            small
            lacks={lacks}
            isBusy={isBusy}
            onClick={() => void run(command)}
          >
            {label}
          </Button>
        ))}
      </div>
      <ProblemBox error={error} />
      <fieldset class="stack">
        <legend class="legend">Here, where you read this</legend>
        <Check
          label="A sound for each alert"
          checked={alertSound.value}
          onChange={(isOn) => {
            alertSound.value = isOn;
            // Heard at once: and a browser that wants a click first has had it.
            if (isOn) playSound("alert");
          }}
        />
        <Check
          label="A sound and a mark where your name is said"
          checked={mentions.value}
          onChange={(isOn) => {
            mentions.value = isOn;
            if (isOn) playSound("mention");
          }}
        />
      </fieldset>
      {alerts.length === 0 ? <Empty icon="star" title="No alert yet" /> : null}
      <ul class="rows">
        {alerts.slice(0, 50).map(({ event }) => (
          <li key={event.id} class="event-row">
            <Platform name={event.platform} bare />
            <bdi class="grow">{sayEvent(event)}</bdi>
            <span class="dim">
              <Time at={event.recordedtime} />
            </span>
            <Button
              small
              kind="quiet"
              icon="play"
              label="Play it once more"
              lacks={lacks}
              onClick={() => void run("replay", { id: event.id })}
            />
          </li>
        ))}
      </ul>
    </div>
  );
}
