/*
 * Events as far as overlays read them. They come over the wire: whatever is optional here may be
 * missing, and every text is a stranger's.
 */
import type { Person } from "../../client/events.ts";

export interface User extends Person {
  readonly name: string;
  readonly avatar?: string;
  readonly color?: string;
  readonly roles?: readonly string[];
  readonly badges?: readonly {
    readonly set: string;
    readonly title?: string;
    readonly image?: string;
  }[];
  readonly anonymous?: boolean;
}

export interface Fragment {
  readonly type: string;
  readonly text: string;
  readonly image?: string;
  /** Its picture standing still, and whether it is laid over the one before. */
  readonly still?: string;
  readonly over?: boolean;
}

export interface Message {
  readonly id?: string;
  readonly text: string;
  readonly fragments?: readonly Fragment[];
  readonly replyTo?: string;
  readonly action?: boolean;
  readonly highlighted?: boolean;
  readonly first?: boolean;
  readonly to?: Person;
  readonly deleted?: boolean;
}

export interface Amount {
  readonly value: string;
  readonly currency: string;
  readonly kind: string;
  readonly display?: string;
}

/** The data of all events that overlays show or obey, in one. */
export interface Data {
  readonly user?: User;
  readonly message?: Message;
  readonly messageIds?: readonly string[];
  readonly eventIds?: readonly string[];
  readonly scope?: string;
  readonly seconds?: number;
  readonly until?: string;
  readonly text?: string;
  readonly kind?: string;
  readonly amount?: Amount;
  readonly tipId?: string;
  readonly moderation?: string;
  readonly count?: number;
  readonly account?: string;
  readonly viewers?: number;
  readonly direction?: string;
  readonly subscription?: {
    readonly kind?: string;
    readonly tier?: string;
    readonly months?: number;
    readonly message?: string;
    readonly gift?: { readonly id?: string; readonly from?: Person };
  };
  readonly tier?: string;
  readonly gift?: { readonly id?: string; readonly name?: string; readonly count?: number };
  readonly reward?: { readonly title: string; readonly cost?: number };
  readonly input?: string;
  readonly target?: string;
  readonly event?: string;
  readonly payload?: unknown;
  readonly key?: string;
  readonly value?: unknown;
}

export interface StreamEvent {
  readonly id: string;
  readonly type: string;
  readonly time?: string;
  readonly recordedtime: string;
  readonly provider: string;
  readonly platform: string;
  readonly test?: boolean;
  readonly data: Data;
}

/** An event's arrival. `live`: it happened after the page was up to date. `age` in milliseconds. */
export interface Delivery {
  readonly live: boolean;
  readonly age: number;
}

/** The place of an event in its log, and the log's name. */
export function readPosition(id: string): { epoch: string; seq: number } {
  const [epoch = "", seq = ""] = id.split("-");
  return { epoch, seq: Number(seq) || 0 };
}
