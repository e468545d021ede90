export { viewerInterface } from "./viewer-interface/viewer-interface.ts";
export { gateway } from "./gateway/gateway.ts";
export { provider } from "./provider/provider.ts";
