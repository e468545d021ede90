import { useRef, useState } from "preact/hooks";

import { ask, at } from "../../api/call.ts";
import { formatRoute } from "../../routes.ts";
import { useDoing } from "../../state/asked.ts";
import { connections } from "../../state/channel.ts";
import { may } from "../../state/session.ts";
import { findLine, presets, type Posted, type Preset } from "../../text/presets.ts";
import { Button } from "../../ui/button.tsx";
import { SelectField, TextField } from "../../ui/field.tsx";
import { PageHead, Section, Tabs } from "../../ui/parts.tsx";
import { ProblemBox } from "../../ui/problem.tsx";
import { tell } from "../../ui/toast.tsx";
import { useCommand } from "../keys.tsx";
import { SchemaForm } from "./schema-form.tsx";

const PLATFORMS = ["twitch", "youtube", "kick", "dlive", "trovo", "facebook"];
const GROUPS: readonly Preset["group"][] = ["Chat", "Support", "Stream", "Moderation"];
const MOST = 500;

/** Made-up events on the real path: log, sockets, overlays, webhooks and history get them, marked. */
export function Test({ id }: { id: string }) {
  const [platform, setPlatform] = useState("twitch");
  const [times, setTimes] = useState("1");
  const [every, setEvery] = useState("0");
  const [view, setView] = useState("presets");
  const [posted, setPosted] = useState<readonly { id: string; words: string }[]>([]);
  const last = useRef<ReturnType<typeof findLine>>(null);
  const before = useRef<(() => Promise<void>) | null>(null);
  const stopped = useRef(false);
  const lacks = may("events:write", id) ? undefined : "events:write";

  const post = async (events: readonly Posted[], words: string): Promise<void> => {
    const { ids } = await ask<{ ids: string[] }>(at`/channels/${id}/events`, {
      method: "POST",
      body: events,
    });
    last.current = findLine(events) ?? last.current;
    const [first] = ids;
    if (first !== undefined) setPosted((old) => [{ id: first, words }, ...old].slice(0, 12));
  };
  const { run, isBusy, error } = useDoing(async (work: () => Promise<void>) => {
    stopped.current = false;
    before.current = work;
    await work();
  });
  const makePreset = (preset: Preset): Posted[] =>
    preset.make({
      platform,
      id: () => `test-${crypto.randomUUID()}`,
      last: last.current,
      now: new Date().toISOString(),
    });
  const send = (preset: Preset): void => {
    const count = Math.min(MOST, Math.max(1, Math.round(Number(times)) || 1));
    const pause = Math.max(0, Number(every) || 0);
    void run(async () => {
      if (makePreset(preset).length === 0) {
        tell("There is no test line yet: send one first", "bad");
        return;
      }
      if (pause === 0) {
        const events = Array.from({ length: count }, () => makePreset(preset)).flat();
        for (let from = 0; from < events.length; from += MOST)
          await post(events.slice(from, from + MOST), preset.label);
      } else {
        for (let done = 0; done < count && !stopped.current; done++) {
          if (done > 0) await new Promise((resolve) => setTimeout(resolve, pause));
          await post(makePreset(preset), preset.label);
        }
      }
      tell(count === 1 ? `${preset.label}: sent` : `${preset.label} × ${count}: sent`);
    });
  };
  useCommand((command) => {
    if (command !== "again" || before.current === null) return false;
    const work = before.current;
    void run(work);
    return true;
  });
  const seen = connections.value.map((each) => each.platform);
  return (
    <>
      <PageHead
        title="Test events"
        about="Made up, and on the real path: sockets, overlays, webhooks and history get them, marked as tests."
      />
      <div class="test-settings card">
        <SelectField
          label="Platform"
          value={platform}
          onInput={setPlatform}
          options={[...new Set([...PLATFORMS, ...seen])].map((each) => [each, each])}
        />
        <TextField
          label="How many"
          type="number"
          min={1}
          max={MOST}
          value={times}
          onInput={setTimes}
        />
        <TextField
          label="Every … ms"
          type="number"
          min={0}
          step={100}
          value={every}
          onInput={setEvery}
          help="0: all at once."
        />
        {isBusy ? (
          <Button
            onClick={() => {
              stopped.current = true;
            }}
          >
            Stop
          </Button>
        ) : null}
      </div>
      <Tabs
        label="Ways to make an event"
        tabs={[
          ["presets", "Presets"],
          ["form", "Form"],
          ["json", "JSON"],
        ]}
        open={view}
        onOpen={setView}
      />
      <ProblemBox error={error} />
      {view === "presets" ? (
        <div class="presets">
          {GROUPS.map((group) => (
            <Section key={group} title={group}>
              <div class="row">
                {presets
                  .filter((preset) => preset.group === group)
                  .map((preset) => (
                    <Button
                      key={preset.id}
                      lacks={lacks}
                      disabled={isBusy}
                      onClick={() => send(preset)}
                    >
                      {preset.label}
                    </Button>
                  ))}
              </div>
            </Section>
          ))}
        </div>
      ) : null}
      {view === "form" ? (
        <Section title="By its schema">
          <SchemaForm
            isBusy={isBusy}
            lacks={lacks}
            onSend={(type, data) =>
              void run(async () => {
                await post([{ type, platform, data, test: true }], type);
                tell(`${type}: sent`);
              })
            }
          />
        </Section>
      ) : null}
      {view === "json" ? (
        <Section title="As JSON">
          <JsonForm
            isBusy={isBusy}
            lacks={lacks}
            onSend={(events) =>
              void run(async () => {
                await post(events, events[0]?.type ?? "");
                tell("Sent");
              })
            }
          />
        </Section>
      ) : null}
      {posted.length === 0 ? null : (
        <Section title="Sent from here">
          <ul class="rows" aria-live="polite">
            {posted.map(({ id: event, words }) => (
              <li key={event}>
                <a href={formatRoute(id, "events", event)}>{words}</a>
                <span class="dim code">{event}</span>
              </li>
            ))}
          </ul>
        </Section>
      )}
    </>
  );
}

const EXAMPLE = `{
  "type": "custom.hello",
  "data": { "from": "me" }
}`;

function JsonForm(props: {
  readonly isBusy: boolean;
  readonly lacks: string | undefined;
  readonly onSend: (events: readonly Posted[]) => void;
}) {
  const [text, setText] = useState(EXAMPLE);
  const [wrong, setWrong] = useState("");
  return (
    <form
      class="stack"
      onSubmit={(event) => {
        event.preventDefault();
        try {
          const parsed = JSON.parse(text) as Posted | readonly Posted[];
          setWrong("");
          props.onSend([parsed].flat().map((each) => ({ ...each, test: true })));
        } catch (error) {
          // The browser says where.
          setWrong(error instanceof Error ? error.message : "This is no JSON.");
        }
      }}
    >
      <textarea
        class="mono"
        rows={10}
        aria-label="One event, or a list of them"
        value={text}
        spellcheck={false}
        onInput={(event) => setText(event.currentTarget.value)}
      />
      {wrong === "" ? null : (
        <p class="wrong" role="alert">
          {wrong}
        </p>
      )}
      <div class="row">
        <Button kind="primary" type="submit" lacks={props.lacks} isBusy={props.isBusy}>
          Send
        </Button>
      </div>
    </form>
  );
}
