import { z } from "zod";

import { streamer } from "../kit/cast.ts";
import type { Chance } from "../kit/chance.ts";
import { errorAnswer, type HttpAnswer, type HttpQuestion } from "../kit/http.ts";
import type { ItemSpec } from "./items.ts";
import { unquote } from "./literal.ts";
import type { Mutation } from "./report.ts";
import { userOf } from "./users.ts";

/** What the HTTP side needs of the service around it. */
interface Backstage {
  readonly chance: Chance;
  readonly sendError: { readonly code: number; readonly message: string } | null;
  readonly isGood: (token: string | null) => boolean;
  readonly note: (mutation: Mutation) => void;
  readonly say: (spec: ItemSpec) => Record<string, unknown>;
}

type Arguments = Readonly<Record<string, unknown>>;

const Request = z.object({
  query: z.string().nullish(),
  operationName: z.string().nullish(),
  variables: z.record(z.string(), z.unknown()).nullish(),
});

/** Each field, and what doing it says on the socket. */
const fields: Readonly<Record<string, (given: Arguments, backstage: Backstage) => unknown>> = {
  sendStreamchatMessage: (given, { sendError, say }) => {
    if (sendError !== null) {
      return { err: sendError, message: null };
    }
    const content = text(given, "message");
    const sender = { displayname: streamer.name };
    return { err: null, message: say({ type: "Message", content, sender, ...streamerOf(given) }) };
  },
  chatDelete: (given, { say }) => {
    say({ type: "Delete", ids: [text(given, "id")], ...streamerOf(given) });
    return done;
  },
  streamchatUserBan: (given, { say }) => {
    say({ type: "Ban", sender: { username: text(given, "username") }, ...streamerOf(given) });
    return done;
  },
  streamchatUserUnban: () => done,
  moderatorAdd: (given, { say }) => {
    say({ type: "Mod", add: true, sender: { username: text(given, "username") } });
    return done;
  },
  moderatorRemove: (given, { say }) => {
    say({ type: "Mod", add: false, sender: { username: text(given, "username") } });
    return done;
  },
  chatIntervalSet: () => done,
  emoteModeSet: () => done,
  giveawayClaim: () => done,
  userByDisplayName: (given, { chance }) => {
    const name = text(given, "displayname");
    return userOf({ ...streamer, name }, chance);
  },
};

const done = { err: null };

/** The one field that may be asked for without a token. */
const openField = "userByDisplayName";

/**
 * POST to `/`, whatever the content type says: a real client sends JSON under another name. The
 * token stands in the header as it is, without a "Bearer".
 */
export function answerGraphql(question: HttpQuestion, backstage: Backstage): HttpAnswer | null {
  if (question.path !== "/" || question.method !== "POST") {
    return null;
  }
  const request = readRequest(question.body);
  if (request === null) {
    return errorAnswer(400, "The body must be a GraphQL request.");
  }
  const field = fieldOf(request);
  if (field === null) {
    return graphqlError(200, "no field of this service");
  }
  const authorization = question.headers.authorization ?? null;
  const isGood = authorization !== null && backstage.isGood(authorization);
  if (field !== openField && !isGood) {
    return graphqlError(401, "unauthorized");
  }
  const variables = request.variables ?? {};
  backstage.note({ field, authorization, variables, at: Date.now() });
  const given = { ...inlineArguments(request.query ?? ""), ...variables, ...inputOf(variables) };
  return { status: 200, body: { data: { [field]: fields[field]?.(given, backstage) } } };
}

function readRequest(body: string): z.infer<typeof Request> | null {
  try {
    return Request.safeParse(JSON.parse(body)).data ?? null;
  } catch {
    return null;
  }
}

/** By its text or, where only the hash of a known query is sent, by its operation's name. */
function fieldOf({ query, operationName }: z.infer<typeof Request>): string | null {
  const words = `${query ?? ""} ${operationName ?? ""}`.toLowerCase();
  if (words.includes("livestreampage")) {
    return openField;
  }
  return Object.keys(fields).find((field) => words.includes(field.toLowerCase())) ?? null;
}

function inlineArguments(query: string): Arguments {
  const pairs = query.matchAll(/(\w+)\s*:\s*("(?:[^"\\]|\\.)*")/g);
  return Object.fromEntries([...pairs].map(([, name, literal]) => [name, unquote(literal ?? "")]));
}

function inputOf({ input }: Arguments): Arguments {
  return typeof input === "object" && input !== null ? { ...input } : {};
}

function streamerOf(given: Arguments): { streamer?: string } {
  const name = text(given, "streamer");
  return name === "" ? {} : { streamer: name };
}

function text(given: Arguments, name: string): string {
  const value = given[name];
  return typeof value === "string" ? value : "";
}

function graphqlError(status: number, message: string): HttpAnswer {
  return { status, body: { data: null, errors: [{ message }] } };
}
