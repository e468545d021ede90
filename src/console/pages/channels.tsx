import { useLocation } from "preact-iso/router";
import { useEffect, useState } from "preact/hooks";

import { ask } from "../api/call.ts";
import type { Channel } from "../api/types.ts";
import { formatRoute } from "../routes.ts";
import { useAsked, useDoing } from "../state/asked.ts";
import { closeChannel } from "../state/channel.ts";
import { may } from "../state/session.ts";
import { Button } from "../ui/button.tsx";
import { TextField } from "../ui/field.tsx";
import { Icon } from "../ui/icons.tsx";
import { Badge, Empty, PageHead, Skeleton } from "../ui/parts.tsx";
import { ProblemBox, wrongWith } from "../ui/problem.tsx";
import { AccountMenu } from "./account.tsx";

/** The channels that the key opens, and how another is made. */
export function Channels() {
  const { data, error, again } = useAsked<readonly Channel[]>("/channels", { isList: true });
  const [isMaking, setMaking] = useState(false);
  useEffect(closeChannel, []);
  const isNew = data?.length === 0 && may("channels:manage");
  return (
    <div class="plain-page">
      <header class="bar">
        <a class="brand" href="/console/">
          <Icon name="logo" size={24} />
          <span>Tributary</span>
        </a>
        <AccountMenu />
      </header>
      <main id="main" class="page narrow">
        <PageHead
          title={isNew ? "Make your channel" : "Channels"}
          about={
            isNew
              ? "A channel has one stream's events, of all the services that you link to it."
              : undefined
          }
          actions={
            data === null || data.length === 0 ? undefined : (
              <Button
                kind="primary"
                icon="plus"
                lacks={may("channels:manage") ? undefined : "channels:manage"}
                onClick={() => setMaking(!isMaking)}
              >
                New channel
              </Button>
            )
          }
        />
        {isNew || isMaking ? <NewChannel /> : null}
        <ProblemBox error={error} again={again} />
        {data === null && error === null ? <Skeleton rows={3} /> : null}
        {data?.length === 0 && !isNew ? (
          <Empty title="Your key opens no channel">
            <p>Ask whoever gave it to you for one that is bound to a channel.</p>
          </Empty>
        ) : null}
        {data === null || data.length === 0 ? null : (
          <ul class="tiles">
            {data.map((channel) => (
              <li key={channel.id}>
                <a class="tile" href={formatRoute(channel.id)}>
                  <span class="tile-mark" aria-hidden="true">
                    {channel.name.slice(0, 1).toUpperCase()}
                  </span>
                  <span class="tile-words">
                    <strong>{channel.name}</strong>
                    <span class="dim">{channel.id}</span>
                  </span>
                  {channel.public ? <Badge tone="info">public</Badge> : null}
                </a>
              </li>
            ))}
          </ul>
        )}
      </main>
    </div>
  );
}

/** A name as a channel's id: what may be in an address, and nothing else. */
export function makeChannelId(name: string): string {
  return name
    .normalize("NFKD")
    .replaceAll(/\p{M}/gu, "")
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, "-")
    .replace(/^-+/, "")
    .slice(0, 40)
    .replace(/-+$/, "");
}

function NewChannel() {
  const { route } = useLocation();
  const [name, setName] = useState("");
  const [id, setId] = useState<string | null>(null);
  const taken = id ?? makeChannelId(name);
  const { run, isBusy, error } = useDoing(async () => {
    const made = await ask<Channel>("/channels", {
      method: "POST",
      body: { id: taken, ...(name.trim() !== "" && { name: name.trim() }) },
    });
    route(formatRoute(made.id));
  });
  const idWrong =
    wrongWith(error, "/id") ??
    (error?.code === "channel_exists" || error?.status === 409
      ? "There is a channel of this id already."
      : undefined);
  return (
    <form
      class="card stack"
      onSubmit={(event) => {
        event.preventDefault();
        if (taken !== "") void run();
      }}
    >
      <TextField
        label="Name"
        value={name}
        onInput={setName}
        autofocus
        error={wrongWith(error, "/name")}
      />
      <TextField
        label="Id"
        value={taken}
        onInput={(text) => setId(text.toLowerCase())}
        help="It stands in addresses, and stays."
        error={idWrong}
      />
      {error?.status === 409 ? null : <ProblemBox error={error} known={["/id", "/name"]} />}
      <div class="row">
        <Button kind="primary" type="submit" isBusy={isBusy} disabled={taken === ""}>
          Make the channel
        </Button>
      </div>
    </form>
  );
}
