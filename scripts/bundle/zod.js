import * as z from "./zod-lean.js";

export * from "./zod-lean.js";
export { z };
