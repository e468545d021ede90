import type { Parameter } from "../../../overlay/kit/parameters.ts";
import { formatDefault } from "../../state/address.ts";
import { Check, Field, SelectField, TextField } from "../../ui/field.tsx";

interface Props {
  readonly name: string;
  readonly parameter: Parameter;
  /** Left out: the usual value. */
  readonly value: string | undefined;
  readonly onValue: (value: string | null) => void;
}

/** A field for one parameter, by its kind. */
export function ParameterField({ name, parameter, value, onValue }: Props) {
  const usual = formatDefault(parameter);
  const shown = value ?? usual;
  const set = (next: string): void => onValue(next === usual ? null : next);
  const { label, help } = parameter;
  switch (parameter.kind) {
    case "switch":
      return (
        <Check
          label={label}
          {...(help !== undefined && { help })}
          checked={shown === "on"}
          onChange={(checked) => set(checked ? "on" : "off")}
        />
      );
    case "choice":
      return (
        <SelectField
          label={label}
          help={help}
          value={shown}
          onInput={set}
          options={parameter.of.map((each) => [each, each])}
        />
      );
    case "list": {
      const picked = shown.split(",").filter(Boolean);
      return (
        <fieldset class="field">
          <legend>{label}</legend>
          <div class="row list-field">
            {parameter.of.map((each) => (
              <Check
                key={each}
                label={each}
                checked={picked.includes(each)}
                onChange={(checked) =>
                  set(
                    parameter.of
                      .filter((word) => (word === each ? checked : picked.includes(word)))
                      .join(","),
                  )
                }
              />
            ))}
          </div>
          {help === undefined ? null : <p class="help">{help}</p>}
        </fieldset>
      );
    }
    case "whole":
    case "number":
      return <NumberField {...{ name, parameter, value, onValue }} />;
    case "color":
      return (
        <Field label={label} help={help}>
          {(tied) => (
            <div class="row color-field">
              <input
                type="color"
                aria-label={`${label}, as a colour`}
                value={/^#[0-9a-f]{6}/i.test(shown) ? shown.slice(0, 7) : "#808080"}
                onInput={(event) => set(event.currentTarget.value)}
              />
              <input
                {...tied}
                type="text"
                value={shown}
                placeholder="as the theme has it"
                spellcheck={false}
                onInput={(event) => set(event.currentTarget.value)}
              />
            </div>
          )}
        </Field>
      );
    case "words":
    case "url":
    case "time":
    case "language":
    case "slug":
    case "text":
    case "amount":
      return (
        <TextField
          label={label}
          help={help}
          value={shown}
          onInput={set}
          placeholder={parameter.kind === "words" ? "one, another" : undefined}
        />
      );
  }
}

function NumberField({ parameter, value, onValue }: Props) {
  if (parameter.kind !== "whole" && parameter.kind !== "number") return null;
  const { label, help, min, max } = parameter;
  const usual = formatDefault(parameter);
  const shown = value ?? usual;
  const number = parameter.words !== undefined && shown in parameter.words ? "" : shown;
  const set = (next: string): void => onValue(next === usual || next === "" ? null : next);
  const isNarrow = max - min <= 200;
  const step = parameter.kind === "whole" ? 1 : 0.1;
  return (
    <Field label={label} help={help}>
      {(tied) => (
        <div class="row number-field">
          {isNarrow ? (
            <input
              type="range"
              aria-label={`${label}, as a slider`}
              min={min}
              max={max}
              step={step}
              value={number === "" ? String(min) : number}
              onInput={(event) => set(event.currentTarget.value)}
            />
          ) : null}
          <input
            {...tied}
            type="number"
            min={min}
            max={max}
            step={step}
            value={number}
            onInput={(event) => set(event.currentTarget.value)}
          />
        </div>
      )}
    </Field>
  );
}
