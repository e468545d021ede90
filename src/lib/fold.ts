/**
 * Folds a text so that two that differ by capitals alone are the same: by way of capitals, in which
 * ß is SS, and with one small sigma, which is another at the end of a word.
 */
export function foldCase(text: string): string {
  return text.toUpperCase().toLowerCase().replaceAll("ς", "σ");
}
