/** One row of CSV (RFC 4180), with its line break. */
export function formatCsvRow(
  cells: readonly (string | number | boolean | null | undefined)[],
): string {
  return `${cells.map(formatCsvCell).join(",")}\r\n`;
}

/**
 * A cell that a spreadsheet shows and does not carry out: what begins like a formula gets an
 * apostrophe before it (OWASP, "CSV Injection"). Chat is written by strangers.
 */
function formatCsvCell(value: string | number | boolean | null | undefined): string {
  if (value === null || value === undefined) return "";
  if (typeof value !== "string") return String(value);
  const harmless = /^[=+\-@\t\r\n＝＋－＠]/.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless;
}
