import { useEffect, useRef, useState } from "preact/hooks";

import type { StreamEvent } from "../../../client/event-types.ts";
import type { Connection } from "../../../client/events.ts";
import { own } from "../../api/own.ts";
import { connections } from "../../state/channel.ts";
import { sendLine } from "../../state/sends.ts";
import { may } from "../../state/session.ts";
import { LIMITS } from "../../text/limits.ts";
import { Button } from "../../ui/button.tsx";
import { nameTarget, Outcomes } from "./outcomes.tsx";

export interface Answering {
  readonly event: StreamEvent;
  readonly name: string;
}

interface Props {
  readonly id: string;
  readonly answering: Answering | null;
  readonly onAnswered: () => void;
}

/** Tells if a connection takes chat: one that takes interfaces only would have the whole send refused. */
function takesChat({ writable, takes, identifier }: Connection): boolean {
  return writable && (takes?.includes("chat") ?? !identifier.startsWith("interactive-sync:"));
}

/** Tells if a connection's platform is told which message is answered. */
function takesReplies(identifier = ""): boolean {
  return /^(?:twitch-|kick:)/.test(identifier);
}

/** One line to all that are pressed, and what became of the last ones. */
export function Composer({ id, answering, onAnswered }: Props) {
  const [text, setText] = useState("");
  const [off, setOff] = useState<ReadonlySet<string>>(new Set());
  const last = useRef("");
  const field = useRef<HTMLInputElement>(null);
  const takers = connections.value.filter(takesChat);
  const only =
    answering === null
      ? null
      : (takers.find(({ identifier }) => identifier === answering.event.connectionid) ??
        takers.find(({ platform }) => platform === answering.event.platform) ??
        null);
  const pressed = takers.filter(
    ({ identifier, ready }) =>
      ready && (answering === null ? !off.has(identifier) : identifier === only?.identifier),
  );

  useEffect(() => {
    if (answering === null) return;
    // Where the platform takes no replies, a name before the words is one.
    if (!takesReplies(only?.identifier))
      setText((old) => (old === "" ? `@${answering.name} ` : old));
    field.current?.focus();
  }, [answering]);

  if (!may("chat:write", id)) return <p class="composer dim">To write, a key needs chat:write.</p>;

  const kind = text.startsWith("/me ") ? "emote" : "text";
  const words = kind === "emote" ? text.slice(4).trim() : text.trim();
  const length = Array.from(words).length;
  const over = pressed.filter(({ platform }) => length > (own(LIMITS, platform) ?? Infinity));
  const send = (): void => {
    if (words === "" || pressed.length === 0) return;
    last.current = text;
    void sendLine(
      words,
      kind,
      pressed.map(({ identifier }) => identifier),
      answering !== null && takesReplies(only?.identifier)
        ? readMessageId(answering.event)
        : undefined,
    );
    setText("");
    onAnswered();
  };
  return (
    <div class="composer">
      <Outcomes />
      {answering === null ? null : (
        <p class="answering">
          {only === null ? (
            <>Nobody can write where {answering.name} is.</>
          ) : (
            <>
              Answering <bdi>{answering.name}</bdi> on {nameTarget(only)}
            </>
          )}
          <Button small kind="quiet" icon="close" label="Answer nobody" onClick={onAnswered} />
        </p>
      )}
      <form
        class="compose-line"
        onSubmit={(event) => {
          event.preventDefault();
          send();
        }}
      >
        <input
          ref={field}
          type="text"
          aria-label="Message"
          placeholder={takers.length === 0 ? "No account can be written to" : "Say something…"}
          value={text}
          maxLength={2_000}
          autocomplete="off"
          onInput={(event) => setText(event.currentTarget.value)}
          onKeyDown={(event) => {
            if (event.key === "ArrowUp" && text === "" && last.current !== "") {
              event.preventDefault();
              setText(last.current);
            }
            if (event.key === "Escape" && answering !== null) onAnswered();
          }}
        />
        <Button
          kind="primary"
          icon="send"
          type="submit"
          label="Send"
          disabled={words === "" || pressed.length === 0}
        />
      </form>
      {over.length === 0 ? null : (
        <p class="wrong" role="status">
          {length} characters: too long for{" "}
          {over.map(({ platform }) => `${platform} (${own(LIMITS, platform)})`).join(", ")}
        </p>
      )}
      <fieldset class="targets">
        <legend class="unseen">Where it goes</legend>
        {takers.map((connection) => {
          const { identifier, platform, ready } = connection;
          const isOn = pressed.includes(connection);
          return (
            <button
              key={identifier}
              type="button"
              class="chip"
              aria-pressed={isOn}
              aria-disabled={!ready || answering !== null}
              title={ready ? identifier : "Not ready to be written to"}
              onClick={() => {
                if (!ready || answering !== null) return;
                const next = new Set(off);
                if (!next.delete(identifier)) next.add(identifier);
                setOff(next);
              }}
            >
              <span class="platform" data-platform={platform}>
                <bdi>{nameTarget(connection)}</bdi>
              </span>
              <span class="unseen"> on {platform}</span>
              {ready ? null : <span class="dim"> not ready</span>}
            </button>
          );
        })}
      </fieldset>
    </div>
  );
}

/** The platform's id of a line, where it has one. */
function readMessageId({ data }: StreamEvent): string | undefined {
  const id = (data as { message?: { id?: string } }).message?.id;
  return id === "" ? undefined : id;
}
