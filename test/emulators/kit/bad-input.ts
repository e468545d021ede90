/** Thrown for what the emulator's user got wrong; the message says what would be right. */
export class BadInput extends Error {
  override readonly name = "BadInput";
}
