/* Sounds of alerts: a chime made by the page, or a file of one's own; and a voice. */
import type { Kind } from "../kit/kinds.ts";

/** Two notes a kind, in hertz. */
const NOTES: Readonly<Record<Kind, readonly [number, number]>> = {
  follow: [587.33, 880],
  subscription: [659.26, 987.77],
  gift: [783.99, 1_174.66],
  tip: [880, 1_318.51],
  cheer: [698.46, 1_046.5],
  raid: [523.25, 783.99],
  redemption: [622.25, 932.33],
};

const NOTE_S = 0.16;
const RING_S = 1.1;
const LONGEST_MS = 10_000;
const IDLE_MS = 30_000;
const FADE_MS = 250;

export interface Sound {
  play(kind: Kind, level: number, file: string, volume: number): void;
  say(text: string, volume: number, lang: string): void;
  stop(): void;
}

/** Starts sounds. `refused` is told where the browser lets no page sound before a click. */
export function startSound(files: readonly string[], refused: (again: () => void) => void): Sound {
  let context: AudioContext | null = null;
  let idle = 0;
  let stopNow = (): void => {};
  // Loaded before they are needed.
  const loaded = new Map(files.filter(Boolean).map((file) => [file, makeAudio(file)]));
  const chime = (kind: Kind, level: number, volume: number): void => {
    const sounding = (context ??= new AudioContext());
    if (sounding.state === "suspended") void sounding.resume();
    setTimeout(() => {
      if (sounding.state === "suspended") refused(() => void sounding.resume());
    }, 300);
    const gain = sounding.createGain();
    gain.gain.value = volume * 0.5;
    gain.connect(sounding.destination);
    const begin = sounding.currentTime + 0.02;
    const [low, high] = NOTES[kind];
    const notes = [low, high, ...(level > 2 ? [high * 1.259_9] : [])];
    for (const [at, note] of notes.entries()) ring(sounding, gain, note, begin + at * NOTE_S);
    stopNow = () => gain.gain.setTargetAtTime(0, sounding.currentTime, 0.05);
    clearTimeout(idle);
    idle = window.setTimeout(() => {
      void sounding.close();
      context = null;
    }, IDLE_MS);
  };
  return {
    play(kind, level, file, volume) {
      stopNow();
      const audio = loaded.get(file);
      if (!audio) return chime(kind, level, volume);
      audio.volume = volume;
      audio.currentTime = 0;
      audio.play().catch(() => {
        // Not before a click, or no sound at all.
        refused(() => void audio.play());
      });
      const end = window.setTimeout(() => fadeOut(audio), LONGEST_MS - FADE_MS);
      stopNow = () => {
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
    stop() {
      stopNow();
      window.speechSynthesis?.cancel();
    },
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

/** Rings a bell: a note and its octave, that fade. */
function ring(context: AudioContext, into: AudioNode, note: number, at: number): void {
  for (const [times, loud] of [
    [1, 0.6],
    [2, 0.18],
    [3.01, 0.06],
  ] as const) {
    const gain = context.createGain();
    gain.gain.setValueAtTime(0, at);
    gain.gain.linearRampToValueAtTime(loud, at + 0.012);
    gain.gain.exponentialRampToValueAtTime(0.000_1, at + RING_S / times);
    const tone = context.createOscillator();
    tone.frequency.value = note * times;
    tone.connect(gain).connect(into);
    tone.start(at);
    tone.stop(at + RING_S);
  }
}
