/** A body as it comes, a piece at a time. */
interface Pieces {
  getReader(): {
    read(): Promise<{ readonly done: boolean; readonly value?: Uint8Array | undefined }>;
    cancel(): Promise<void>;
  };
}

/** As much of a body as was to be read. */
export interface BoundedText {
  readonly text: string;
  /** How many bytes have come, those beyond the bound included. */
  readonly bytes: number;
  /** False where there was more than `maxBytes`: the text is its beginning. */
  readonly isWhole: boolean;
}

/**
 * Reads a body as text, up to so many bytes, whether or not its length was told. Of a longer one the
 * rest is not waited for. Rejects where the body breaks off.
 */
export async function readBounded(body: Pieces | null, maxBytes: number): Promise<BoundedText> {
  if (body === null) return { text: "", bytes: 0, isWhole: true };
  const reader = body.getReader();
  const decoder = new TextDecoder();
  let text = "";
  let bytes = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done || value === undefined) {
      return { text: text + decoder.decode(), bytes, isWhole: true };
    }
    text += decoder.decode(value.subarray(0, maxBytes - bytes), { stream: true });
    bytes += value.byteLength;
    if (bytes > maxBytes) break;
  }
  void reader.cancel().catch(() => {
    // Nobody waits for the rest, nor for it to be told that nobody does.
  });
  return { text, bytes, isWhole: false };
}
