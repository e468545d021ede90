import { formatSentence, html, type Html } from "./html.ts";
import { formatType, listFields, type Field, type Schema } from "./schema.ts";

/** The parts of the AsyncAPI document that the page shows. */
export interface AsyncApiDocument {
  readonly channels: Readonly<
    Record<string, { readonly description: string; readonly messages: object }>
  >;
  readonly operations: Readonly<
    Record<string, { readonly action: string; readonly messages: readonly { $ref: string }[] }>
  >;
  readonly components: { readonly schemas: Readonly<Record<string, Schema>> };
}

/** An example of each type of event, whole. */
export type Examples = Readonly<Record<string, object>>;

/** A part of the page that the search shows or hides as one. */
interface Section {
  readonly id: string;
  readonly about: string | null;
  readonly fields: readonly Field[];
  /** In words, for what has no fields. */
  readonly type: Html | null;
  readonly example: object | null;
}

/** Makes the page that shows every type of event, what they share, and the socket's frames. */
export function makeEventsPage(document: AsyncApiDocument, examples: Examples): string {
  const { schemas } = document.components;
  const types = Object.keys(document.channels["webhook"]?.messages ?? {});
  const told = namesOf(document, "listen");
  const commands = Object.values(document.operations)
    .filter(({ action }) => action === "receive")
    .flatMap(({ messages }) => messages.map(({ $ref }) => lastOf($ref)));
  const answers = ["Result", "Failure", "Pong"];
  const others = [...types, ...told, ...commands, ...answers, "WebhookHeaders"];
  const shapes = Object.keys(schemas)
    .filter((name) => !others.includes(name))
    .toSorted();
  const eventOf = (type: string): Section => describeEvent(type, schemas[type] ?? {}, examples);
  const partOf = (name: string): Section => describePart(name, schemas[name] ?? {});
  const groups = Map.groupBy(types, (type) => type.split(".")[0] ?? "");
  const parts: readonly (readonly [string, string, readonly Section[]])[] = [
    ...[...groups].map(([name, some]) => [`${name}-events`, name, some.map(eventOf)] as const),
    ["shapes", "What events share", shapes.map(partOf)],
    ["told", "What the socket says", [...told, ...answers].map(partOf)],
    ["commands", "What a client may say", commands.map(partOf)],
    ["headers", "What a webhook is sent beside the event", [partOf("WebhookHeaders")]],
  ];
  const envelope = listEnvelope(schemas[types[0] ?? ""] ?? {});
  const socket = document.channels["socket"]?.description ?? "";
  return showPage(parts, { envelope: showEnvelope(envelope), limits: showTables(socket) }).text;
}

const lastOf = (reference: string): string => reference.split("/").at(-1) ?? "";

function namesOf({ operations }: AsyncApiDocument, operation: string): string[] {
  return (operations[operation]?.messages ?? []).map(({ $ref }) => lastOf($ref));
}

function describeEvent(type: string, schema: Schema, examples: Examples): Section {
  const data = schema.properties?.["data"] ?? {};
  const fields = listFields(data);
  const about = schema.description ?? null;
  const words = fields.length === 0 ? formatType(data) : null;
  return { id: type, about, fields, type: words, example: examples[type] ?? null };
}

function describePart(name: string, schema: Schema): Section {
  const fields = listFields(schema);
  const type = fields.length === 0 ? formatType(schema) : null;
  return { id: name, about: schema.description ?? null, fields, type, example: null };
}

/** The fields that every event has beside its data. */
function listEnvelope({ properties = {}, required = [] }: Schema): readonly Field[] {
  const { data: _data, type, ...rest } = properties;
  const any = { ...rest, ...(type !== undefined && { type: { type: "string" } }) };
  return listFields({ properties: any, required });
}

