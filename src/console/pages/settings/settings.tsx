import { useLocation } from "preact-iso/router";
import { useState } from "preact/hooks";

import { ask, at } from "../../api/call.ts";
import type { Channel, ChannelPatch } from "../../api/types.ts";
import { NO_FILTER } from "../../routes.ts";
import { useDoing } from "../../state/asked.ts";
import { channel } from "../../state/channel.ts";
import { may } from "../../state/session.ts";
import { listGateways } from "../../text/gateways.ts";
import { Button } from "../../ui/button.tsx";
import { Copy } from "../../ui/copy.tsx";
import { Confirm } from "../../ui/dialog.tsx";
import { Check, SelectField, TextField } from "../../ui/field.tsx";
import { PageHead, Section, Skeleton, Time } from "../../ui/parts.tsx";
import { ProblemBox, wrongWith } from "../../ui/problem.tsx";
import { tell } from "../../ui/toast.tsx";
import { Export } from "../events/export.tsx";

/** The channel itself: its name, who may read, how long it keeps, and its end. */
export function Settings({ id }: { id: string }) {
  const { route } = useLocation();
  const { value } = channel;
  const [isDeleting, setDeleting] = useState(false);
  const [isExporting, setExporting] = useState(false);
  const lacks = may("channels:manage", id) ? undefined : "channels:manage";
  if (value === null) return <Skeleton rows={6} />;
  return (
    <>
      <PageHead
        title="Settings"
        about={
          <>
            <code>{value.id}</code>, made <Time at={value.createdAt} />
          </>
        }
      />
      <General key={value.id} value={value} lacks={lacks} />
      <Section
        title="Addresses for other programs"
        about="Programs that speak a provider's protocol connect here instead, and hear this channel."
      >
        <div class="table-box">
          <table class="table">
            <thead>
              <tr>
                <th scope="col">Protocol</th>
                <th scope="col">Address</th>
                <th scope="col">Where the key goes</th>
                <th scope="col">
                  <span class="unseen">Actions</span>
                </th>
              </tr>
            </thead>
            <tbody>
              {listGateways(location.origin, id).map(({ protocol, address, credential }) => (
                <tr key={protocol}>
                  <td>{protocol}</td>
                  <td>
                    <code>{address}</code>
                  </td>
                  <td data-label="Key">{credential}</td>
                  <td>
                    <Copy small text={address} />
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      </Section>
      <Section
        title="Export"
        about="All events that are kept, as JSON or as a table."
        actions={<Button onClick={() => setExporting(true)}>Export</Button>}
      >
        <p class="help">For a part of them, filter under Events and export there.</p>
      </Section>
      <Section
        title="Delete the channel"
        about="Its log, its sources, keys and webhooks end with it. Nothing of it comes back, also not under the same name."
        class="troubles"
        actions={
          <Button kind="danger" lacks={lacks} onClick={() => setDeleting(true)}>
            Delete the channel
          </Button>
        }
      >
        {null}
      </Section>
      {isDeleting ? (
        <Confirm
          title={`Delete ${value.name}`}
          action="Delete for good"
          typed={value.name}
          onClose={() => setDeleting(false)}
          onConfirm={async () => {
            await ask(at`/channels/${id}`, { method: "DELETE" });
            tell(`${value.name} was deleted`);
            route("/console/", true);
          }}
        >
          <p>This cannot be undone. Export first what you want to keep.</p>
        </Confirm>
      ) : null}
      {isExporting ? (
        <Export id={id} filter={NO_FILTER} onClose={() => setExporting(false)} />
      ) : null}
    </>
  );
}

function General({ value, lacks }: { value: Channel; lacks: string | undefined }) {
  const [name, setName] = useState(value.name);
  const [isPublic, setPublic] = useState(value.public);
  const [days, setDays] = useState(String(value.retentionDays));
  const [mode, setMode] = useState(value.mode);
  const [merge, setMerge] = useState(value.merge);
  const { run, isBusy, error } = useDoing(async () => {
    const body: ChannelPatch = {
      name,
      public: isPublic,
      retentionDays: Number(days),
      mode,
      merge,
    };
    channel.value = await ask<Channel>(at`/channels/${value.id}`, { method: "PATCH", body });
    tell("Saved");
  });
  return (
    <Section title="General">
      <form
        class="stack"
        onSubmit={(event) => {
          event.preventDefault();
          void run();
        }}
      >
        <div class="group-fields flush">
          <TextField
            label="Name"
            value={name}
            onInput={setName}
            error={wrongWith(error, "/name")}
          />
          <TextField
            label="Days that events are kept"
            type="number"
            min={1}
            value={days}
            onInput={setDays}
            help="Each event costs about a row of the database, as long as it is kept."
            error={wrongWith(error, "/retentionDays")}
          />
          <SelectField
            label="Sources are dialled"
            value={mode}
            onInput={(next) => setMode(next as typeof mode)}
            options={[
              ["always", "always"],
              ["on_demand", "while somebody listens"],
            ]}
            help="Always: nothing is missed, and the relay works all day. While somebody listens: it costs next to nothing, and what happens meanwhile is not heard."
          />
          <SelectField
            label="Told by two sources"
            value={merge}
            onInput={(next) => setMerge(next as typeof merge)}
            options={[
              ["exact", "one event, by its id"],
              ["natural", "one event, also by its words"],
              ["off", "two events"],
            ]}
            help="Of two sources that hear one chat, the first to tell is the event; the other is named in it. By its words: where ids are missing, also what both say alike within seconds."
          />
        </div>
        <Check
          label="Public: everybody may read its events without a key"
          checked={isPublic}
          onChange={setPublic}
        />
        <ProblemBox error={error} known={["/name", "/retentionDays"]} again={() => void run()} />
        <div class="row">
          <Button kind="primary" type="submit" lacks={lacks} isBusy={isBusy}>
            Save
          </Button>
        </div>
      </form>
    </Section>
  );
}
