/* Addresses of overlays: what differs from the usual stands in them, and the key behind the #. Pure. */
import type { Parameter, Parameters } from "../../overlay/kit/parameters.ts";
import { own } from "../api/own.ts";

/** Values as an address has them: texts by name. */
export type Values = Readonly<Record<string, string>>;

/** The usual value of a parameter, as an address would have it. */
export function formatDefault(parameter: Parameter): string {
  switch (parameter.kind) {
    case "switch":
      return parameter.default ? "on" : "off";
    case "list":
    case "words":
      return parameter.default.join(",");
    case "amount":
      return parameter.default.value === 0
        ? ""
        : `${parameter.default.value}${parameter.default.currency}`;
    case "whole":
    case "number": {
      const words = Object.entries(parameter.words ?? {});
      const word = words.find(([, value]) => value === parameter.default)?.[0];
      return word ?? String(parameter.default);
    }
    case "choice":
    case "color":
    case "url":
    case "time":
    case "language":
    case "slug":
    case "text":
      return parameter.default;
  }
}

/** A source of OBS, as a link that is dragged onto it describes it. */
export interface Layer {
  readonly name: string;
  readonly width: number;
  readonly height: number;
  readonly css: string;
}

interface Parts {
  readonly origin: string;
  readonly kind: string;
  readonly channel: string;
  readonly values: Values;
  readonly key: string | null;
  readonly layer?: Layer;
}

/** Writes an address. */
export function formatAddress(parts: Parts, table: Parameters): string {
  const { origin, kind, channel, values, key, layer } = parts;
  const url = new URL(`/overlay/${kind}`, origin);
  url.searchParams.set("channel", channel);
  for (const [name, parameter] of Object.entries(table)) {
    const value = own(values, name);
    if (name === "channel" || value === undefined || value === formatDefault(parameter)) continue;
    url.searchParams.set(name, value);
  }
  if (layer !== undefined) {
    url.searchParams.set("layer-name", layer.name);
    url.searchParams.set("layer-width", String(layer.width));
    url.searchParams.set("layer-height", String(layer.height));
    if (layer.css !== "") url.searchParams.set("layer-css", layer.css);
  }
  // A comma is a comma, for whoever reads it.
  url.search = url.search.replaceAll("%2C", ",");
  if (key !== null) url.hash = key;
  return url.href;
}

/** Reads an address of ours: its kind, and what differs in it. Its key is not taken. */
export function readAddress(
  text: string,
  tables: ReadonlyMap<string, Parameters>,
): { readonly kind: string; readonly values: Values } | null {
  if (!URL.canParse(text.trim())) return null;
  const url = new URL(text.trim());
  const kind = /^\/overlay\/(\w+)$/.exec(url.pathname)?.[1] ?? "";
  const table = tables.get(kind);
  if (table === undefined) return null;
  const values = new Map<string, string>();
  for (const [name, parameter] of Object.entries(table)) {
    if (name === "channel") continue;
    const names = [name, ...(parameter.was ?? [])];
    const given = names.map((each) => url.searchParams.get(each)).find((each) => each !== null);
    if (given !== undefined && given !== null && given !== formatDefault(parameter))
      values.set(name, given);
  }
  return { kind, values: Object.fromEntries(values) };
}
