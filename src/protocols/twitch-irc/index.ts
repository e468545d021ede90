export { gateway } from "./gateway/gateway.ts";
export { provider } from "./provider/provider.ts";
