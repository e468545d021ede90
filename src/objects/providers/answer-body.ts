/**
 * Reads an answer's body as text beside the sockets of the object, up to `maxBytes`. Never by a
 * reader of the stream: with one, the runtime has closed an outbound socket of the same object a
 * second or two after the body was read to its end (github.com/cloudflare/workerd/issues/6774), which
 * would cost a connection for each message that is sent and each token that is renewed. A body whose
 * length was told is read in one go; any other by way of a stream that ends it where it is too long.
 */
export async function readAnswerBody(response: Response, maxBytes: number): Promise<string> {
  const { body, headers } = response;
  if (body === null) return "";
  return isShort(headers, maxBytes) ? response.text() : readStart(body, maxBytes);
}

/** Was it told that there are no more bytes? Of a compressed body another length is told. */
function isShort(headers: Headers, maxBytes: number): boolean {
  const length = headers.get("content-length");
  if (length === null || headers.has("content-encoding")) return false;
  return /^\d{1,15}$/.test(length) && Number(length) <= maxBytes;
}

function readStart(body: ReadableStream<Uint8Array>, maxBytes: number): Promise<string> {
  let left = maxBytes;
  const start = new TransformStream<Uint8Array, Uint8Array>({
    transform(chunk, controller) {
      controller.enqueue(chunk.subarray(0, left));
      left -= chunk.byteLength;
      if (left <= 0) controller.terminate();
    },
  });
  return new Response(body.pipeThrough(start)).text();
}
