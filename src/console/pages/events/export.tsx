import { useRef, useState } from "preact/hooks";

import { at, open } from "../../api/call.ts";
import { toQuery, type EventFilter } from "../../routes.ts";
import { useDoing } from "../../state/asked.ts";
import { Button } from "../../ui/button.tsx";
import { Dialog } from "../../ui/dialog.tsx";
import { SelectField } from "../../ui/field.tsx";
import { ProblemBox } from "../../ui/problem.tsx";

const FORMS = {
  jsonl: { accept: "application/jsonl", name: "JSON, one event a line" },
  csv: { accept: "text/csv", name: "CSV, for tables" },
} as const;

type Form = keyof typeof FORMS;

/** Saves what is filtered to a file. */
export function Export(props: {
  readonly id: string;
  readonly filter: EventFilter;
  readonly onClose: () => void;
}) {
  const { id, filter, onClose } = props;
  const [form, setForm] = useState<Form>("jsonl");
  const [bytes, setBytes] = useState(0);
  const aborter = useRef(new AbortController());
  const { run, isBusy, error } = useDoing(async () => {
    const query = { ...toQuery(filter), order: "asc", ...(form === "csv" && { bom: true }) };
    const { signal } = aborter.current;
    const response = await open(at`/channels/${id}/events`, {
      query,
      accept: FORMS[form].accept,
      signal,
    });
    const parts: BlobPart[] = [];
    const reader = response.body?.getReader();
    let total = 0;
    for (;;) {
      const chunk = await reader?.read();
      if (chunk?.value === undefined) break;
      parts.push(chunk.value);
      total += chunk.value.length;
      setBytes(total);
    }
    saveFile(`${id}.${form}`, new Blob(parts, { type: FORMS[form].accept }));
    onClose();
  });
  const close = (): void => {
    aborter.current.abort();
    onClose();
  };
  return (
    <Dialog title="Export" onClose={close}>
      <form
        class="stack"
        onSubmit={(event) => {
          event.preventDefault();
          void run();
        }}
      >
        <p>All events of the filter, oldest first.</p>
        <SelectField
          label="Form"
          value={form}
          onInput={(value) => setForm(value as Form)}
          options={Object.entries(FORMS).map(([value, { name }]) => [value, name])}
        />
        <ProblemBox error={error} again={() => void run()} />
        <div class="row end">
          {isBusy ? (
            <span class="dim" role="status">
              {(bytes / 1024 / 1024).toFixed(1)} MB
            </span>
          ) : null}
          <Button onClick={close}>Cancel</Button>
          <Button kind="primary" type="submit" isBusy={isBusy}>
            Save a file
          </Button>
        </div>
      </form>
    </Dialog>
  );
}

/** Hands a file to the browser. */
export function saveFile(name: string, contents: Blob): void {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(contents);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}
