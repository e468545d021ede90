import { cleanText } from "./text.ts";

/** The address of a picture that may be loaded; empty where it is none. */
export function findPicture(address: unknown): string {
  try {
    const { protocol, href } = new URL(
      String(address)
        .slice(0, 2_000)
        .replace(/^(http:)?\/\//i, "https://"),
    );
    return protocol === "https:" ? href.replace(/^(https:\/\/)[^/]*@/, "$1") : "";
  } catch {
    // No address at all.
    return "";
  }
}

/** How many seconds emotes move: 0 for ever, below it never. */
let seconds = 8;

export function setMoving(length: number): void {
  seconds = length;
}

const MOST = 500;
const moving: { readonly image: HTMLImageElement; readonly still: string; readonly at: number }[] =
  [];
let timer = 0;

/**
 * Makes a picture; null where it must not be loaded. Where it cannot be, an emote is its words again,
 * and what only decorates (a badge, an avatar) is gone.
 */
export function makePicture(
  address: unknown,
  words: string | undefined,
  className: string,
  still?: string,
): HTMLElement | null {
  const given = address ? findPicture(address) : "";
  if (!given) return null;
  // Twitch has a still form of each emote, under an address of its own.
  const calm = findPicture(
    still ?? given.replace(/(emoticons\/v2\/[^/]+\/)(default|animated)/, "$1static"),
  );
  const image = new Image();
  image.className = className;
  image.alt = cleanText(words, 80);
  image.decoding = "async";
  image.referrerPolicy = "no-referrer";
  image.addEventListener("error", () => image.replaceWith(className === "emote" ? image.alt : ""));
  image.src = seconds < 0 ? calm : given;
  if (seconds > 0 && className === "emote") {
    moving.push({
      image,
      still: calm === given ? "" : calm,
      at: performance.now() + seconds * 1_000,
    });
    if (moving.length > MOST) moving.shift();
    timer ||= window.setTimeout(settle, seconds * 1_000);
  }
  return image;
}

/** Has those stand still whose time is over: one timer for all of them. */
function settle(): void {
  const now = performance.now();
  while (moving[0] && moving[0].at <= now) {
    const { image, still } = moving.shift() ?? moving[0];
    if (!image.isConnected || !image.naturalWidth) continue;
    if (still) image.src = still;
    else if (/gif|webp|emote/.test(image.src)) standStill(image);
  }
  timer = moving[0] ? window.setTimeout(settle, moving[0].at - now + 50) : 0;
}

/** Draws a picture once, where there is no still form of it. */
function standStill(image: HTMLImageElement): void {
  const canvas = document.createElement("canvas");
  canvas.className = image.className;
  canvas.width = image.naturalWidth;
  canvas.height = image.naturalHeight;
  canvas.role = "img";
  canvas.ariaLabel = image.alt;
  canvas.getContext("2d")?.drawImage(image, 0, 0);
  image.replaceWith(canvas);
}
