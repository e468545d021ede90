import { z } from "zod";

import type { RecordedFrame } from "./actions.ts";

const Emit = z.object({
  context: z.literal("emit"),
  data: z.object({ type: z.string(), payload: z.record(z.string(), z.unknown()) }),
});

const Entry = z.union([
  z.object({ dir: z.string(), raw: z.string() }),
  z.object({ dir: z.string(), json: z.unknown() }),
  z.object({ event: z.string() }),
]);

interface Recorded {
  readonly text: string;
  /** Null for what is no emit: an answer, or no JSON at all. */
  readonly emit: z.infer<typeof Emit>["data"] | null;
}

/** What a server said, in order. A transcript's other entries, of opens, closes and the client, are passed over. */
export function readRecorded(frames: readonly RecordedFrame[]): Recorded[] {
  return frames.flatMap((frame) => {
    const entry = Entry.safeParse(frame).data;
    if (entry === undefined) {
      return [recorded(frame)];
    }
    if (!("dir" in entry) || entry.dir !== "server->client") {
      return [];
    }
    return [recorded("raw" in entry ? entry.raw : entry.json)];
  });
}

function recorded(frame: unknown): Recorded {
  const text = typeof frame === "string" ? frame : JSON.stringify(frame);
  return { text, emit: Emit.safeParse(frame).data?.data ?? null };
}
