import { ChannelId } from "../../../event/ids.ts";
import type { SendRefusal } from "../../../event/sending.ts";
import { isRecord, lookUp } from "../../../lib/json.ts";
import type { GatewayFinding, GatewayNeed } from "../../gateway-request.ts";
import { toSender } from "../codec/from-user.ts";
import { formatNanoseconds } from "../codec/items.ts";
import type { Operation } from "./graphql.ts";
import { makeUser } from "./user.ts";

type Arguments = Readonly<Record<string, unknown>>;

/** A root field that is served over HTTP. */
export interface FieldOf {
  /** Is a credential needed, whatever the channel? */
  readonly isForSomebody: boolean;
  /** The need to be met first; null for none. */
  readonly need: (args: Arguments) => GatewayNeed | null;
  readonly answer: (args: Arguments, finding: GatewayFinding | null, at: number) => object | null;
}

/** As long as any text that the relay sends. */
const TEXT_MAX = 8192;

/** The fields that the relay cannot serve: its channels only send. */
const BEYOND_US = [
  "chatDelete",
  "streamchatUserBan",
  "streamchatUserUnban",
  "streamchatUserMute",
  "streamchatUserUnmute",
  "chatIntervalSet",
  "chatModeSet",
  "emoteModeSet",
  "moderatorAdd",
  "moderatorRemove",
  "giveawayClaim",
];

const sendStreamchatMessage: FieldOf = {
  isForSomebody: true,
  need(args) {
    const { channel, text } = readMessage(args);
    if (channel === null || text === "" || text.length > TEXT_MAX) return null;
    return { type: "send", channel, content: { kind: "chat", style: "text", text } };
  },
  answer(args, finding, at) {
    const { channel, text } = readMessage(args);
    if (channel === null) return makeUnsent("channel_not_found", "streamer not found");
    if (finding?.type !== "send")
      return makeUnsent("invalid_input", "the message is empty or too long");
    if (!finding.answer.ok) return makeUnsent(finding.answer.code, finding.answer.detail);
    const { sendId } = finding.answer.value;
    const sender = toSender({ key: channel, name: channel, roles: ["broadcaster"], badges: [] });
    return {
      __typename: "SendStreamchatMessageResponse",
      err: null,
      message: {
        __typename: "ChatText",
        type: "Message",
        id: sendId,
        content: text,
        createdAt: formatNanoseconds(at),
        ...sender,
        subLength: 0,
        emojis: [],
      },
    };
  },
};

const QUERIES: ReadonlyMap<string, FieldOf> = new Map([
  ["userByDisplayName", makeUserField("displayname")],
  ["user", makeUserField("username")],
  [
    "me",
    {
      isForSomebody: true,
      need: () => ({ type: "channel", channel: null }),
      answer: (_args, finding) => makeFoundUser(finding, true),
    },
  ],
]);

const MUTATIONS: ReadonlyMap<string, FieldOf> = new Map([
  ["sendStreamchatMessage", sendStreamchatMessage],
  ...BEYOND_US.map((name): [string, FieldOf] => [name, makeRefusedField(name)]),
]);

/** The root field of this name, or undefined where there is none. */
export function findField(kind: Operation["kind"], name: string): FieldOf | undefined {
  if (kind === "query") return QUERIES.get(name);
  return kind === "mutation" ? MUTATIONS.get(name) : undefined;
}

/** A streamer is a channel, whose name and display name are its id: by that it is found again. */
function makeUserField(argument: string): FieldOf {
  return {
    isForSomebody: false,
    need(args) {
      const channel = readChannel(lookUp(args, argument));
      return channel === null ? null : { type: "channel", channel };
    },
    answer: (_args, finding) => makeFoundUser(finding, false),
  };
}

function makeFoundUser(finding: GatewayFinding | null, isMe: boolean): object | null {
  const channel = finding?.type === "channel" ? finding.channel : null;
  return channel === null ? null : makeUser(channel, isMe);
}

function makeRefusedField(name: string): FieldOf {
  return {
    isForSomebody: true,
    need: () => null,
    answer: () => makeRefusal("unsupported", `this relay only sends messages: it has no ${name}`),
  };
}

type Code = SendRefusal | "unsupported";

/** DLive's errors have numbers; these are the ones that HTTP has for the same. */
const CODES: Readonly<Record<Code, number>> = {
  invalid_input: 400,
  unauthorized: 401,
  forbidden: 403,
  channel_not_found: 404,
  connection_not_found: 404,
  not_writable: 409,
  send_conflict: 409,
  send_queue_full: 429,
  unsupported: 501,
};

function makeRefusal(code: Code, detail: string): object {
  // Clients that look for the word wait, and try again.
  const message = code === "send_queue_full" ? `rate limit: ${detail}` : detail;
  return { err: { __typename: "Err", code: CODES[code], message } };
}

function makeUnsent(code: Code, detail: string): object {
  return { ...makeRefusal(code, detail), message: null };
}

/** The fields of a message stand in `input`, or by themselves. */
function readMessage(args: Arguments): { channel: string | null; text: string } {
  const input = isRecord(args["input"]) ? args["input"] : args;
  const { streamer, message } = input as { streamer?: unknown; message?: unknown };
  const text = typeof message === "string" ? message.trim() : "";
  return { channel: readChannel(streamer), text };
}

function readChannel(name: unknown): string | null {
  const channel = ChannelId.safeParse(typeof name === "string" ? name.toLowerCase() : name);
  return channel.success ? channel.data : null;
}
