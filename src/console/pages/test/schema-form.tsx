import { signal } from "@preact/signals";
import { useEffect, useMemo, useState } from "preact/hooks";

import { ask } from "../../api/call.ts";
import { useAsked } from "../../state/asked.ts";
import {
  fillFrom,
  listFields,
  makeData,
  type NamedField,
  type Schema,
} from "../../state/schema.ts";
import { presets } from "../../text/presets.ts";
import { Button } from "../../ui/button.tsx";
import { Check, SelectField, TextField } from "../../ui/field.tsx";
import { Skeleton } from "../../ui/parts.tsx";
import { ProblemBox } from "../../ui/problem.tsx";

/** The texts that were typed last, for as long as the tab is there. */
const kept = signal<ReadonlyMap<string, ReadonlyMap<string, string>>>(new Map());
const lastType = signal("channel.follow");

interface Props {
  readonly isBusy: boolean;
  readonly lacks: string | undefined;
  readonly onSend: (type: string, data: Record<string, unknown>) => void;
}

/** A form made of a type's own schema. */
export function SchemaForm({ isBusy, lacks, onSend }: Props) {
  const types = useAsked<readonly { readonly type: string }[]>("/schemas", { isList: true });
  const type = lastType.value;
  const [schema, setSchema] = useState<Schema | null>(null);
  const fields = useMemo(() => {
    const data = schema?.properties?.["data"];
    return schema === null || data === undefined ? [] : listFields(data, schema);
  }, [schema]);
  const values = kept.value.get(type) ?? new Map<string, string>();
  const [wrong, setWrong] = useState<readonly string[]>([]);
  useEffect(() => {
    const aborter = new AbortController();
    setSchema(null);
    ask<Schema>(`/schemas/${type}.json`, { signal: aborter.signal }).then(setSchema, () => {
      // The list above says that the relay is away.
    });
    return () => aborter.abort();
  }, [type]);
  useEffect(() => {
    if (fields.length === 0 || kept.value.has(type)) return;
    const preset = presets
      .flatMap(({ make }) =>
        make({ platform: "twitch", id: () => "test-1", last: null, now: new Date().toISOString() }),
      )
      .find((each) => each.type === type);
    if (preset !== undefined)
      kept.value = new Map([...kept.value, [type, fillFrom(fields, preset.data)]]);
  }, [fields, type]);
  const set = (path: string, text: string): void => {
    kept.value = new Map([...kept.value, [type, new Map([...values, [path, text]])]]);
  };
  if (types.data === null) {
    return types.error === null ? (
      <Skeleton rows={4} />
    ) : (
      <ProblemBox error={types.error} again={types.again} />
    );
  }
  return (
    <form
      class="stack"
      onSubmit={(event) => {
        event.preventDefault();
        const made = makeData(fields, values);
        setWrong(made.wrong);
        if (made.wrong.length === 0) onSend(type, made.data);
      }}
    >
      <SelectField
        label="Type"
        value={type}
        onInput={(next) => {
          lastType.value = next;
        }}
        options={types.data.map((each) => [each.type, each.type])}
      />
      {schema === null ? <Skeleton rows={4} /> : null}
      <Fields fields={fields} values={values} wrong={wrong} onSet={set} />
      <div class="row">
        <Button kind="primary" type="submit" lacks={lacks} isBusy={isBusy}>
          Send
        </Button>
      </div>
    </form>
  );
}

function Fields(props: {
  readonly fields: readonly NamedField[];
  readonly values: ReadonlyMap<string, string>;
  readonly wrong: readonly string[];
  readonly onSet: (path: string, text: string) => void;
}) {
  const { fields, values, wrong, onSet } = props;
  return (
    <div class="group-fields flush">
      {fields.map(({ name, path, isRequired, about, field }) => {
        const common = {
          label: name,
          value: values.get(path) ?? "",
          onInput: (text: string) => onSet(path, text),
          optional: !isRequired,
          error: wrong.includes(path) ? "This is none of its kind." : undefined,
          ...(about !== "" && { help: about }),
        };
        switch (field.kind) {
          case "group":
            return (
              <details key={path} class="nested" open={isRequired}>
                <summary>{name}</summary>
                <Fields {...props} fields={field.fields} />
              </details>
            );
          case "choice":
            return (
              <SelectField
                key={path}
                {...common}
                options={[...(isRequired ? [] : [""]), ...field.of].map((each) => [each, each])}
              />
            );
          case "boolean":
            return (
              <Check
                key={path}
                label={name}
                checked={common.value === "true"}
                onChange={(checked) => onSet(path, String(checked))}
              />
            );
          case "number":
            return <TextField key={path} {...common} type="number" step="any" />;
          case "json":
            return <TextField key={path} {...common} placeholder="JSON" />;
          case "text":
            return <TextField key={path} {...common} />;
        }
      })}
    </div>
  );
}
