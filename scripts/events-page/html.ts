/** A piece of HTML: whatever was no piece when it was put in has been escaped. */
export class Html {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

type Part = string | number | Html | readonly Html[] | null;

const ENTITIES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

function escape(text: string): string {
  return text.replaceAll(/[&<>"']/g, (sign) => ENTITIES[sign] ?? sign);
}

function toText(part: Part): string {
  if (part === null) return "";
  if (part instanceof Html) return part.text;
  if (typeof part === "object") return part.map(({ text }) => text).join("");
  return escape(String(part));
}

/** Makes HTML of a template: texts in it are escaped, pieces of HTML are not. */
export function html(strings: TemplateStringsArray, ...parts: readonly Part[]): Html {
  const texts = parts.map(toText);
  return new Html(strings.map((each, index) => each + (texts[index] ?? "")).join(""));
}

const CODE = /`([^`]+)`/;

/** Makes HTML of a sentence of a description: words in backticks are code. */
export function formatSentence(text: string): Html {
  const parts = text.split(CODE);
  return new Html(
    parts
      .map((each, index) => (index % 2 === 1 ? html`<code>${each}</code>` : html`${each}`).text)
      .join(""),
  );
}
