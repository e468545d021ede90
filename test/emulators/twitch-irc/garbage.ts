/** Lines that are none, and lines that lack what makes them what they say they are. */
export const twitchGarbage: readonly string[] = [
  ["@", ":", "@a=b", ":tmi.twitch.tv", "@a=b :tmi.twitch.tv"],
  ["PRIVMSG", "PRIVMSG #rivermoss", "@id=x PRIVMSG #rivermoss", ":a!a@a PRIVMSG"],
  ["USERNOTICE", "@msg-id USERNOTICE", "@msg-id=sub;;;=;a USERNOTICE #rivermoss"],
  ["CLEARCHAT", "@ban-duration=x CLEARMSG #rivermoss :text", "CLEARMSG", "ROOMSTATE"],
  ["@emotes=25:9-2/x:/:-/1:1-99999999999 PRIVMSG #rivermoss :Kappa", "NOTICE", "CAP", "hello"],
  ["@bits=-5;tmi-sent-ts=never;badges=////,,a PRIVMSG #rivermoss :\u0001ACTION", "\u0000", "  "],
]
  .flat()
  .map((line) => `${line}\r\n`);
