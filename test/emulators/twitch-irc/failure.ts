import type { HttpAnswer } from "../kit/http.ts";

/** Words for what is wrong, as the service has them everywhere. */
export function failure(status: number, message: string): HttpAnswer {
  return { status, body: { status, message } };
}
