export { board } from "./board.ts";
export { gateway } from "./gateway.ts";
export { provider } from "./provider.ts";
