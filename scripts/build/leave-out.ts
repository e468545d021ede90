/*
 * Leaves out of the Worker what only documents are made of, which are made when the pages are built:
 * the words about routes, schemas and events, and the way from a schema to a JSON Schema; and comments
 * in SQL.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";

import type { Plugin } from "rolldown";
import { parseSync, Visitor, type ESTree } from "rolldown/utils";

import { leaveIndentation } from "./leave-indentation.ts";

interface Span {
  readonly start: number;
  readonly end: number;
}

/** A part of a source: a property, or another one. */
interface Part extends Span {
  readonly type?: ESTree.Node["type"];
}

/** Properties of a route that are for the document alone. */
const OF_ROUTES = new Set(["summary", "description", "operationId", "tags", "externalDocs"]);

const OF_ANSWERS = new Set(["description"]);

/** Properties of a schema's `.meta` that are for documents alone; others are looked at. */
const OF_SCHEMAS = new Set(["id", "title", "description", "example", "examples"]);

/** Functions whose texts are for documents alone: of the door, and of the catalogue of events. */
const DESCRIBING = /^(describe(Header|JsonAnswer|Made)|defineEntry)$/;

/** A comment that has a line of SQL for itself. */
const SQL_COMMENT = /^[ \t]*--.*$/gm;

/**
 * A source without its words for documents. They become spaces: every line and column stays where it
 * was, so that a trace names the place in the source.
 */
export function leaveWords(source: string): string {
  const { program, errors } = parseSync("source.ts", source);
  if (errors.length > 0) return source;
  const words: Part[] = [];
  const texts: Span[] = [];
  const comments: Span[] = [];
  new Visitor({
    CallExpression: (call) => {
      words.push(...listWordsOfCall(call));
      if (call.callee.type !== "Identifier") return;
      const { name } = call.callee;
      // What is left is `(access, route)`: the route as it was given.
      if (name === "describeOperation") words.push(call.callee);
      if (name === "route") words.push(...listWordsOfRoute(call.arguments[1]));
      if (DESCRIBING.test(name)) texts.push(...call.arguments.filter(isText));
    },
    TemplateElement: ({ value: { raw }, start }) => {
      // Its own beginning is a sign of the language's.
      const at = source.indexOf(raw, start);
      for (const { index, 0: comment } of raw.matchAll(SQL_COMMENT)) {
        comments.push({ start: at + index, end: at + index + comment.length });
      }
    },
  }).visit(program);
  // A property goes with the comma behind it.
  const spans = words.map(({ type, start, end }) => {
    const comma = type === "Property" ? /^\s*,/.exec(source.slice(end)) : null;
    return { start, end: end + (comma?.[0].length ?? 0) };
  });
  return blank(blank(source, [...spans, ...comments], ""), texts, '""');
}

/** The parts of a call on a schema that only documents look at. */
function listWordsOfCall(call: ESTree.CallExpression): Part[] {
  const { callee, arguments: given } = call;
  if (callee.type !== "MemberExpression" || callee.property.type !== "Identifier") return [];
  const [first] = given;
  const whole = { start: callee.object.end, end: call.end };
  switch (callee.property.name) {
    case "describe":
      return given.length === 1 ? [whole] : [];
    case "openapi":
      return first !== undefined && (isText(first) || first.type === "ObjectExpression")
        ? [whole]
        : [];
    case "meta": {
      if (first?.type !== "ObjectExpression") return [];
      const { words } = partProperties(first, OF_SCHEMAS);
      return words.length === first.properties.length ? [whole] : words;
    }
    default:
      return [];
  }
}

/** The words of a route, and of the answers that are its own. */
function listWordsOfRoute(route: ESTree.Argument | undefined): Part[] {
  const { words, others } = partProperties(route, OF_ROUTES);
  const responses = others.find(({ key }) => isNamed(key, "responses"))?.value;
  const answers = partProperties(responses, new Set()).others;
  return [...words, ...answers.flatMap(({ value }) => partProperties(value, OF_ANSWERS).words)];
}

