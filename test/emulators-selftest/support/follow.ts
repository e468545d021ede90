import type { EmulatorOf } from "../../emulators/index.ts";
import { Client } from "./client.ts";

export const init = { type: "connection_init" };

/** A DLive `start` that follows one streamer. */
export function start(streamer: string, id?: string) {
  const query = `subscription{streamMessageReceived(streamer:"${streamer}"){__typename}}`;
  return { ...(id === undefined ? {} : { id }), type: "start", payload: { query } };
}

/** A DLive client that has been acknowledged and follows one streamer, as its subscription "1". */
export async function followDlive(dlive: EmulatorOf<"dlive">, streamer = "rivermoss") {
  const client = new Client(dlive.url, ["graphql-ws"]);
  await client.opened;
  const open = dlive.truth().subscriptions.length;
  client.send(init);
  client.send(start(streamer, "1"));
  await dlive.waitFor(`subscriptions>=${open + 1}`);
  await client.take(2);
  return client;
}

/** A Restream client that has been told of the connections there are. */
export async function followRestream(restream: EmulatorOf<"restream">, token = "good-token") {
  const client = new Client(`${restream.url}?accessToken=${token}`);
  await client.take(Object.keys(restream.truth().connections).length);
  return client;
}

/** Where a game dials Interactive Sync that would be let in. */
export function interactiveSyncUrl({ url }: { readonly url: string }, token = "good-token") {
  return `${url}?client_id=a-game&access_token=${token}`;
}

/** A game that has been told `ok` by Interactive Sync. */
export async function followInteractiveSync(
  interactiveSync: EmulatorOf<"interactive-sync">,
  token?: string,
) {
  const client = new Client(interactiveSyncUrl(interactiveSync, token));
  await client.take(1);
  return client;
}

/** Where a client dials multistreamer that would be let in. */
export function multistreamerUrl({ url }: { readonly url: string }, token = "good-token") {
  return `${url}?token=${token}`;
}

/** A multistreamer client that has asked how the stream stands, and been told. */
export async function followMultistreamer(
  multistreamer: EmulatorOf<"multistreamer">,
  token?: string,
) {
  const client = new Client(multistreamerUrl(multistreamer, token));
  await client.opened;
  client.send({ type: "status" });
  await client.take(1);
  return client;
}

/** The one message that a game sends. */
export function userInterface(data: unknown) {
  return { context: "user_interface", data };
}

/** A reader of nobody's that is in a room of Twitch's. */
export async function followTwitch(twitch: EmulatorOf<"twitch-irc">, room = "rivermoss") {
  const client = new Client(twitch.url);
  await client.opened;
  for (const line of [
    "CAP REQ :twitch.tv/tags twitch.tv/commands",
    "NICK justinfan1",
    `JOIN #${room}`,
  ])
    client.send(line);
  await client.take(4);
  return client;
}

/** A socket of EventSub's on which the chat, and perhaps more, is subscribed. */
export async function followEventSub(
  eventsub: EmulatorOf<"twitch-eventsub">,
  types: readonly string[] = ["channel.chat.message"],
) {
  const client = new Client(eventsub.url);
  await client.opened;
  const [welcome = "{}"] = await client.take(1);
  const { payload } = JSON.parse(welcome) as { payload: { session: { id: string } } };
  for (const type of types) await subscribe(eventsub, payload.session.id, type);
  return client;
}

/** Asks for a subscription, and answers what came of it. */
export async function subscribe(
  eventsub: EmulatorOf<"twitch-eventsub">,
  session: string,
  type: string,
): Promise<{ status: number; body: Record<string, unknown> }> {
  const response = await fetch(`${eventsub.httpUrl}/helix/eventsub/subscriptions`, {
    method: "POST",
    headers: { authorization: "Bearer a-token", "client-id": "a-client" },
    body: JSON.stringify({
      type,
      version: "1",
      condition: { broadcaster_user_id: "1", user_id: "2" },
      transport: { method: "websocket", session_id: session },
    }),
  });
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
}
