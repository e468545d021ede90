import type { IncomingMessage, ServerResponse } from "node:http";

const mostBodyBytes = 8 * 1024 * 1024;

export interface HttpQuestion {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingMessage["headers"];
  readonly body: string;
}

export interface HttpAnswer {
  readonly status: number;
  readonly body: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  /** What was asked is done, and the answer never arrives. */
  readonly isLost?: true;
}

export async function readQuestion(request: IncomingMessage): Promise<HttpQuestion> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    // The rest is read and thrown away, or the client would not listen to the answer.
    if (bytes <= mostBodyBytes) {
      chunks.push(chunk);
    }
  }
  return {
    method: request.method ?? "GET",
    ...splitAddress(request.url),
    headers: request.headers,
    body: Buffer.concat(chunks).toString(),
  };
}

/** By hand, because `URL` throws at some addresses that a client can send. */
export function splitAddress(address = "/"): Pick<HttpQuestion, "path" | "query"> {
  const [path = "/", ...rest] = address.split("?");
  return { path, query: new URLSearchParams(rest.join("?")) };
}

/** In one piece: some real clients take the first chunk for the whole answer. */
export function writeAnswer(
  response: ServerResponse,
  { status, body, headers, isLost }: HttpAnswer,
): void {
  if (isLost === true) {
    response.destroy();
    return;
  }
  const text = JSON.stringify(body);
  response.writeHead(status, {
    "content-type": "application/json; charset=utf-8",
    "content-length": Buffer.byteLength(text),
    "cache-control": "no-store",
    ...headers,
  });
  response.end(text);
}

export function errorAnswer(status: number, message: string): HttpAnswer {
  return { status, body: { error: { message } } };
}
