export { provider } from "./provider/provider.ts";
