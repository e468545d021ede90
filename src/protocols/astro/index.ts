export { gateway } from "./gateway.ts";
export { provider } from "./provider.ts";
