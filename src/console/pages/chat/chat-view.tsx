import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";

import type { StreamEvent } from "../../../client/event-types.ts";
import { reportFault } from "../../api/fault.ts";
import { connections } from "../../state/channel.ts";
import { isMention, pickSound } from "../../state/heed.ts";
import { dropLines, takeEvents, type Line } from "../../state/lines.ts";
import { onEvents } from "../../state/log.ts";
import { tellOverlays } from "../../state/overlays.ts";
import { alertSound, mentions } from "../../state/preferences.ts";
import { may } from "../../state/session.ts";
import { playSound } from "../../state/sound.ts";
import { Button } from "../../ui/button.tsx";
import { Empty, Skeleton, Tabs } from "../../ui/parts.tsx";
import { ProblemBox } from "../../ui/problem.tsx";
import { tell } from "../../ui/toast.tsx";
import { useCommand } from "../keys.tsx";
import { AlertControls } from "./alerts.tsx";
import { Composer, type Answering } from "./composer.tsx";
import { ChatLine } from "./line.tsx";
import { usePast, type ChatPast } from "./past.ts";

const VIEWS = [
  ["chat", "Chat"],
  ["activity", "Activity"],
  ["alerts", "Alerts"],
] as const;
/** Above so many lines a second nobody has each of them read aloud. */
const CALM = 3;
/** As many are drawn at the end of the chat; whoever scrolls up gets all of them. */
const AT_END = 80;

/** The chat of all platforms, what is answered to it, and what overlays are told. */
export function ChatView({ id }: { id: string }) {
  const [view, setView] = useState<string>("chat");
  const [lines, setLines] = useState<readonly Line[]>([]);
  const [answering, setAnswering] = useState<Answering | null>(null);
  const [pace, setPace] = useState(0);
  const [picked, setPicked] = useState<string | null>(null);

  const past = usePast(id, setLines);
  useEffect(() => {
    const off = onEvents((events, live) => {
      const sound = pickSound(live, {
        alerts: alertSound.peek(),
        mentions: mentions.peek(),
        names: listNames(),
      });
      if (sound !== null) playSound(sound);
      setLines((old) => takeEvents(old, events, Date.now()));
      setPace(events.filter(({ type }) => type === "chat.message").length * 4);
    });
    const timer = setInterval(() => setLines((old) => dropLines(old, Date.now())), 500);
    return () => {
      off();
      clearInterval(timer);
    };
  }, [id]);

  const isChat = view === "chat";
  const shown = lines.filter(({ event }) => event.type.startsWith("chat.") === isChat);
  const mayTell = may("events:write", id);
  const act = async (command: "feature" | "hide", event: StreamEvent): Promise<void> => {
    try {
      await tellOverlays(id, command === "feature" ? "featured" : "*", command, { id: event.id });
      tell(command === "feature" ? "Shown in the featured overlay" : "Hidden from overlays");
    } catch (error) {
      reportFault(error);
      // The bar says that the relay is away; a refusal is one of the key's.
      tell("Overlays could not be told", "bad");
    }
  };
  useCommand((command) => {
    if (command !== "next" && command !== "previous") return false;
    const at = shown.findIndex(({ event }) => event.id === picked);
    const by = command === "next" ? 1 : -1;
    const next = shown[at === -1 ? shown.length - 1 : at + by];
    if (next === undefined) return false;
    setPicked(next.event.id);
    document.getElementById(`line-${next.event.id}`)?.focus();
    return true;
  });

  return (
    <div class="chat">
      <Tabs label="Chat and what belongs to it" tabs={VIEWS} open={view} onOpen={setView} />
      {view === "alerts" ? (
        <AlertControls id={id} lines={lines} />
      ) : (
        <Lines
          lines={shown}
          label={isChat ? "Chat" : "Activity"}
          isFast={pace > CALM}
          empty={isChat ? "Nobody has said anything yet" : "Nothing has happened yet"}
          past={past}
          picked={picked}
          onReply={isChat ? (event) => setAnswering({ event, name: readName(event) }) : undefined}
          onAct={mayTell ? (command, event) => void act(command, event) : undefined}
        />
      )}
      {isChat ? (
        <Composer id={id} answering={answering} onAnswered={() => setAnswering(null)} />
      ) : null}
    </div>
  );
}

