/** Compresses a text as raw DEFLATE (RFC 1951) of its UTF-8. */
export async function deflateText(text: string): Promise<Uint8Array<ArrayBuffer>> {
  return run(new TextEncoder().encode(text), new CompressionStream("deflate-raw"));
}

/** Reads back what `deflateText` made. Throws where it is no such thing. */
export async function inflateText(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  const inflated = await run(bytes, new DecompressionStream("deflate-raw"));
  return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(inflated);
}

/**
 * Runs bytes through at once, which the runtime does by itself: piece by piece, each with a turn of its
 * own, it takes several times as long.
 */
async function run(
  bytes: Uint8Array,
  through: CompressionStream | DecompressionStream,
): Promise<Uint8Array<ArrayBuffer>> {
  const writer = through.writable.getWriter();
  const [read] = await Promise.all([
    new Response(through.readable).arrayBuffer(),
    writer.write(bytes),
    writer.close(),
  ]);
  return new Uint8Array(read);
}
