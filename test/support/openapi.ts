import { z } from "zod";

type Schema = Parameters<typeof z.fromJSONSchema>[0] & object;

export interface Parameter {
  readonly name: string;
  readonly in: "path" | "query" | "header";
  readonly schema: Schema;
}

export interface DescribedAnswer {
  readonly description: string;
  readonly headers?: Readonly<Record<string, { readonly required?: boolean }>>;
  readonly content?: Readonly<Record<string, { readonly schema: Schema }>>;
}

export interface DescribedOperation {
  readonly operationId: string;
  readonly summary: string;
  readonly parameters?: readonly Parameter[];
  readonly requestBody?: {
    readonly required?: boolean;
    readonly content: Readonly<Record<string, { readonly schema: Schema }>>;
  };
  readonly responses: Readonly<Record<string, DescribedAnswer>>;
}

export interface OpenApiDocument {
  readonly openapi: string;
  readonly paths: Readonly<Record<string, Readonly<Record<string, DescribedOperation>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, Schema>> };
}

type Node = Record<string, unknown>;

/** Finds what an OpenAPI document does not say of an answer that was given. */
export class AnswerChecker {
  readonly #document: OpenApiDocument;
  readonly #definitions: Readonly<Record<string, unknown>>;
  readonly #schemas = new Map<Schema, z.ZodType>();

  constructor(document: OpenApiDocument) {
    this.#document = document;
    const { schemas } = document.components;
    this.#definitions = Object.fromEntries(
      Object.entries(schemas).map(([name, schema]) => [name, this.#close(schema)]),
    );
  }

  /** One sentence on what is not as the document says; null where all of it is. */
  async findFault(path: string, method: string, response: Response): Promise<string | null> {
    const item = this.#document.paths[path] ?? {};
    const operation = item[method === "HEAD" ? "get" : method.toLowerCase()];
    // A method that there is not: any of those that there are says how that is answered.
    const described = operation ?? Object.values(item)[0];
    const answer = described?.responses[response.status];
    const text = response.body === null ? "" : await read(response);
    if (answer === undefined) return `status ${response.status} is not described: ${text}`;
    if (operation === undefined && response.status !== 405) return `is no 405: ${text}`;
    for (const [name, { required }] of Object.entries(answer.headers ?? {})) {
      if (required === true && !response.headers.has(name)) return `has no header ${name}`;
    }
    return this.#findBodyFault(answer, method, response.headers.get("content-type"), text);
  }

  #findBodyFault(
    { content = {}, description }: DescribedAnswer,
    method: string,
    header: string | null,
    text: string,
  ): string | null {
    const type = header?.split(";")[0]?.trim() ?? "";
    const isEmpty = Object.keys(content).length === 0;
    if (method === "HEAD") return text === "" ? null : "a HEAD has a body";
    if (isEmpty) return text === "" ? null : `a body is not described: ${text}`;
    const schema = content[type]?.schema;
    if (schema === undefined) return `media type ${type} is not described`;
    const isJson = /^application\/([a-z.-]+\+)?json$/.test(type);
    const value: unknown = isJson ? JSON.parse(text) : text;
    const checked = this.#zodOf(schema).safeParse(value);
    if (!checked.success) return `the body is not as described: ${checked.error.message} ${text}`;
    if (type !== "application/problem+json") return null;
    const { code } = value as { code: string };
    return description.includes(`\`${code}\``) ? null : `code ${code} is not described`;
  }

  #zodOf(schema: Schema): z.ZodType {
    const known = this.#schemas.get(schema);
    if (known !== undefined) return known;
    const closed = this.#close(schema) as Node;
    const made = z.fromJSONSchema({ ...closed, $defs: this.#definitions } as Schema);
    this.#schemas.set(schema, made);
    return made;
  }

  /** The schema with nothing in its objects but what it names, unless it says that more may be. */
  #close(schema: unknown): unknown {
    if (Array.isArray(schema)) return schema.map((each) => this.#close(each));
    if (typeof schema !== "object" || schema === null) return schema;
    const node = schema as Node;
    if (Array.isArray(node["allOf"])) return this.#close(this.#join(node["allOf"] as Node[]));
    const { $ref } = node;
    if (typeof $ref === "string") return { $ref: $ref.replace("/components/schemas/", "/$defs/") };
    const isObject = node["properties"] !== undefined && node["additionalProperties"] === undefined;
    return {
      ...Object.fromEntries(Object.entries(node).map(([key, each]) => [key, this.#close(each)])),
      ...(isObject && { additionalProperties: false }),
    };
  }

  /** Objects of which a value has to be all, as one. */
  #join(parts: readonly Node[]): Node {
    const joined = { properties: {}, required: [] as unknown[] };
    for (const part of parts) {
      const name = typeof part["$ref"] === "string" ? part["$ref"].split("/").at(-1) : undefined;
      const node = name === undefined ? part : (this.#document.components.schemas[name] as Node);
      Object.assign(joined.properties, node["properties"]);
      joined.required.push(...((node["required"] as unknown[] | undefined) ?? []));
    }
    return { type: "object", ...joined };
  }
}

/** The body as text. A stream is let go of at once: it has no end. */
async function read(response: Response): Promise<string> {
  if (response.headers.get("content-type")?.startsWith("text/event-stream") === true) {
    await response.body?.cancel();
    return "";
  }
  // Not `text()`: it warns of media types that it does not take for text.
  return new TextDecoder().decode(await response.arrayBuffer());
}
