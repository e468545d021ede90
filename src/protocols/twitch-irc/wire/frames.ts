/*
 * Twitch IRC over WebSocket, as it is on the wire. Odd on purpose:
 *
 * - one frame holds several lines, and a line may go on in the next frame
 * - a tag's value has escapes of its own, and one that needs none stands for itself
 * - the last parameter may lack its colon, hold colons, and end in spaces
 * - places of emotes count code points, within the words of /me
 * - the places of one emote may be split over several entries, and make no sense
 * - a display name may be empty, or end in a space
 * - a deletion's room id is empty, and its text is not kept
 * - a room's state is whole after the JOIN, and afterwards only what changed
 * - a room that is not there is answered with silence
 * - a message of a shared chat comes with an id of its own, and the id it has everywhere
 * - a notice of another room is never a subscription, a gift or a raid of this one
 * - each gift of a bomb comes as a notice of its own, and names the purchase in two ways
 * - subscribers of old told of their months by another name
 * - a text may end in a character that is not seen
 * - bits are counted by their tag, whatever the text says
 * - nobody answers to the name that reads, and it is another at each dial
 */

export const DEFAULT_URL = "wss://irc-ws.chat.twitch.tv";

/** The capabilities that a reader needs: without tags nobody has an id. */
const CAPABILITIES = "twitch.tv/tags twitch.tv/commands";

/** Asks for tags and commands, and then for a name: in the other order first lines lack their tags. */
export function listGreeting(nick: string): string[] {
  return [`CAP REQ :${CAPABILITIES}`, `NICK ${nick}`];
}

export function joinRoom(room: string): string {
  return `JOIN #${room}`;
}

export function ping(words: string): string {
  return `PING :${words}`;
}

export function pong(words: string): string {
  return `PONG :${words}`;
}
