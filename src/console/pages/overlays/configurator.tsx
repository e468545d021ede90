import { useMemo, useState } from "preact/hooks";

import { own } from "../../api/own.ts";
import { formatAddress, readAddress, type Values } from "../../state/address.ts";
import { overlays, programs, type OverlayKind } from "../../text/overlays.ts";
import { TextField } from "../../ui/field.tsx";
import { Section } from "../../ui/parts.tsx";
import { AddressButtons } from "./address-buttons.tsx";
import { ParameterField } from "./parameter.tsx";
import { Preview } from "./preview.tsx";

const GROUPS = ["Look", "What", "Moderation", "Pictures", "Sound", "Setting up"] as const;
const HIDDEN = new Set(["channel", "demo", "backdrop"]);
const TABLES = new Map(overlays.map(({ id, table }) => [id, table]));

interface Props {
  readonly id: string;
  readonly kind: OverlayKind;
  readonly onKey: () => void;
}

/** One overlay's settings, the real page beside them, and its address. */
export function Configurator({ id, kind, onKey }: Props) {
  const [values, setValues] = useState<Values>({});
  const [css, setCss] = useState("");
  const [pasted, setPasted] = useState("");
  const [pasteError, setPasteError] = useState<string | undefined>(undefined);
  const bare = useMemo(
    () =>
      formatAddress(
        { origin: location.origin, kind: kind.id, channel: id, values, key: null },
        kind.table,
      ),
    [id, kind, values],
  );
  const groups = GROUPS.map((group) => ({
    group,
    parameters: Object.entries(kind.table).filter(
      ([name, parameter]) => parameter.group === group && !HIDDEN.has(name),
    ),
  })).filter(({ parameters }) => parameters.length > 0);
  const take = (text: string): void => {
    setPasted(text);
    if (text.trim() === "") return setPasteError(undefined);
    const read = readAddress(text, TABLES);
    if (read === null) return setPasteError("This is no address of an overlay.");
    if (read.kind !== kind.id) return setPasteError(`This is an address of ${read.kind}.`);
    setPasteError(undefined);
    setValues(read.values);
    // It may have a key in it, which nobody has to see.
    setPasted("");
  };
  return (
    <div class="configurator">
      <div class="config-form">
        <p class="about">{kind.about}</p>
        {groups.map(({ group, parameters }, at) => (
          <details key={group} class="group" open={at === 0}>
            <summary>
              {group}
              <span class="dim">
                {" "}
                {sayChanged(parameters.filter(([name]) => own(values, name) !== undefined).length)}
              </span>
            </summary>
            <div class="group-fields">
              {parameters.map(([name, parameter]) => (
                <ParameterField
                  key={name}
                  name={name}
                  parameter={parameter}
                  value={own(values, name)}
                  onValue={(value) => {
                    const rest = Object.entries(values).filter(([each]) => each !== name);
                    setValues(Object.fromEntries(value === null ? rest : [...rest, [name, value]]));
                  }}
                />
              ))}
            </div>
          </details>
        ))}
        <details class="group">
          <summary>Own CSS, and an address that you have</summary>
          <div class="group-fields">
            <div class="field">
              <label for="own-css">Own CSS</label>
              <textarea
                id="own-css"
                class="mono"
                value={css}
                spellcheck={false}
                onInput={(event) => setCss(event.currentTarget.value)}
              />
              <p class="help">
                It lives in OBS, in the source's Custom CSS, and never in the address. Dragged onto
                OBS it goes along.
              </p>
            </div>
            <TextField
              label="Paste an address of yours"
              value={pasted}
              onInput={take}
              type="password"
              autocomplete="off"
              help="The form is filled from it. Its key is not taken."
              error={pasteError}
            />
          </div>
        </details>
      </div>
      <div class="config-side">
        <Preview kind={kind} address={bare} />
        <Section title="Its address">
          <AddressButtons id={id} kind={kind} values={values} css={css} onKey={onKey} />
          <p class="address code">{bare.replace(location.origin, "")}</p>
        </Section>
        <details class="group">
          <summary>
            Into OBS and others ({kind.width} × {kind.height})
          </summary>
          <dl class="programs">
            {programs.map(([name, steps]) => (
              <div key={name}>
                <dt>{name}</dt>
                <dd>{steps}</dd>
              </div>
            ))}
            <div>
              <dt>Size</dt>
              <dd>
                {kind.width} wide, {kind.height} high; 30 frames a second are enough.
              </dd>
            </div>
          </dl>
        </details>
      </div>
    </div>
  );
}

function sayChanged(count: number): string {
  return count === 0 ? "" : `${count} changed`;
}
