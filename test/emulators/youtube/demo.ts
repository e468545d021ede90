import { superChat, text } from "./items.ts";
import { startYouTube, type YouTube } from "./server.ts";

/** What `npm run emulate -- youtube` shows: one broadcast, with somebody who says something now and then. */
export const demoVideo = "demo-video";

const everyMs = 3_000;

/** Speaks until it is stopped. */
function playDemo(youtube: YouTube): () => void {
  const chat = youtube.goLive(demoVideo);
  let count = 0;
  const timer = setInterval(() => {
    count += 1;
    chat.say(
      count % 10 === 0
        ? superChat("5000000", "EUR", "for the stream")
        : text(`hello ${count} :_otter:`),
    );
  }, everyMs);
  return () => clearInterval(timer);
}

/** Plays YouTube with its one broadcast on a port of this machine, until it is closed. */
export async function startYouTubeDemo(port = 0): Promise<{ url: string; close(): Promise<void> }> {
  const youtube = await startYouTube(port);
  const stop = playDemo(youtube);
  return {
    url: youtube.url,
    close: () => {
      stop();
      return youtube.close();
    },
  };
}
