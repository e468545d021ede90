import { Component } from "preact";

import type { StreamEvent } from "../../../client/event-types.ts";
import type { Fragment } from "../../../client/events.ts";
import type { Line } from "../../state/lines.ts";
import { sayEvent } from "../../text/events.ts";
import { Button } from "../../ui/button.tsx";
import { Badge, Platform, Time } from "../../ui/parts.tsx";

interface Props {
  readonly line: Line;
  readonly isPicked: boolean;
  /** It says one's own name, and that is asked for. */
  readonly isMention: boolean;
  readonly onReply: ((event: StreamEvent) => void) | undefined;
  readonly onAct: ((command: "feature" | "hide", event: StreamEvent) => void) | undefined;
}

interface Said {
  readonly user?: {
    readonly name?: string;
    readonly login?: string;
    readonly color?: string;
    readonly roles?: readonly string[];
  };
  readonly message?: {
    readonly text: string;
    readonly fragments?: readonly Fragment[];
    readonly action?: boolean;
    readonly first?: boolean;
  };
}

/** One line. It is made again only where it was struck out or picked. */
export class ChatLine extends Component<Props> {
  override shouldComponentUpdate({ line, isPicked, isMention }: Props): boolean {
    const { props } = this;
    return (
      line.struck !== props.line.struck ||
      isPicked !== props.isPicked ||
      isMention !== props.isMention
    );
  }

  override render({ line: { event, struck }, isMention, onReply, onAct }: Props) {
    const { user, message } = event.data as Said;
    const isChat = event.type === "chat.message" && message !== undefined;
    const name = user?.name ?? user?.login ?? "";
    return (
      <div
        class={`chat-line${struck === null ? "" : " struck"}${isMention ? " mention" : ""}`}
        id={`line-${event.id}`}
        tabIndex={-1}
        onKeyDown={(pressed) => {
          if (pressed.target !== pressed.currentTarget || struck !== null) return;
          if (pressed.key === "f") onAct?.("feature", event);
          else if (pressed.key === "h") onAct?.("hide", event);
          else if (pressed.key === "r" || pressed.key === "Enter") onReply?.(event);
          else return;
          pressed.preventDefault();
        }}
      >
        <Platform name={event.platform} bare />
        <div class="chat-words">
          {isChat ? (
            <>
              <bdi class="chat-name">{name}</bdi>
              {user?.roles?.includes("moderator") === true ? <Badge tone="info">mod</Badge> : null}
              {message.first === true ? <Badge tone="info">first</Badge> : null}
              {isMention ? <Badge tone="wait">mention</Badge> : null}
              {event.test === true ? <Badge tone="calm">test</Badge> : null}{" "}
              <bdi class={message.action === true ? "chat-text action" : "chat-text"}>
                <Fragments text={message.text} fragments={message.fragments ?? []} />
              </bdi>
            </>
          ) : (
            <>
              {event.test === true ? <Badge tone="calm">test</Badge> : null}{" "}
              <bdi class="chat-text">{sayEvent(event)}</bdi>
            </>
          )}
          {struck === null ? null : <span class="struck-why"> {struck}</span>}
        </div>
        <span class="chat-time dim">
          <Time at={event.recordedtime} />
        </span>
        {struck === null && (onReply !== undefined || onAct !== undefined) ? (
          <div class="chat-acts">
            {isChat && onReply !== undefined ? (
              <Button
                small
                kind="quiet"
                icon="reply"
                label={`Answer ${name}`}
                onClick={() => onReply(event)}
              />
            ) : null}
            {onAct === undefined ? null : (
              <>
                {isChat ? (
                  <Button
                    small
                    kind="quiet"
                    icon="star"
                    label="Feature it on the stream"
                    onClick={() => onAct("feature", event)}
                  />
                ) : null}
                <Button
                  small
                  kind="quiet"
                  icon="close"
                  label="Hide it from overlays"
                  onClick={() => onAct("hide", event)}
                />
              </>
            )}
          </div>
        ) : null}
      </div>
    );
  }
}

/** The text of a line, with its emotes' pictures. Attachments are never loaded. */
function Fragments(props: { readonly text: string; readonly fragments: readonly Fragment[] }) {
  const { text, fragments } = props;
  if (fragments.length === 0) return <>{text}</>;
  return (
    <>
      {fragments.map((fragment, at) => {
        const { type, text: words, image } = fragment;
        const address = type === "emote" ? image?.replace(/^http:/, "https:") : undefined;
        return address?.startsWith("https://") === true ? (
          <img
            key={at}
            class="emote"
            src={address}
            alt={words}
            title={words}
            loading="lazy"
            referrerpolicy="no-referrer"
          />
        ) : (
          <span key={at} class={type === "mention" ? "mention" : undefined}>
            {words}
          </span>
        );
      })}
    </>
  );
}
