/* The form of a source: what it asks for, and where that is found. */

export interface SourceField {
  readonly name: string;
  /** The place that the API has it in; one of the form alone says how another field is meant. */
  readonly in: "target" | "credentials" | "url" | "form";
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
  /** Whom one logs in with, where the title says more. */
  readonly service?: string;
  readonly brings: string;
  readonly fields: readonly SourceField[];
  /** The way to the credentials, step by step. */
  readonly steps: readonly string[];
  readonly link?: { readonly href: string; readonly label: string };
  readonly note?: string;
  /** One logs in with the service: it sends the browser back, or a word is typed there. */
  readonly logIn?: "code" | "device";
  /** A log-in is one of two ways: what comes of it, said beside its button. */
  readonly logInWords?: string;
  /** The relay's own app asks for consent: no other is asked for. */
  readonly hasOwnApp?: true;
  /** The way to what a log-in asks for, where that is another. */
  readonly logInSteps?: readonly string[];
  /** The service tells what happens by requests to this path of the relay, which its app has to know. */
  readonly hook?: string;
}
