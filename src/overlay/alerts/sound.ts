/* Sounds of alerts: a chime made by the page. */
import type { Kind } from "../kit/kind-names.ts";
import type { OwnSound } from "./own-sound.ts";

/** Two notes a kind, in hertz. */
const NOTES: Readonly<Record<Kind, readonly [number, number]>> = {
  follow: [587, 880],
  subscription: [659, 988],
  gift: [784, 1_175],
  tip: [880, 1_319],
  cheer: [698, 1_047],
  raid: [523, 784],
  redemption: [622, 932],
};

const NOTE_S = 0.16;
const RING_S = 1.1;
const IDLE_MS = 30_000;

export interface Sound {
  play(kind: Kind, level: number, file: string, volume: number): void;
  say(text: string, volume: number, lang: string): void;
  stop(): void;
}

/** Told where the browser lets no page sound before a click, with what makes it sound then. */
export type Refused = (again: () => void) => void;

/** Starts sounds; `own` are files and a voice, where the address asks for them. */
export function startSound(refused: Refused, own: OwnSound | null): Sound {
  let context: AudioContext | null = null;
  let idle = 0;
  let stopNow = (): void => {};
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
    const notes = [low, high, ...(level > 2 ? [high * 1.26] : [])];
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
      const stop = own?.play(file, volume);
      if (stop) stopNow = stop;
      else chime(kind, level, volume);
    },
    say: (text, volume, lang) => own?.say(text, volume, lang),
    stop() {
      stopNow();
      own?.hush();
    },
  };
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
