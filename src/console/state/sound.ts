/* Sounds of the chat and the dock: two notes, made by the browser, so that no file is loaded. */
import type { Sound } from "./heed.ts";

/** Hertz. */
const NOTES: Readonly<Record<Sound, readonly number[]>> = {
  alert: [660, 880],
  mention: [990],
};
const NOTE_SECONDS = 0.18;
const VOLUME = 0.15;
/** A burst is one sound. */
const REST_MS = 1_000;

let context: AudioContext | null = null;
let playedAt = -REST_MS;

/**
 * Plays a sound. A browser that lets no page sound before it was clicked plays none until then; in
 * OBS there is no such rule.
 */
export function playSound(sound: Sound): void {
  const now = performance.now();
  if (now - playedAt < REST_MS) return;
  playedAt = now;
  context ??= new AudioContext();
  void context.resume();
  for (const [at, note] of NOTES[sound].entries()) {
    const from = context.currentTime + at * NOTE_SECONDS;
    const tone = new OscillatorNode(context, { frequency: note });
    const gain = new GainNode(context, { gain: 0 });
    gain.gain.setValueAtTime(0, from);
    gain.gain.linearRampToValueAtTime(VOLUME, from + 0.02);
    gain.gain.linearRampToValueAtTime(0, from + NOTE_SECONDS);
    tone.connect(gain).connect(context.destination);
    tone.start(from);
    tone.stop(from + NOTE_SECONDS);
  }
}
