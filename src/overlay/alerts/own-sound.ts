/* Sounds of one's own, files of anywhere, and a voice of the machine. Loaded where they are asked for. */
import type { Refused } from "./sound.ts";

const LONGEST_MS = 10_000;
const FADE_MS = 250;

export interface OwnSound {
  /** Plays a file, and answers how it is ended; null where there is none. */
  play(file: string, volume: number): (() => void) | null;
  say(text: string, volume: number, lang: string): void;
  /** Ends what is being said. */
  hush(): void;
}

/** Opens these files, before they are needed. */
export function openOwnSound(files: readonly string[], refused: Refused): OwnSound {
  const loaded = new Map(files.map((file) => [file, makeAudio(file)]));
  return {
    play(file, volume) {
      const audio = loaded.get(file);
      if (!audio) return null;
      audio.volume = volume;
      audio.currentTime = 0;
      audio.play().catch(() => {
        // Not before a click, or no sound at all.
        refused(() => void audio.play());
      });
      const end = window.setTimeout(() => fadeOut(audio), LONGEST_MS - FADE_MS);
      return () => {
        clearTimeout(end);
        fadeOut(audio);
      };
    },
    say(text, volume, lang) {
      const voices =
        window.speechSynthesis?.getVoices().filter(({ localService }) => localService) ?? [];
      const voice = voices.find((each) => each.lang.startsWith(lang)) ?? voices[0];
      if (!voice || text === "") return;
      const words = new SpeechSynthesisUtterance(text);
      Object.assign(words, { voice, volume });
      speechSynthesis.speak(words);
    },
    hush: () => window.speechSynthesis?.cancel(),
  };
}

function makeAudio(file: string): HTMLAudioElement {
  const audio = new Audio();
  audio.preload = "auto";
  audio.src = file;
  return audio;
}

function fadeOut(audio: HTMLAudioElement): void {
  const from = audio.volume;
  const begun = performance.now();
  const timer = setInterval(() => {
    const left = 1 - (performance.now() - begun) / FADE_MS;
    audio.volume = Math.max(0, from * left);
    if (left > 0) return;
    clearInterval(timer);
    audio.pause();
  }, 25);
}
