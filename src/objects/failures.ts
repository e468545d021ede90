/**
 * What a log line may say of an exception that was not foreseen: its name and where in the source it
 * arose. Its message may quote what somebody said.
 */
export function failureOf(error: unknown): { readonly error: string; readonly place: string } {
  if (!(error instanceof Error)) return { error: typeof error, place: "" };
  return { error: error.name, place: (error.stack?.split("\n    at ")[1] ?? "").trim() };
}
