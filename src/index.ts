export { ChannelObject } from "./objects/channel-object.ts";
export default { fetch: () => new Response("") } satisfies ExportedHandler<Env>;
