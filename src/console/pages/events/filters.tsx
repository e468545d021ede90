import type { RefObject } from "preact";
import { useEffect, useState } from "preact/hooks";

import type { StreamEvent } from "../../../client/event-types.ts";
import { formatFilter, NO_FILTER, type EventFilter } from "../../routes.ts";
import { connections, status } from "../../state/channel.ts";
import { fromLocal, toLocal } from "../../state/local-time.ts";
import { log } from "../../state/log.ts";
import { nameProtocol } from "../../text/protocol-names.ts";
import { Button } from "../../ui/button.tsx";
import { Icon } from "../../ui/icons.tsx";

const FAMILIES = [
  ["chat.*", "Chat"],
  ["channel.*", "Support and channel"],
  ["stream.*", "Stream"],
  ["moderation.*", "Moderation"],
  ["send.*", "Sends"],
  ["interaction.*", "Interaction"],
  ["connection.*", "Connections"],
  ["webhook.*", "Webhooks"],
  ["overlay.*", "Overlays"],
  ["provider.event", "What has no word"],
] as const;

interface Props {
  readonly filter: EventFilter;
  readonly find: RefObject<HTMLInputElement | null>;
  readonly onFilter: (filter: EventFilter) => void;
}

/** The filter of what is shown. It stands in the address, so that it can be sent to others. */
export function Filters({ filter, find, onFilter }: Props) {
  const [text, setText] = useState(filter.contains);
  useEffect(() => setText(filter.contains), [filter.contains]);
  const seen = useSeen();
  const types = listWords(
    FAMILIES,
    seen.map(({ type }) => type),
    filter.types,
  );
  const platforms = listWords(
    [],
    [...connections.value, ...seen].map(({ platform }) => platform),
    filter.platforms,
  );
  const providers = listWords(
    (status.value?.providers ?? []).map(({ protocol }) => [protocol, nameProtocol(protocol)]),
    seen.map(({ provider }) => provider),
    filter.providers,
  );
  const day = (name: "since" | "until", label: string) => (
    <label class="when">
      <span>{label}</span>
      <input
        type="datetime-local"
        step={1}
        value={toLocal(filter[name])}
        onChange={(event) => onFilter({ ...filter, [name]: fromLocal(event.currentTarget.value) })}
      />
    </label>
  );
  return (
    <search class="filters">
      <form
        class="find"
        onSubmit={(event) => {
          event.preventDefault();
          onFilter({ ...filter, contains: text.trim() });
        }}
      >
        <Icon name="search" />
        <input
          ref={find}
          type="search"
          aria-label="Find words or names"
          placeholder="Find words or names…"
          value={text}
          onInput={(event) => {
            const { value } = event.currentTarget;
            setText(value);
            // The cross of the field.
            if (value === "" && filter.contains !== "") onFilter({ ...filter, contains: "" });
          }}
        />
        <Button type="submit" small>
          Find
        </Button>
      </form>
      <Pick
        label="Types"
        words={types}
        picked={filter.types}
        onPick={(picked) => onFilter({ ...filter, types: picked })}
      />
      <Pick
        label="Platforms"
        words={platforms}
        picked={filter.platforms}
        onPick={(picked) => onFilter({ ...filter, platforms: picked })}
      />
      <Pick
        label="Sources"
        words={providers}
        picked={filter.providers}
        onPick={(picked) => onFilter({ ...filter, providers: picked })}
      />
      <details class="pick">
        <summary>{filter.since === "" && filter.until === "" ? "Time" : "Time ✓"}</summary>
        <div class="pick-list">
          {day("since", "From")}
          {day("until", "To")}
        </div>
      </details>
      {formatFilter(filter) === "" ? null : (
        <Button small kind="quiet" icon="close" onClick={() => onFilter(NO_FILTER)}>
          Clear
        </Button>
      )}
    </search>
  );
}

const LOOK_MS = 5_000;

/** The events that were seen, looked at now and then: the lists of words need no more. */
function useSeen(): readonly StreamEvent[] {
  const [seen, setSeen] = useState(() => log.peek());
  useEffect(() => {
    const timer = setInterval(() => setSeen(log.peek()), LOOK_MS);
    return () => clearInterval(timer);
  }, []);
  return seen;
}

type Word = readonly [value: string, label: string];

function listWords(
  named: readonly Word[],
  seen: readonly string[],
  picked: readonly string[],
): Word[] {
  const words = new Map<string, string>(named);
  for (const each of [...new Set([...seen, ...picked])].toSorted()) {
    if (each !== "" && !words.has(each)) words.set(each, each);
  }
  return [...words];
}

function Pick(props: {
  readonly label: string;
  readonly words: readonly Word[];
  readonly picked: readonly string[];
  readonly onPick: (picked: readonly string[]) => void;
}) {
  const { label, words, picked, onPick } = props;
  return (
    <details class="pick">
      <summary>
        {label}
        {picked.length === 0 ? "" : ` (${picked.length})`}
      </summary>
      <fieldset class="pick-list">
        <legend class="unseen">{label}</legend>
        {words.map(([value, name]) => (
          <label key={value}>
            <input
              type="checkbox"
              checked={picked.includes(value)}
              onChange={(event) =>
                onPick(
                  event.currentTarget.checked
                    ? [...picked, value]
                    : picked.filter((each) => each !== value),
                )
              }
            />{" "}
            {name}
          </label>
        ))}
        {words.length === 0 ? <p class="dim">None yet</p> : null}
      </fieldset>
    </details>
  );
}
