import { z } from "zod";

import { chatters } from "../kit/cast.ts";
import type { HttpAnswer, HttpQuestion } from "../kit/http.ts";
import type { Books } from "./books.ts";
import type { Channel, Channels } from "./channels.ts";
import { componentsOf, mouseActionsOf, views } from "./interface.ts";
import type { KnobsSet } from "./knobs.ts";
import { type Claims, readViewerToken } from "./viewer-token.ts";

/** Says an emit to the games of a channel. */
type Emit = (type: string, payload: Record<string, unknown>, channelId: string) => unknown;

/** How often one viewer may do anything, and how often anybody may where one blocks all. */
const inputPauseMs = 3_000;
const mousePauseMs = 1_000;
const shortestBroadcastMs = 3_000;

const cors = {
  "access-control-allow-origin": "*",
  "access-control-allow-headers": "authorization, content-type",
};

/** What a modal of four fields can send. */
const Values = z
  .record(
    z.string().refine((key) => Buffer.byteLength(key) <= 64),
    z.union([
      z.string().refine((value) => Buffer.byteLength(value) <= 128),
      z.array(z.unknown()).min(1).max(4),
    ]),
  )
  .refine((values) => Object.keys(values).length <= 4);

const Input = z.strictObject({
  id: z.string().min(1).max(64),
  view: z.string().max(64),
  values: Values.optional(),
});

/** The real service means to check a mouse's numbers and does not: anything passes. */
const Mouse = z.looseObject({ type: z.enum(["mousedown", "mouseup"]) });

/** The calls of the viewers' pages. */
export class Viewers {
  readonly #channels: Channels;
  readonly #books: Books;
  readonly #knobs: Readonly<KnobsSet>;
  readonly #emit: Emit;

  constructor(channels: Channels, books: Books, knobs: Readonly<KnobsSet>, emit: Emit) {
    this.#channels = channels;
    this.#books = books;
    this.#knobs = knobs;
    this.#emit = emit;
  }

  answer({ method, path, headers, body }: HttpQuestion): HttpAnswer | null {
    const call = this.#find(`${method} ${path}`);
    if (call === null) {
      return method === "OPTIONS" ? { status: 200, body: null, headers: cors } : null;
    }
    const claims = this.#identify(headers.authorization);
    const answer = "status" in claims ? claims : call(claims, readJson(body));
    const channelId = "status" in claims ? null : claims.channel_id;
    this.#books.call({ path, channelId, status: answer.status });
    return { ...answer, headers: cors };
  }

  #find(address: string): ((claims: Claims, body: unknown) => HttpAnswer) | null {
    switch (address) {
      case "POST /action/input":
        return (claims, body) => this.#input(claims, body);
      case "POST /action/mouse":
        return (claims, body) => this.#mouse(claims, body);
      case "GET /action/query":
        return ({ channel_id: id }) => ok(this.#channels.get(id)?.cooldowns.report() ?? {});
      case "GET /user/interface/query":
        return ({ channel_id: id }) => ok(this.#channels.get(id)?.interface ?? null);
      default:
        return null;
    }
  }

  #identify(authorization: string | undefined): Claims | HttpAnswer {
    const [, token] = /^Bearer (\S+)$/.exec(authorization ?? "") ?? [];
    if (token === undefined) {
      return failure(401, "Unauthorized", "Invalid authorization header");
    }
    const claims = readViewerToken(token, this.#knobs.viewerSecret);
    return claims ?? failure(401, "Unauthorized", "Invalid JWT");
  }

  #input(claims: Claims, body: unknown): HttpAnswer {
    const input = Input.safeParse(body).data;
    if (input === undefined || !views.some((view) => view === input.view)) {
      return failure(400, "Bad Request", "Invalid request payload input");
    }
    const { id, view, values } = input;
    const channel = this.#channels.get(claims.channel_id);
    const found = componentsOf(channel?.interface ?? null).find(
      ({ component }) => component["name"] === id,
    );
    if (channel === null || found === undefined) {
      return failure(403, "Forbidden", "This ID doesn't exist in the user interface.");
    }
    const cooldown = Cooldown.parse(found.component["cooldown"]);
    const refusal = this.#startCooldown(channel, claims.opaque_user_id, id, cooldown);
    if (refusal !== null) {
      return refusal;
    }
    const payload = { id, view, ...(values && { values }), username: this.#nameOf(claims) };
    this.#emit("input", payload, claims.channel_id);
    if (cooldown.broadcast) {
      const data = { actionId: id, actionCooldown: cooldown };
      this.#books.broadcast(channel, "input", data);
    }
    return ok(cooldown);
  }

  #startCooldown(
    { cooldowns }: Channel,
    user: string,
    id: string,
    { duration, broadcast }: z.infer<typeof Cooldown>,
  ): HttpAnswer | null {
    if (cooldowns.isBlocked("user", user)) {
      return failure(429, "Too Many Requests", "You trying to bypass the cooldown. Shame.");
    }
    if (cooldowns.isBlocked("action", id)) {
      return failure(406, "Not Acceptable", "Action pushed recently by a user.");
    }
    if (cooldowns.isBlocked("user-action", `${user} ${id}`)) {
      return failure(406, "Not Acceptable", "Action pushed recently by this user.");
    }
    cooldowns.block("user", user, inputPauseMs);
    cooldowns.block("user-action", `${user} ${id}`, duration);
    if (broadcast) {
      cooldowns.block("action", id, Math.max(duration, shortestBroadcastMs));
    }
    return null;
  }

  #mouse(claims: Claims, body: unknown): HttpAnswer {
    const mouse = Mouse.safeParse(body).data;
    if (mouse === undefined) {
      return failure(400, "Bad Request", "Invalid request payload input");
    }
    const { type } = mouse;
    const channel = this.#channels.get(claims.channel_id);
    const limit = mouseActionsOf(channel?.interface ?? null).get(type);
    if (channel === null || limit === undefined) {
      return failure(403, "Forbidden", "This ID doesn't exist in the user interface.");
    }
    const { cooldowns } = channel;
    if (cooldowns.isBlocked("user-mouse", `${claims.opaque_user_id} ${type}`)) {
      return failure(429, "Too Many Requests", "Mouse limit reached.");
    }
    if (!cooldowns.take(type, limit, mousePauseMs)) {
      return failure(406, "Not Acceptable", "Too many users of the mouse.");
    }
    cooldowns.block("user-mouse", `${claims.opaque_user_id} ${type}`, mousePauseMs);
    const payload = { ...mouse, username: this.#nameOf(claims) };
    this.#emit(type, payload, claims.channel_id);
    return ok(payload);
  }

  /** The display name that Twitch would give for a user's id: an invented one, the same each time. */
  #nameOf({ channel_id: channelId, user_id: userId }: Claims): string | null {
    if (userId === undefined) {
      return this.#knobs.nameless;
    }
    const channel = this.#channels.get(channelId);
    const place = Number(userId) % chatters.length;
    return (userId === channelId ? channel?.displayName : chatters[place]?.name) ?? userId;
  }
}

const Cooldown = z.looseObject({ duration: z.number(), broadcast: z.boolean() });

function ok(body: unknown): HttpAnswer {
  return { status: 200, body };
}

function failure(statusCode: number, error: string, message: string): HttpAnswer {
  return { status: statusCode, body: { statusCode, error, message } };
}

/** Null for what is no JSON, which fits no call. */
function readJson(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return null;
  }
}
