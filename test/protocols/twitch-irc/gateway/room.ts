import type { EventDraft } from "../../../../src/event/event.ts";
import type { Principal } from "../../../../src/event/principal.ts";
import { gateway } from "../../../../src/protocols/twitch-irc/index.ts";
import { parseLine, type Line } from "../../../../src/protocols/twitch-irc/wire/line.ts";
import { ada, samples, said } from "../../../support/samples.ts";
import {
  everything,
  facts,
  linked,
  reader,
  Room,
  type Client,
} from "../../support/gateway-room.ts";

export const CAPS = "CAP REQ :twitch.tv/tags twitch.tv/commands";

const nobody: Principal = {
  kind: "anonymous",
  credentialId: "anonymous",
  scopes: [],
  channels: null,
};

/** A room of two platforms, whose channel is one of Twitch's too. */
export function makeRoom(id = "demo"): Room {
  const target = { platform: "twitch", id: "900000001" };
  const connections = [
    linked("twitch-irc:ada", { platform: "twitch", target }),
    linked("kick:ada"),
  ];
  const room = new Room(gateway, [facts({ id, connections })], (frame) =>
    frame.replace(/\r\n$/, ""),
  );
  room.credentials.set("trb_key", everything);
  room.credentials.set("trb_reader", reader);
  room.credentials.set("", nobody);
  return room;
}

/** A client that is in the room, and has been told so. */
export function enter(room: Room, password = "oauth:trb_key"): Client {
  const client = room.join(null, null);
  client.says(CAPS).says(`PASS ${password}`).says("NICK ada").says("JOIN #demo");
  client.hears();
  return client;
}

/** The lines that a client has been told since. */
export function linesOf(client: Client): Line[] {
  return client.hears<string>().map((text) => {
    const line = parseLine(text);
    if (line === null) throw new Error(`no line: ${text}`);
    return line;
  });
}

/** The lines that drafts become, to somebody who hears all. */
export function toldOf(...drafts: EventDraft[]): Line[] {
  const room = makeRoom();
  const client = enter(room);
  room.happens(drafts);
  return linesOf(client);
}

export const kickAda = { ...ada, key: "kick:7", id: "7" };

/** A message that everybody may read. */
export function spoken(
  text: string,
  { platform = "twitch", user = ada, by = undefined as string | undefined, id = "m-1" } = {},
): EventDraft & { type: "chat.message" } {
  const draft = said(id, text, user);
  const { to: _to, replyTo: _replyTo, ...message } = draft.data.message;
  return {
    ...draft,
    platform,
    ...(by !== undefined && { connectionId: by }),
    data: { user, message: { ...message, highlighted: false, first: false } },
  };
}

export function cheer(text: string | null, value = "100"): EventDraft {
  const draft = samples["channel.cheer"];
  const { message } = spoken(text ?? "").data;
  const amount = { value, currency: "bits", kind: "virtual" as const };
  return { ...draft, data: { user: ada, amount, ...(text !== null && { message }) } };
}