/** The names that one is called by: those of the accounts. */
function listNames(): string[] {
  return connections.peek().flatMap(({ target }) => target?.name ?? []);
}

function readName({ data }: StreamEvent): string {
  const { user } = data as { user?: { name?: string; login?: string } };
  return user?.name ?? user?.login ?? "";
}

interface LinesProps {
  readonly lines: readonly Line[];
  readonly label: string;
  readonly empty: string;
  readonly past: ChatPast;
  readonly isFast: boolean;
  readonly picked: string | null;
  readonly onReply: ((event: StreamEvent) => void) | undefined;
  readonly onAct: ((command: "feature" | "hide", event: StreamEvent) => void) | undefined;
}

/** Lines, newest last. They stick to the end, unless somebody reads further up. */
function Lines({ lines, label, empty, past, isFast, picked, onReply, onAct }: LinesProps) {
  const box = useRef<HTMLDivElement>(null);
  const [isAtEnd, setAtEnd] = useState(true);
  const top = useRef(0);
  const names = mentions.value ? listNames() : [];
  const toEnd = (): void => {
    const { current } = box;
    if (current !== null) current.scrollTop = current.scrollHeight;
  };
  useLayoutEffect(() => {
    if (isAtEnd) toEnd();
  }, [lines, isAtEnd]);
  useEffect(() => {
    const { current } = box;
    if (current === null || !isAtEnd) return;
    // A window of another size, and a keyboard that opens, change where the end is.
    const observer = new ResizeObserver(toEnd);
    observer.observe(current);
    return () => observer.disconnect();
  }, [isAtEnd]);
  return (
    <div class="chat-box">
      <div
        ref={box}
        class="chat-lines"
        role="log"
        aria-live={isFast ? "off" : "polite"}
        aria-label={label}
        tabIndex={0}
        onScroll={(event) => {
          const { scrollTop, clientHeight, scrollHeight } = event.currentTarget;
          const isUp = scrollTop < top.current;
          top.current = scrollTop;
          // Only who scrolls up leaves the end: lines that come move it away as well.
          if (scrollTop + clientHeight > scrollHeight - 40) setAtEnd(true);
          else if (isUp) setAtEnd(false);
        }}
      >
        <ProblemBox error={past.error} again={past.again} />
        {lines.length === 0 && past.isAsking ? <Skeleton rows={6} /> : null}
        {lines.length === 0 && !past.isAsking && past.error === null ? (
          <Empty icon="chat" title={empty} />
        ) : null}
        {(isAtEnd ? lines.slice(-AT_END) : lines).map((line) => (
          <ChatLine
            key={line.event.id}
            line={line}
            isMention={mentions.value && isMention(line.event, names)}
            isPicked={line.event.id === picked}
            onReply={onReply}
            onAct={onAct}
          />
        ))}
      </div>
      {isAtEnd ? null : (
        <div class="to-end">
          <Button small kind="primary" icon="down" onClick={toEnd}>
            Newest
          </Button>
        </div>
      )}
      {isFast ? <Tally count={lines.length} /> : null}
    </div>
  );
}

const TALLY_MS = 10_000;

/** Says how many lines came, where each would be too many to be read aloud. */
function Tally({ count }: { count: number }) {
  const [said, setSaid] = useState("");
  const counted = useRef(count);
  const now = useRef(count);
  now.current = count;
  useEffect(() => {
    const timer = setInterval(() => {
      const came = Math.max(0, now.current - counted.current);
      counted.current = now.current;
      if (came > 0) setSaid(`${came} new messages`);
    }, TALLY_MS);
    return () => clearInterval(timer);
  }, []);
  return (
    <p class="unseen" role="status">
      {said}
    </p>
  );
}
