import type { CatalogueType, DataOf } from "../../../event/catalogue.ts";
import type { StreamEvent } from "../../../event/event.ts";
import type { Fragment, Person, User } from "../../../event/shapes.ts";
import { omitUndefined } from "../../../lib/given.ts";
import { memoizePer } from "../../../lib/once.ts";
import { parseTime } from "../../../lib/time.ts";
import { toAccountNumber, toStrayAccount } from "./account-number.ts";
import { toMarkdown } from "./markdown.ts";

/** The internal room's own network. */
export const ROOM = "irc";

/** Somebody in a frame: in the internal room by number, elsewhere by what the network gave them. */
interface Somebody {
  readonly id?: string | number | undefined;
  readonly name: string;
  readonly picture?: string | undefined;
}

/** Something said, before it is a frame. */
interface Saying {
  readonly isAction: boolean;
  readonly account: number;
  /** Undefined for what is private. */
  readonly stream?: number | undefined;
  readonly network: string;
  readonly text: string;
  readonly fragments: readonly Fragment[];
  readonly at: number;
  readonly from: Somebody;
  readonly to?: Somebody;
}

export function formatSaying(saying: Saying): string {
  const { isAction, account, stream, network, text, fragments, at, from, to } = saying;
  return JSON.stringify(
    omitUndefined({
      type: isAction ? "emote" : "text",
      stream_id: stream,
      account_id: account,
      network,
      text,
      markdown: toMarkdown(fragments),
      timestamp: at,
      from,
      to,
    }),
  );
}

/** An event as a stream's clients are told of it; null where there is no word for it. */
export const fromEvent = memoizePer((event: StreamEvent, stream: number): string | null => {
  switch (event.type as CatalogueType) {
    case "chat.message": {
      const { user, message } = event.data as DataOf<"chat.message">;
      if (message.deleted === true) return null;
      const { platform } = event;
      const { action: isAction, text, fragments, to } = message;
      return formatSaying({
        isAction,
        account: findAccount(event),
        network: platform,
        text,
        fragments,
        at: toTime(event),
        from: toAuthor(user, platform),
        ...(to === undefined ? { stream } : { to: toReceiver(to, platform) }),
      });
    }
    case "stream.viewers": {
      const { count } = event.data as DataOf<"stream.viewers">;
      return formatViewers(findAccount(event), count, stream);
    }
    default:
      return null;
  }
});

export function formatViewers(account: number, count: number, stream: number): string {
  return JSON.stringify({
    type: "viewcountresult",
    viewer_count: Math.max(0, Math.round(count)),
    stream_id: stream,
    account_id: account,
  });
}

/** The account that an event is told to come by. What is said in the internal room comes by 0. */
export function findAccount({ connectionid, platform }: StreamEvent): number {
  if (connectionid !== undefined) return toAccountNumber(connectionid);
  return platform === ROOM ? 0 : toStrayAccount(platform);
}

function toAuthor({ id, name, avatar, anonymous }: User, platform: string): Somebody {
  return omitUndefined({
    id: anonymous || id === "" ? undefined : toPlatformId(platform, id),
    name,
    picture: avatar,
  });
}

/** Nobody in particular is told of with nothing in his fields: pages read both. */
function toReceiver({ id = "", name = "" }: Person, platform: string): Somebody {
  return { id: toPlatformId(platform, id), name };
}

function toPlatformId(platform: string, id: string): string | number {
  return platform === ROOM && /^(0|[1-9]\d{0,14})$/.test(id) ? Number(id) : id;
}

/** When it was said, in milliseconds. */
function toTime({ time, recordedtime }: StreamEvent): number {
  return Math.floor(parseTime(time ?? recordedtime) ?? 0);
}
