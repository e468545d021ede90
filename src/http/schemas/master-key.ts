import { z } from "@hono/zod-openapi";

/** The master key, by what may be told of it. */
export const MasterKeyState = z
  .object({
    id: z.string().openapi({
      description:
        "Tells this master key from others, and nothing of it. Every sealed text has it.",
    }),
    since: z.string().nullable().openapi({
      description:
        "When the relay first worked with it; null until a run of the minute has noted it.",
    }),
    sealed: z
      .object({
        old: z.int().openapi({ description: "Still sealed with the key before." }),
        unreadable: z.int().openapi({ description: "Opened by no key that the relay has." }),
        missing: z
          .array(z.string())
          .openapi({ description: "The ids of the keys that those need." }),
        unasked: z.int().openapi({
          description: "Channels and webhooks that could not be asked. The next round asks again.",
        }),
      })
      .nullable()
      .openapi({
        description:
          "Credentials of providers and secrets of webhooks that this key does not open, as the last whole round found them; null before there was one.",
      }),
    checkedAt: z.string().nullable().openapi({ description: "When that round ended." }),
    previous: z
      .object({
        id: z.string(),
        neededUntil: z.string().nullable().openapi({
          description: "Until then tokens and answers may be about that were made with it.",
        }),
        mayBeRemoved: z.boolean().openapi({
          description:
            "Nothing needs it any more: TRIBUTARY_MASTER_KEY_PREVIOUS may be taken away.",
        }),
      })
      .nullable()
      .openapi({ description: "The key before, as long as the relay is given it." }),
  })
  .openapi("MasterKeyState");
export type MasterKeyState = z.infer<typeof MasterKeyState>;
