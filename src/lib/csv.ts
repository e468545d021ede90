/** Begins a file so that a spreadsheet takes it for UTF-8. */
export const BYTE_ORDER_MARK = "\uFEFF";

// Spreadsheets in much of the world take `;` or a tab for what ends a cell, and a line break inside
// of quotes for what ends a row, when the file was not asked to be read by commas.
const FORMULA = /(^|[;\t\r\n] *)([=+\-@＝＋－＠])/g;

/** One row of CSV (RFC 4180), with its line break. */
export function formatCsvRow(
  cells: readonly (string | number | boolean | null | undefined)[],
): string {
  return `${cells.map(formatCsvCell).join(",")}\r\n`;
}

/** JSON for a cell: the same data, with nothing in it that would be taken for a formula. */
export function disarmJson(json: string): string {
  // What a separator stands before is inside of a string, where any character may be escaped.
  return json.replaceAll(FORMULA, (_match, before: string, sign: string) => {
    return `${before}\\u${sign.charCodeAt(0).toString(16).padStart(4, "0")}`;
  });
}

/**
 * A cell that a spreadsheet shows and does not carry out: what begins like a formula, or would once
 * the cell is cut at a separator, gets an apostrophe before it (OWASP, "CSV Injection"). Chat is
 * written by strangers.
 */
function formatCsvCell(value: string | number | boolean | null | undefined): string {
  if (value === null || value === undefined) return "";
  if (typeof value !== "string") return String(value);
  const disarmed = value.replaceAll(FORMULA, "$1'$2");
  const harmless = /^[\t\r\n]/.test(value) ? `'${disarmed}` : disarmed;
  return /[",\r\n]/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless;
}
