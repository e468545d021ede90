import type { ComponentChildren } from "preact";

import { Icon, type IconName } from "./icons.tsx";

interface ButtonProps {
  readonly children?: ComponentChildren;
  readonly onClick?: (event: MouseEvent) => void;
  readonly kind?: "plain" | "primary" | "danger" | "quiet";
  readonly icon?: IconName;
  readonly type?: "button" | "submit";
  readonly isBusy?: boolean;
  readonly disabled?: boolean;
  /** The right that it needs, and is not there: it is shown, and cannot be pressed. */
  readonly lacks?: string | false | undefined;
  readonly label?: string;
  readonly small?: boolean;
  readonly pressed?: boolean;
  readonly class?: string;
}

/** A button. One that must not be pressed says why. */
export function Button(props: ButtonProps) {
  const { children, kind = "plain", icon, type = "button", isBusy = false, lacks, label } = props;
  const why = typeof lacks === "string" ? `This needs ${lacks}.` : undefined;
  const isOff = props.disabled === true || why !== undefined;
  return (
    <button
      type={type}
      class={`button ${kind} ${props.small === true ? "small" : ""} ${props.class ?? ""}`}
      onClick={isOff || isBusy ? undefined : props.onClick}
      aria-disabled={isOff ? "true" : undefined}
      disabled={isOff && why === undefined}
      aria-busy={isBusy ? "true" : undefined}
      aria-label={label}
      aria-pressed={props.pressed}
      title={why ?? (children === undefined ? label : undefined)}
    >
      {icon === undefined ? null : <Icon name={icon} />}
      {children === undefined ? null : <span>{children}</span>}
    </button>
  );
}

/** A link that looks like a button. */
export function LinkButton(props: {
  readonly href: string;
  readonly children: ComponentChildren;
  readonly kind?: "plain" | "primary";
  readonly icon?: IconName;
}) {
  return (
    <a class={`button ${props.kind ?? "plain"}`} href={props.href}>
      {props.icon === undefined ? null : <Icon name={props.icon} />}
      <span>{props.children}</span>
    </a>
  );
}
