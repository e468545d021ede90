/** The emotes that this Twitch knows, and their numbers. */
const twitchEmotes: ReadonlyMap<string, number> = new Map([
  ["Kappa", 25],
  ["riverWave", 900_101],
  ["riverTea", 900_102],
  ["riverCheer", 900_103],
]);

const urlPattern = /^https?:\/\/\S+$/;
const special = /[!`*_{}[\]()#+\-.\\]/g;

/** A chat text as the service turns it into Markdown for its page: emotes and links by the word, the rest escaped. */
export function toMarkdown(text: string, network: string): string {
  return text
    .split(/(\s+)/)
    .map((word) => {
      const emote = network === "twitch" ? twitchEmotes.get(word) : undefined;
      if (emote !== undefined) {
        return `![${word}](http://static-cdn.jtvnw.net/emoticons/v1/${emote}/1.0)`;
      }
      return urlPattern.test(word) ? `[${escape(word)}](${word})` : escape(word);
    })
    .join("");
}

function escape(text: string): string {
  return text
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll(special, String.raw`\$&`);
}
