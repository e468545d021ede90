/* Snippets for developers: the address is filled in, the key is left out. Pure. */

const KEY = "$TRIBUTARY_KEY";

export const snippets = {
  event: (origin: string, channel: string, event: string): string =>
    `curl -H "Authorization: Bearer ${KEY}" ${origin}/v1/channels/${channel}/events/${event}`,
  curl: (origin: string, channel: string): string =>
    `curl -H "Authorization: Bearer ${KEY}" "${origin}/v1/channels/${channel}/events?limit=10"`,
  post: (origin: string, channel: string): string =>
    `curl -X POST -H "Authorization: Bearer ${KEY}" -H "Content-Type: application/json" \\
  -d '{"type":"custom.hello","data":{"from":"me"}}' \\
  ${origin}/v1/channels/${channel}/events`,
  sdk: (origin: string, channel: string): string =>
    `import { Tributary } from "tributary-client";

const relay = new Tributary({ url: "${origin}", auth: process.env.TRIBUTARY_KEY });
const channel = relay.channel("${channel}");

channel.on("chat.message", ({ data }) => {
  console.log(\`\${data.user.name}: \${data.message.text}\`);
});`,
  sse: (origin: string, channel: string): string =>
    `curl -N -H "Authorization: Bearer ${KEY}" ${origin}/v1/channels/${channel}/stream`,
  socket: (origin: string, channel: string): string =>
    `TICKET=$(curl -s -X POST -H "Authorization: Bearer ${KEY}" \\
  ${origin}/v1/channels/${channel}/tickets | node -pe 'JSON.parse(require("fs").readFileSync(0)).ticket')
npx wscat -c ${origin.replace(/^http/, "ws")}/v1/channels/${channel}/socket -s tributary.v1 -s ticket.$TICKET`,
} as const;
