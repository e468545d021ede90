/** A line as the service writes it: tags, who it is from, and its words. */
export interface Words {
  readonly tags?: Readonly<Record<string, string>> | undefined;
  readonly from?: string | undefined;
  readonly command: string;
  readonly room?: string | undefined;
  readonly text?: string | undefined;
}

export const host = "tmi.twitch.tv";

export function write({ tags = {}, from = host, command, room, text }: Words): string {
  const list = Object.entries(tags).map(([name, value]) => `${name}=${escape(value)}`);
  return [
    ...(list.length === 0 ? [] : [`@${list.join(";")}`]),
    `:${from}`,
    command,
    ...(room === undefined ? [] : [`#${room}`]),
    ...(text === undefined ? [] : [`:${text}`]),
  ].join(" ");
}

/** Whole lines, each with its end, as one frame. */
export function frameOf(...lines: readonly string[]): string {
  return lines.map((line) => `${line}\r\n`).join("");
}

/** The escapes of a tag's value; anything else stands for itself. */
function escape(value: string): string {
  let escaped = "";
  for (const character of value) {
    const at = "; \\\r\n".indexOf(character);
    escaped += at === -1 ? character : [String.raw`\:`, String.raw`\s`, "\\\\", "\\r", "\\n"][at];
  }
  return escaped;
}

/** A line of a client, as far as the service looks at it. */
export interface Asked {
  readonly command: string;
  readonly params: readonly string[];
}

export function readAsked(line: string): Asked {
  const [, plain = ""] = /^(?:@\S+ +)?(?::\S+ +)?(.*)$/s.exec(line) ?? [];
  const [head = "", ...rest] = plain.split(" :");
  const words = head.split(" ").filter((word) => word !== "");
  const [command = "", ...params] = words;
  const trailing = rest.length === 0 ? [] : [rest.join(" :")];
  return { command: command.toUpperCase(), params: [...params, ...trailing] };
}
