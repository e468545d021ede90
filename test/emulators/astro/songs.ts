import { chatters } from "../kit/cast.ts";
import type { Chance } from "../kit/chance.ts";
import { objectId } from "./activities.ts";
import { channelId, channelName, loginOf, userNumber } from "./people.ts";

const queue = "queue";

/** What happens to the song queue. The four without a shape in any document have an empty payload. */
export const songPayloads: Readonly<Record<string, (chance: Chance) => unknown>> = {
  "queue.add": song("queue.add", (chance) => ({ song: wholeSong(chance), position: 3, queue })),
  play: song("play", () => ({})),
  pause: song("pause", () => ({})),
  volume: song("volume", (chance) => ({ volume: chance.integer(0, 100) })),
  "queue.remove": song("queue.remove", (chance) => ({ queue, songId: objectId(chance) })),
  "queue.clear": song("queue.clear", () => ({ queue })),
  "queue.purge": song("queue.purge", (chance) => ({ queue, user: loginOf(chance.pick(chatters)) })),
  "pending.approve": song("pending.approve", () => ({ approvedBy: channelName })),
  "history.clear": song("history.clear", (chance) => ({ removed: chance.integer(1, 50) })),
  "history.remove": song("history.remove", (chance) => ({ songId: objectId(chance) })),
  "song.next": song("song.next", (chance) => ({
    nextSong: { ...shortSong(chance), duration: 180 },
  })),
  "song.previous": song("song.previous", (chance) => ({ song: shortSong(chance) })),
  "song.position": song("song.position", (chance) => ({ songId: objectId(chance), position: 2 })),
  "song.voteskip": song("song.voteskip", () => ({
    totalVotes: 3,
    votesRequired: 5,
    completed: false,
  })),
  "settings.update": song("settings.update", () => ({})),
};

function song(event: string, payload: (chance: Chance) => unknown) {
  return (chance: Chance) => ({ event, payload: payload(chance) });
}

function shortSong(chance: Chance) {
  const title = chance.pick(["Rain on the Roof", "The Old Mill", "Lanterns", "Low Tide Waltz"]);
  return { _id: objectId(chance), videoId: chance.hex(11), title };
}

function wholeSong(chance: Chance) {
  const { _id, videoId, title } = shortSong(chance);
  const chatter = chance.pick(chatters);
  const duration = chance.integer(90, 300);
  return {
    _id,
    videoId,
    title,
    duration,
    start: 0,
    end: duration,
    channel: channelId,
    amount: 0,
    message: "please, for the otter",
    user: {
      providerId: String(userNumber(chatter)),
      username: loginOf(chatter),
      subscriber: chatter.subscribedMonths > 0,
    },
    promoted: false,
    skipped: false,
    url: `https://youtube.example/watch?v=${videoId}`,
    type: "video",
    source: "bot",
    approvedBy: "",
    provider: "youtube",
    voteskips: [],
    tags: ["music"],
    statistics: { viewCount: 120_000, likeCount: 4_000, dislikeCount: 90 },
    categoryId: 10,
  };
}
