import { RelayError } from "../errors.ts";
import { isBoundTo, type Binding, type Principal, type Scope } from "../event/principal.ts";

/** A credential cannot give what it does not have. */
export function checkGrant(
  principal: Principal,
  scopes: readonly Scope[],
  channels: readonly Binding[] | null,
): void {
  const beyond = scopes.filter((scope) => !principal.scopes.includes(scope));
  if (beyond.length > 0) {
    throw new RelayError(
      "forbidden",
      `This credential does not have ${beyond.join(", ")} to give.`,
    );
  }
  if (principal.channels === null) return;
  if (channels === null || channels.some((channel) => !isBoundTo(principal, channel))) {
    throw new RelayError("forbidden", "This key is bound to channels, and can only give those.");
  }
}

/** When something ends that was made by a principal: at its own time, and never after its maker. */
export function chooseEnd<T extends number | null>(
  { expiresAt: makersEnd }: Principal,
  ownEnd: T,
): T | number {
  if (makersEnd === undefined) return ownEnd;
  return ownEnd === null ? makersEnd : Math.min(ownEnd, makersEnd);
}
