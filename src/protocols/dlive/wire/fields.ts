import { z } from "zod";

/** The two subscriptions there are. */
export const Field = z.enum(["streamMessageReceived", "treasureChestMessageReceived"]);
export type Field = z.infer<typeof Field>;
