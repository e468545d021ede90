/** An input that cannot be taken as it is. Whoever it came from is told why. */
export class Unfit extends Error {}
