/* The form of a source: its fields, and the way to its credentials. Pure. */

export interface SourceField {
  readonly name: string;
  readonly in: "target" | "credentials" | "url";
  readonly label: string;
  readonly help?: string;
  readonly isSecret?: boolean;
  readonly isOptional?: boolean;
  readonly placeholder?: string;
  readonly options?: readonly (readonly [value: string, label: string])[];
  readonly initial?: string;
}

export interface SourceKind {
  readonly protocol: string;
  readonly title: string;
  readonly brings: string;
  readonly fields: readonly SourceField[];
  /** The way to the credentials, step by step. */
  readonly steps: readonly string[];
  readonly link?: { readonly href: string; readonly label: string };
  readonly note?: string;
  /** One logs in with the service, which sends the browser back to the relay. */
  readonly logIn?: true;
}
