import { ask, at } from "../api/call.ts";

/** Tells overlays to do something, by the log. */
export async function tellOverlays(
  id: string,
  target: string,
  event: string,
  payload: object = {},
): Promise<void> {
  await ask(at`/channels/${id}/events`, {
    method: "POST",
    body: { type: "overlay.broadcast", data: { target, event, payload } },
  });
}