function showPage(
  parts: readonly (readonly [string, string, readonly Section[]])[],
  { envelope, limits }: { readonly envelope: Html; readonly limits: Html },
): Html {
  const contents = parts.map(
    ([id, title, sections]) =>
      html`<li>
        <a href="#${id}">${title}</a>
        <ul>
          ${sections.map((each) => html`<li><a href="#${each.id}">${each.id}</a></li> `)}
        </ul>
      </li> `,
  );
  const shown = parts.map(
    ([id, title, sections]) =>
      html`<section class="part" aria-labelledby="${id}">
        <h2 id="${id}">${title}</h2>
        ${sections.map(showSection)}
      </section> `,
  );
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <title>Events – Tributary</title>
        <link rel="icon" href="data:," />
        <link rel="stylesheet" href="/docs/events/events.css" />
        <script src="/docs/events/events.js" defer></script>
      </head>
      <body>
        <a class="skip" href="#content">To the events</a>
        <header>
          <h1>Events</h1>
          <p>
            Everything that can happen on a stream, as sockets, streams, webhooks and history tell
            of it. For programs: <a href="/v1/asyncapi.json">AsyncAPI 3.1</a>,
            <a href="/v1/schemas">JSON Schemas</a>. The HTTP API is
            <a href="/v1/docs">beside this</a>, and the <a href="/console/">console</a> shows them
            as they come.
          </p>
          <div class="search" role="search">
            <label for="search">Search types, fields and words</label>
            <input id="search" type="search" autocomplete="off" spellcheck="false" />
            <p id="found" role="status"></p>
          </div>
        </header>
        <nav aria-label="Contents">
          <ul>
            ${contents}
          </ul>
        </nav>
        <main id="content" tabindex="-1">${envelope} ${shown} ${limits}</main>
      </body>
    </html> `;
}

function showEnvelope(fields: readonly Field[]): Html {
  return html`<section class="part" aria-labelledby="envelope">
    <h2 id="envelope">Every event</h2>
    <p>
      A CloudEvents 1.0 object. Its <code>id</code> is its place in the channel’s log: keep it to
      resume. New fields may come to any type, so leave alone what you do not know. A message’s own
      <code>id</code> is the platform’s, and is absent where it has none.
    </p>
    ${showFields("Every event", fields)}
  </section> `;
}

function showSection({ id, about, fields, type, example }: Section): Html {
  return html`<article id="${id}">
    <h3><a href="#${id}">${id}</a></h3>
    ${about === null ? null : html`<p>${formatSentence(about)}</p>`}
    ${type === null ? null : html`<p class="type">${type}</p>`}
    ${fields.length === 0 ? null : showFields(id, fields)}
    ${
      example === null
        ? null
        : html`<details>
            <summary>An example of <code>${id}</code></summary>
            <pre tabindex="0">${JSON.stringify(example, null, 2)}</pre>
          </details>`
    }
  </article> `;
}

function showFields(name: string, fields: readonly Field[]): Html {
  const rows = fields.map(
    ({ path, type, isRequired, description }) =>
      html`<tr>
        <th scope="row">
          <code>${path}</code>${isRequired ? null : html` <small>optional</small>`}
        </th>
        <td>${type}${description === null ? null : html`<p>${formatSentence(description)}</p>`}</td>
      </tr> `,
  );
  return html`<table>
    <caption>
      Fields of ${name}
    </caption>
    <thead>
      <tr>
        <th scope="col">Field</th>
        <th scope="col">What it is</th>
      </tr>
    </thead>
    <tbody>
      ${rows}
    </tbody>
  </table> `;
}

/** The tables in a description, as HTML; the words around them are not shown. */
function showTables(description: string): Html {
  const tables = description.split("\n\n").filter((each) => each.startsWith("|"));
  const shown = tables.map((table) => {
    const [head = [], , ...rows] = table.split("\n").map((line) => line.slice(2, -2).split(" | "));
    return html`<table>
      <caption>
        ${head[0] ?? ""}
      </caption>
      <thead>
        <tr>
          ${head.map((cell) => html`<th scope="col">${cell}</th>`)}
        </tr>
      </thead>
      <tbody>
        ${rows.map(
          ([first = "", ...cells]) =>
            html`<tr>
              <th scope="row">${first}</th>
              ${cells.map((cell) => html`<td>${cell}</td>`)}
            </tr> `,
        )}
      </tbody>
    </table> `;
  });
  return html`<section class="part" aria-labelledby="limits">
    <h2 id="limits">Limits and closes of the socket</h2>
    ${shown}
  </section> `;
}
