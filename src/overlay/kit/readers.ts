import type { Readers } from "./parameters.ts";

/** Readers of the kinds that only some overlays have. */
export const readersOfSome: Readers = new Map<string, (text: string) => unknown>(
  Object.entries({
    amount: (text: string) => {
      const [, value, currency = ""] = /^(\d{1,9}(?:\.\d{1,4})?)([a-z]{3})?$/i.exec(text) ?? [];
      return value === undefined
        ? null
        : { value: Number(value), currency: currency.toUpperCase() };
    },
    url: (text: string) => (/^https:\/\/[^\s"'\\]{4,2000}$/.test(text) ? text : null),
    time: (text: string) =>
      text === "stream" || /^\d{4}-\d\d-\d\d(T[\d:.]+(Z|[+-]\d\d:\d\d)?)?$/.test(text)
        ? text
        : null,
  }),
);
