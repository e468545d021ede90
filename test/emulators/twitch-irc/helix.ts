import { z } from "zod";

import type { Chance } from "../kit/chance.ts";
import type { Gate } from "../kit/gate.ts";
import type { HttpAnswer, HttpQuestion } from "../kit/http.ts";
import { keep } from "../kit/keep.ts";
import type { ActionNamed, TwitchKnobs } from "./actions.ts";
import { DeviceDesk } from "./device-desk.ts";
import { failure } from "./failure.ts";
import { idOf } from "./people.ts";
import type { Posted, TwitchReport } from "./report.ts";

/** Good once, in every fresh state, so that a test can begin without asking for one. */
const firstRefreshToken = "first-refresh-token";
const keptReports = 10_000;

/** Whose every token is. */
export const writer = { login: "relaybot", id: idOf("relaybot") };

const Message = z.strictObject({
  broadcaster_id: z.string().min(1),
  sender_id: z.string().min(1),
  message: z.string().min(1).max(500),
  reply_parent_message_id: z.string().optional(),
});

/** A message that was written over HTTP. */
export interface Written {
  readonly roomId: string;
  readonly text: string;
  readonly replyTo: string | null;
}

interface Backstage {
  readonly chance: Chance;
  readonly gate: Gate;
  readonly knobs: TwitchKnobs;
  /** Says it in the room of this id, and answers the message's id. */
  say(message: Written): string;
}

/** The part of Twitch that answers over HTTP: tokens, and messages that are written. */
export class Helix {
  readonly #stage: Backstage;
  readonly #good = new Set([firstRefreshToken]);
  readonly #report = {
    posted: [] as Posted[],
    validations: [] as TwitchReport["validations"][number][],
    refreshes: [] as TwitchReport["refreshes"][number][],
    issued: [] as TwitchReport["issued"][number][],
  };
  readonly #devices: DeviceDesk;
  #refusal: { path: string; status: number; left: number } | null = null;

  constructor(stage: Backstage) {
    this.#stage = stage;
    this.#devices = new DeviceDesk(stage.chance, stage.knobs);
  }

  grant(value = `refresh-${this.#stage.chance.hex(24)}`): string {
    this.#good.add(value);
    return value;
  }

  refuse({ path, status, times = Number.POSITIVE_INFINITY }: ActionNamed<"refuseRequest">): void {
    this.#refusal = { path, status, left: times };
  }

  report(): Omit<TwitchReport, "joins"> {
    return structuredClone({ ...this.#report, deviceAsks: this.#devices.report() });
  }

  answer(question: HttpQuestion): HttpAnswer | null {
    const refused = this.#refusal;
    if (refused !== null && refused.path === question.path && refused.left > 0) {
      refused.left -= 1;
      return { status: refused.status, body: { status: refused.status, message: "refused" } };
    }
    switch (`${question.method} ${question.path}`) {
      case "GET /oauth2/validate":
        return this.#validate(question);
      case "POST /oauth2/token":
        return this.#token(new URLSearchParams(question.body));
      case "POST /oauth2/device":
        return this.#devices.begin(question);
      case "GET /activate":
        return this.#devices.activate(question);
      case "POST /helix/chat/messages":
        return this.#post(question);
      default:
        return null;
    }
  }

  #validate({ headers }: HttpQuestion): HttpAnswer {
    const token = /^OAuth (\S+)$/.exec(headers.authorization ?? "")?.[1] ?? null;
    const isGood = token !== null && this.#stage.gate.isGood(token);
    keep(this.#report.validations, { token, status: isGood ? 200 : 401 }, keptReports);
    if (!isGood) return failure(401, "invalid access token");
    const { clientId, scopes = ["user:read:chat", "user:write:chat"] } = this.#stage.knobs;
    const body = {
      client_id: clientId ?? "a-client",
      login: writer.login,
      scopes,
      user_id: writer.id,
      expires_in: 14_000,
    };
    return { status: 200, body };
  }

  #token(form: URLSearchParams): HttpAnswer {
    const asked = this.#devices.ask(form);
    if (asked === null) return this.#refresh(form);
    if ("status" in asked) return asked;
    const answer = this.#issue(asked.scopes);
    switch (this.#stage.knobs.deviceAnswer) {
      case "lost":
        return { ...answer, isLost: true };
      case "garbage":
        return { status: 200, body: "<html>Welcome</html>" };
      case "broken":
        return failure(503, "service unavailable");
      default:
        return answer;
    }
  }

  #refresh(form: URLSearchParams): HttpAnswer {
    const refreshToken = form.get("refresh_token");
    const isAsked = form.get("grant_type") === "refresh_token" && form.get("client_id") !== null;
    const isGood = isAsked && this.#good.delete(refreshToken ?? "");
    keep(this.#report.refreshes, { refreshToken, status: isGood ? 200 : 400 }, keptReports);
    if (!isGood) return failure(400, "Invalid refresh token");
    return this.#issue(["user:read:chat", "user:write:chat"]);
  }

  #issue(scope: readonly string[]): HttpAnswer {
    const accessToken = `access-${this.#stage.chance.hex(24)}`;
    const issued = { accessToken, refreshToken: this.grant() };
    this.#stage.gate.issue(accessToken);
    keep(this.#report.issued, issued, keptReports);
    const body = {
      access_token: accessToken,
      expires_in: 14_000,
      refresh_token: issued.refreshToken,
      scope,
      token_type: "bearer",
    };
    return { status: 200, body };
  }

  #post({ headers, body }: HttpQuestion): HttpAnswer {
    const token = /^Bearer (\S+)$/.exec(headers.authorization ?? "")?.[1] ?? null;
    if (headers["client-id"] === undefined || token === null || !this.#stage.gate.isGood(token)) {
      return failure(401, "Invalid OAuth token");
    }
    const asked = readMessage(body);
    if (asked === null) return failure(400, "The message is missing or too long");
    const { broadcaster_id: room, sender_id: sender, message: text } = asked;
    const replyTo = asked.reply_parent_message_id ?? null;
    if (sender !== writer.id) return failure(401, "The sender must be the token's user");
    const drop = this.#stage.knobs.drop ?? null;
    const id = drop === null ? this.#stage.say({ roomId: room, text, replyTo }) : null;
    keep(this.#report.posted, { token, text, room, sender, replyTo, status: 200, id }, keptReports);
    const reason = drop === null ? null : { code: drop, message: "Your message was not sent." };
    const said = { message_id: id ?? "", is_sent: id !== null, drop_reason: reason };
    return { status: 200, body: { data: [said] } };
  }
}

function readMessage(body: string): z.infer<typeof Message> | null {
  try {
    return Message.safeParse(JSON.parse(body)).data ?? null;
  } catch {
    return null;
  }
}
