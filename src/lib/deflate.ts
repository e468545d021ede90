/** Compresses a text as raw DEFLATE (RFC 1951) of its UTF-8. */
export async function deflateText(text: string): Promise<Uint8Array<ArrayBuffer>> {
  return collect(new Blob([text]), new CompressionStream("deflate-raw"));
}

/** Reads back what `deflateText` made. Throws where it is no such thing. */
export async function inflateText(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  const inflated = await collect(new Blob([bytes]), new DecompressionStream("deflate-raw"));
  return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(inflated);
}

async function collect(
  blob: Blob,
  through: CompressionStream | DecompressionStream,
): Promise<Uint8Array<ArrayBuffer>> {
  const chunks: Uint8Array<ArrayBuffer>[] = [];
  const reader = blob.stream().pipeThrough(through).getReader();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) break;
    // A stream's own bytes are shared with nobody.
    chunks.push(value as Uint8Array<ArrayBuffer>);
  }
  return new Uint8Array(await new Blob(chunks).arrayBuffer());
}
