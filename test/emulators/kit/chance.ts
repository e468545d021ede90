/**
 * Chance that can be repeated: the same seeds give the same draws, on any machine. The generator is
 * sfc32, whose 128 bits keep two runs with different seeds from ever walking the same path. Good
 * for chatter and names; never for secrets.
 */
export class Chance {
  #a: number;
  #b: number;
  #c: number;
  #counter = 1;

  constructor(seed: number, stream = 0) {
    this.#a = seed | 0;
    this.#b = Math.floor(seed / 2 ** 32) | 0;
    this.#c = stream | 0;
    // Its author's advice: twelve rounds until near seeds have nothing in common.
    for (let round = 0; round < 12; round += 1) {
      this.#draw();
    }
  }

  /** From 0 up to and without 1. */
  fraction(): number {
    return this.#draw() / 2 ** 32;
  }

  /** From `lowest` up to and with `highest`. */
  integer(lowest: number, highest: number): number {
    return lowest + Math.floor(this.fraction() * (highest - lowest + 1));
  }

  /** True in this share of the cases. */
  happens(share: number): boolean {
    return this.fraction() < share;
  }

  pick<Choice>(choices: readonly Choice[]): Choice {
    const choice = choices[this.integer(0, choices.length - 1)];
    if (choice === undefined) {
      throw new RangeError("Nothing to pick from.");
    }
    return choice;
  }

  hex(digits: number): string {
    let text = "";
    while (text.length < digits) {
      text += this.#draw().toString(16).padStart(8, "0");
    }
    return text.slice(0, digits);
  }

  /** A version 4 UUID. */
  uuid(): string {
    const variant = this.pick(["8", "9", "a", "b"]);
    return `${this.hex(8)}-${this.hex(4)}-4${this.hex(3)}-${variant}${this.hex(3)}-${this.hex(12)}`;
  }

  #draw(): number {
    const drawn = (this.#a + this.#b + this.#counter) | 0;
    this.#counter = (this.#counter + 1) | 0;
    this.#a = this.#b ^ (this.#b >>> 9);
    this.#b = (this.#c + (this.#c << 3)) | 0;
    this.#c = ((this.#c << 21) | (this.#c >>> 11)) + drawn;
    this.#c |= 0;
    return drawn >>> 0;
  }
}
