import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

import { type HttpAnswer, type HttpQuestion, readQuestion, writeAnswer } from "../kit/http.ts";
import { Chat } from "./chat.ts";
import { owner, text } from "./items.ts";
import { apiKey, Tokens } from "./tokens.ts";

/** Units that a request costs, as the quota's page has them. */
const units: Readonly<Record<string, number>> = {
  videos: 1,
  liveBroadcasts: 1,
  channels: 1,
  search: 0,
  "liveChat/messages": 5,
  "liveChat/messages/stream": 5,
};
const insertUnits = 50;

/** A refusal that was asked for. */
interface Fault {
  readonly path: string;
  readonly status: number;
  readonly reason: string;
  left: number;
}

export interface Asked {
  readonly method: string;
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  readonly status: number;
}

/** Plays Google's addresses for YouTube: tokens, broadcasts, chats by list and by stream, and writing. */
export class YouTube {
  readonly tokens = new Tokens();
  /** Every request for data, with its answer. */
  readonly asked: Asked[] = [];
  /** The units that were used. */
  used = 0;
  pollingIntervalMillis = 1_000;
  /** Whoever is asked for consent gives it. */
  consents = true;
  /** The stream's address is not there. */
  hasStream = true;
  readonly #chats = new Map<string, Chat>();
  #faults: Fault[] = [];
  readonly #server = createServer((request, response) => {
    void readQuestion(request).then((question) => this.#answer(question, response));
  });

  async listen(port = 0): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      this.#server.once("error", reject);
      this.#server.listen(port, "127.0.0.1", resolve);
    });
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** A broadcast that is to come. */
  schedule(videoId: string, channelId = owner.channelId): Chat {
    const chat = new Chat(videoId, channelId);
    this.#chats.set(videoId, chat);
    return chat;
  }

  /** A broadcast that is on. */
  goLive(videoId: string, channelId = owner.channelId): Chat {
    const chat = this.#chats.get(videoId) ?? this.schedule(videoId, channelId);
    chat.state = "live";
    return chat;
  }

  /** Refuses what comes to a path, so many times. */
  refuse(path: string, status: number, reason: string, times = 1): void {
    this.#faults.push({ path, status, reason, left: times });
  }

  count(path: string, status?: number): number {
    return this.asked.filter(
      (each) => each.path === path && (status === undefined || each.status === status),
    ).length;
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => {
      this.#server.close(resolve);
    });
  }

  #answer(question: HttpQuestion, response: ServerResponse): void {
    if (question.path === "/token") {
      writeAnswer(response, this.tokens.answer(new URLSearchParams(question.body)));
      return;
    }
    if (question.path === "/o/oauth2/v2/auth") {
      const location = this.tokens.consent(question.query, this.consents);
      writeAnswer(response, {
        status: location === null ? 400 : 302,
        body: {},
        headers: { ...(location !== null && { location }) },
      });
      return;
    }
    const [, path = ""] = /^\/youtube\/v3\/(.+)$/.exec(question.path) ?? [];
    this.used += question.method === "POST" ? insertUnits : (units[path] ?? 0);
    const answer = this.#refusal(question, path) ?? this.#find(question, path, response);
    this.asked.push({
      method: question.method,
      path,
      query: Object.fromEntries(question.query),
      status: answer === "streaming" ? 200 : answer.status,
    });
    if (answer !== "streaming") writeAnswer(response, answer);
  }

  #refusal({ headers, query }: HttpQuestion, path: string): HttpAnswer | null {
    const fault = this.#faults.find((each) => each.path === path && each.left > 0);
    if (fault !== undefined) {
      fault.left -= 1;
      return refuse(fault.status, fault.reason);
    }
    const token = /^Bearer (\S+)$/.exec(headers.authorization ?? "")?.[1];
    if (token !== undefined) {
      return this.tokens.isGood(token) ? null : refuse(401, "authError");
    }
    if (query.get("key") === apiKey) return null;
    const details = [{ "@type": "google.rpc.ErrorInfo", reason: "API_KEY_INVALID" }];
    return { status: 400, body: { error: { errors: [{ reason: "badRequest" }], details } } };
  }

  #find(question: HttpQuestion, path: string, response: ServerResponse): HttpAnswer | "streaming" {
    const { method, query } = question;
    switch (path) {
      case "videos":
        return this.#showVideo(query.get("id") ?? "");
      case "liveBroadcasts":
        return question.headers.authorization === undefined
          ? refuse(401, "required")
          : this.#listBroadcasts();
      case "search":
        return this.#search(query.get("channelId") ?? "");
      case "channels":
        return {
          status: 200,
          body: { kind: "youtube#channelListResponse", items: [{ id: owner.channelId }] },
        };
      case "liveChat/messages/stream":
        return this.hasStream
          ? this.#read(query, (chat, from) => {
              chat.watch(response, from);
              return "streaming";
            })
          : { status: 404, body: "Not Found" };
      case "liveChat/messages":
        return method === "POST"
          ? this.#write(question)
          : this.#read(query, (chat, from) => {
              return { status: 200, body: chat.page(from ?? 0, this.pollingIntervalMillis) };
            });
      default:
        return { status: 404, body: "Not Found" };
    }
  }

  #showVideo(id: string): HttpAnswer {
    const chat = this.#chats.get(id);
    const items = chat === undefined ? [] : [describe(chat)];
    return { status: 200, body: { kind: "youtube#videoListResponse", items } };
  }

  #listBroadcasts(): HttpAnswer {
    const items = [...this.#chats.values()].map((chat) => ({
      kind: "youtube#liveBroadcast",
      id: chat.videoId,
      snippet: { channelId: chat.channelId, title: chat.videoId, liveChatId: chat.chatId },
      status: {
        lifeCycleStatus: { upcoming: "ready", live: "live", over: "complete" }[chat.state],
      },
    }));
    return { status: 200, body: { kind: "youtube#liveBroadcastListResponse", items } };
  }

  #search(channelId: string): HttpAnswer {
    const items = [...this.#chats.values()]
      .filter((chat) => chat.state === "live" && chat.channelId === channelId)
      .map(({ videoId }) => ({ id: { kind: "youtube#video", videoId } }));
    return { status: 200, body: { kind: "youtube#searchListResponse", items } };
  }

  #read(
    query: URLSearchParams,
    give: (chat: Chat, from: number | null) => HttpAnswer | "streaming",
  ): HttpAnswer | "streaming" {
    const chat = this.#chatOf(query.get("liveChatId"));
    if (chat === undefined) return refuse(404, "liveChatNotFound");
    if (chat.state === "over") return refuse(403, "liveChatEnded");
    const token = query.get("pageToken");
    const from = token === null ? null : chat.readToken(token);
    return token !== null && from === null ? refuse(400, "pageTokenInvalid") : give(chat, from);
  }

  #write({ headers, body }: HttpQuestion): HttpAnswer {
    if (headers.authorization === undefined) return refuse(401, "required");
    const { snippet } = JSON.parse(body) as {
      snippet: { liveChatId: string; textMessageDetails: { messageText: string } };
    };
    const chat = this.#chatOf(snippet.liveChatId);
    const words = snippet.textMessageDetails.messageText;
    if (chat === undefined) return refuse(404, "liveChatNotFound");
    if (chat.state === "over") return refuse(403, "liveChatEnded");
    if (words === "" || Array.from(words).length > 200) return refuse(400, "invalidValue");
    const id = chat.say(text(words, owner));
    return { status: 200, body: { kind: "youtube#liveChatMessage", id, snippet } };
  }

  #chatOf(chatId: string | null): Chat | undefined {
    return [...this.#chats.values()].find((chat) => chat.chatId === chatId);
  }
}

function describe(chat: Chat): object {
  const { videoId, channelId, chatId, state, startedAt, endedAt } = chat;
  const isBegun = state !== "upcoming";
  return {
    kind: "youtube#video",
    id: videoId,
    snippet: {
      channelId,
      title: `The broadcast ${videoId}`,
      liveBroadcastContent: { upcoming: "upcoming", live: "live", over: "none" }[state],
    },
    liveStreamingDetails: {
      ...(isBegun && { actualStartTime: new Date(startedAt).toISOString() }),
      ...(endedAt !== null && { actualEndTime: new Date(endedAt).toISOString() }),
      ...(state === "live" && { activeLiveChatId: chatId, concurrentViewers: "17" }),
    },
  };
}

function refuse(status: number, reason: string): HttpAnswer {
  const errors = [{ message: reason, domain: "youtube", reason }];
  return { status, body: { error: { code: status, message: reason, errors } } };
}

export async function startYouTube(port = 0): Promise<YouTube> {
  const youtube = new YouTube();
  await youtube.listen(port);
  return youtube;
}
