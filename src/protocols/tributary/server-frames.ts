import { z } from "zod";

import { Envelope } from "../../event/event.ts";
import { Connection } from "../../event/shapes.ts";
import { CommandErrorCode, CommandId } from "./wire.ts";

/*
 * The frames that a client of `tributary.v1` is sent, for whoever writes one. They are written by hand
 * in `dialects.ts`, from texts that are JSON already; that those are of these schemas is tested.
 */

const Position = z.string().meta({ description: "A place in the log: it means after this event." });

const RAW = "The provider's own words, with `raw=true` and for `channels:manage`.";

/** An event as a socket is sent it. With `raw=true` the provider's own words go along. */
export const SentEvent = Envelope.extend({
  raw: z.unknown().optional().meta({ description: RAW }),
});

export const Hello = z
  .object({
    type: z.literal("hello"),
    session: z.string(),
    channel: z.string(),
    position: Position.meta({ description: "The newest." }),
    time: z.iso.datetime({ precision: 3 }).meta({
      description:
        "The relay's clock as it says so, RFC 3339 with milliseconds: what `recordedtime` goes by.",
    }),
    connections: z.array(Connection),
    moreConnections: z
      .int()
      .optional()
      .meta({ description: "How many there are that the frame has no room for." }),
    pingIntervalMs: z.int().meta({ description: "The longest time between two pings." }),
    limits: z.object({
      frameBytes: z.int(),
      commands: z.int().meta({ description: "Frames in `commandsWithinMs`, at most." }),
      commandsWithinMs: z.int(),
      reconnectWithinMs: z.int().meta({
        description: "A client that was cut comes back after a time by chance, this at most.",
      }),
    }),
  })
  .meta({ description: "The first frame." });

export const Events = z
  .object({
    type: z.literal("events"),
    from: Position,
    to: Position,
    events: z.array(SentEvent),
  })
  .meta({
    description:
      "All positions after `from` up to `to`, also those that the filter has left nothing of: what is to be kept to resume is `to`.",
  });

export const GapFrame = z
  .object({
    type: z.literal("gap"),
    from: Position,
    to: Position,
    cause: z.enum(["slow", "expired", "unknown_position"]),
    shed: z.int().nullable().meta({ description: "Events left out; null where nobody can know." }),
  })
  .meta({ description: "What this socket will not get." });

export const Result = z
  .object({
    type: z.literal("result"),
    id: CommandId.nullable().meta({ description: "The command's; null where none could be read." }),
    ok: z.literal(true),
    data: z.unknown(),
  })
  .meta({ description: "A command was carried out." });

export const Failure = z
  .object({
    type: z.literal("result"),
    id: CommandId.nullable().meta({ description: "The command's; null where none could be read." }),
    ok: z.literal(false),
    error: z.object({
      code: CommandErrorCode,
      message: z.string(),
      retryable: z.boolean(),
      retryAfter: z.number().optional().meta({ description: "Seconds." }),
    }),
  })
  .meta({ description: "A command was refused, or a frame could not be read." });

export const Reconnect = z
  .object({ type: z.literal("reconnect"), afterMs: z.int() })
  .meta({ description: "A planned hand-over: connect anew after so long, and resume." });

export const Closing = z
  .object({ type: z.literal("closing"), code: z.int(), reason: z.string() })
  .meta({ description: "The last frame before the relay closes the socket, with its close code." });

export const Pong = z
  .object({ type: z.literal("pong") })
  .meta({ description: "The answer to a ping." });

/** All of them, by their names in the document. */
export const serverFrames = {
  Hello,
  Events,
  Gap: GapFrame,
  Result,
  Failure,
  Reconnect,
  Closing,
  Pong,
} as const;
