import { z } from "zod";

/** When providers are dialled: always, or while somebody listens and a little longer. */
export const Mode = z.enum(["always", "on_demand"]);
export type Mode = z.infer<typeof Mode>;
