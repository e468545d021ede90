import { z } from "zod";

/**
 * When the same occurrence told by two providers is one event: where both have the platform's own id
 * of it; also where what they say of it is alike; or never.
 */
export const Merge = z.enum(["exact", "natural", "off"]);
export type Merge = z.infer<typeof Merge>;