/** The properties of an object that is written out: those with these names, and the others. */
function partProperties(
  node: ESTree.Node | undefined,
  names: ReadonlySet<string>,
): { readonly words: ESTree.ObjectProperty[]; readonly others: ESTree.ObjectProperty[] } {
  const all = node?.type === "ObjectExpression" ? node.properties : [];
  const own = all.filter((each) => each.type === "Property");
  const isWord = ({ key }: ESTree.ObjectProperty): boolean =>
    key.type === "Identifier" && names.has(key.name);
  return { words: own.filter(isWord), others: own.filter((each) => !isWord(each)) };
}

function isNamed(key: ESTree.PropertyKey, name: string): boolean {
  return key.type === "Identifier" && key.name === name;
}

function isText({ type }: Pick<ESTree.Node, "type">): boolean {
  return type === "Literal" || type === "TemplateLiteral";
}

/** Puts spaces, behind `instead`, where these parts were. */
function blank(source: string, spans: readonly Span[], instead: string): string {
  let text = source;
  for (const { start, end } of spans) {
    const gone = text.slice(start, end).slice(instead.length).replaceAll(/[^\n]/g, " ");
    text = text.slice(0, start) + instead + gone + text.slice(end);
  }
  return text;
}

/** The modules of zod that only making a JSON Schema needs: about 6 KiB compressed. */
const JSON_SCHEMA = /[\\/]zod[\\/]v4[\\/]core[\\/](json-schema-processors|to-json-schema)\.js$/;

/** The same names, none of which may be called. */
function standIn(file: string): string {
  const names = [...readFileSync(file, "utf8").matchAll(/^export (?:const|function) (\w+)/gm)];
  const lines = names.map(([, name]) => `export const ${name} = stand;`);
  return `const stand = () => () => { throw new Error("The Worker makes no JSON Schema."); };\n${lines.join("\n")}`;
}

const ROUTES_LIBRARY = /[\\/]@hono[\\/]zod-openapi[\\/]dist[\\/]index\.mjs$/;
// It is given all of zod, none of which could be left out then.
const EXTENDING = "extendZodWithOpenApi(z);";

const SCHEMAS = /[\\/]zod[\\/]v4[\\/]classic[\\/]schemas\.js$/;
// A text's older ways to its formats, each with a class of its own; ours are `z.iso`'s.
const FORMATS = /(_ZodString\.init\(inst, def\);\n\}), \{\n {4}email\(params\)[^]*?\n\}\);/;
const FORMAT =
  /(?<!\biso)\.(?:email|url|jwt|emoji|guid|uuid|uuidv[467]|nanoid|cuid2?|ulid|base64(?:url)?|xid|ksuid|ipv[46]|cidrv[46]|e164|datetime|date|time|duration)\(/;

const PRESET = /[\\/]hono[\\/]dist[\\/]hono\.js$/;
// The app names its router; those of its parts are never asked.
const ROUTERS = "new SmartRouter({ routers: [new RegExpRouter(), new TrieRouter()] })";

/** Leaves out of a bundle what only documents are made of, and routers that are not used. */
export function leaveDocuments(root: string): Plugin {
  const own = join(root, "src");
  return {
    name: "leave-documents",
    load: { filter: { id: JSON_SCHEMA }, handler: standIn },
    transform(code, id) {
      if (id.startsWith(own)) {
        const [used] = FORMAT.exec(code) ?? [];
        if (used !== undefined) this.error(`of zod's texts, ${used} is left out of the Worker`);
        return { code: leaveIndentation(leaveWords(code)), map: null };
      }
      if (SCHEMAS.test(id)) {
        if (!FORMATS.test(code)) this.error("zod has the formats of texts in another place now");
        return { code: code.replace(FORMATS, "$1);"), map: null };
      }
      if (PRESET.test(id)) {
        if (!code.includes(ROUTERS)) this.error("hono chooses its router in another way now");
        return { code: code.replace(ROUTERS, "new TrieRouter()"), map: null };
      }
      if (!ROUTES_LIBRARY.test(id)) return null;
      if (!code.includes(EXTENDING)) this.error("@hono/zod-openapi extends zod in another way now");
      return {
        code: code.replace(EXTENDING, "extendZodWithOpenApi({ ZodType: z.ZodType });"),
        map: null,
      };
    },
  };
}
