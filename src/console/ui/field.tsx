import type { ComponentChildren } from "preact";
import { useEffect, useId, useRef } from "preact/hooks";

/** Attributes that tie an input to its label, its help and its error. */
export interface Tied {
  readonly id: string;
  readonly "aria-describedby": string | undefined;
  readonly "aria-invalid": "true" | undefined;
}

interface FieldProps {
  readonly label: string;
  readonly help?: ComponentChildren;
  readonly error?: string | undefined;
  readonly note?: string | undefined;
  readonly optional?: boolean;
  readonly children: (tied: Tied) => ComponentChildren;
}

/** A field with its label above, and below it help, what was taken of it, and what is wrong. */
export function Field({ label, help, error, note, optional = false, children }: FieldProps) {
  const id = useId();
  const ids = [
    help === undefined ? null : `${id}-help`,
    note === undefined ? null : `${id}-note`,
    error === undefined ? null : `${id}-error`,
  ].filter((each) => each !== null);
  return (
    <div class="field">
      <label for={id}>
        {label}
        {optional ? <span class="optional"> optional</span> : null}
      </label>
      {children({
        id,
        "aria-describedby": ids.length > 0 ? ids.join(" ") : undefined,
        "aria-invalid": error === undefined ? undefined : "true",
      })}
      {help === undefined ? null : (
        <p class="help" id={`${id}-help`}>
          {help}
        </p>
      )}
      {note === undefined ? null : (
        <p class="note" id={`${id}-note`}>
          {note}
        </p>
      )}
      {error === undefined ? null : (
        <p class="wrong" id={`${id}-error`} role="alert">
          {error}
        </p>
      )}
    </div>
  );
}

interface TextProps extends Omit<FieldProps, "children"> {
  readonly value: string;
  readonly onInput: (value: string) => void;
  readonly type?: "text" | "password" | "number" | "url" | "search" | "datetime-local";
  readonly placeholder?: string | undefined;
  readonly required?: boolean;
  readonly autofocus?: boolean;
  readonly autocomplete?: string;
  readonly name?: string;
  readonly min?: number;
  readonly max?: number;
  readonly step?: number | "any";
  readonly list?: string;
}

/** A field of one line. A secret one is neither remembered nor corrected. */
export function TextField(props: TextProps) {
  const { value, onInput, type = "text", placeholder, autofocus, autocomplete = "off" } = props;
  const input = useRef<HTMLInputElement>(null);
  useEffect(() => {
    // What comes into a dialog that is open already is not looked at by the browser.
    if (autofocus === true) input.current?.focus();
  }, []);
  return (
    <Field {...props}>
      {(tied) => {
        // One element for all kinds of lines: each kind has a type of its own.
        const attributes: object = {
          type,
          name: props.name,
          required: props.required,
          min: props.min,
          max: props.max,
          step: props.step,
          list: props.list,
          autocomplete,
        };
        return (
          <input
            {...tied}
            {...attributes}
            ref={input}
            value={value}
            placeholder={placeholder}
            autoFocus={autofocus}
            spellcheck={false}
            autocapitalize="off"
            onInput={(event) => onInput(event.currentTarget.value)}
          />
        );
      }}
    </Field>
  );
}

interface SelectProps extends Omit<FieldProps, "children"> {
  readonly value: string;
  readonly onInput: (value: string) => void;
  readonly options: readonly (readonly [value: string, label: string])[];
}

export function SelectField(props: SelectProps) {
  return (
    <Field {...props}>
      {(tied) => (
        <select
          {...tied}
          value={props.value}
          onChange={(event) => props.onInput(event.currentTarget.value)}
        >
          {props.options.map(([value, label]) => (
            <option key={value} value={value}>
              {label}
            </option>
          ))}
        </select>
      )}
    </Field>
  );
}

export function Check(props: {
  readonly label: ComponentChildren;
  readonly checked: boolean;
  readonly onChange: (checked: boolean) => void;
  readonly help?: string;
  readonly disabled?: boolean;
}) {
  const id = useId();
  return (
    <div class="check">
      <input
        type="checkbox"
        id={id}
        checked={props.checked}
        disabled={props.disabled}
        aria-describedby={props.help === undefined ? undefined : `${id}-help`}
        onChange={(event) => props.onChange(event.currentTarget.checked)}
      />
      <label for={id}>{props.label}</label>
      {props.help === undefined ? null : (
        <p class="help" id={`${id}-help`}>
          {props.help}
        </p>
      )}
    </div>
  );
}
