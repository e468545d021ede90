import { Button } from "./button.tsx";
import { Badge } from "./parts.tsx";

/** A credential's end: the button that revokes it, or that it is revoked. */
export function Revocable({
  at,
  onRevoke,
}: {
  readonly at: string | null;
  readonly onRevoke: () => void;
}) {
  if (at !== null) return <Badge tone="calm">revoked</Badge>;
  return (
    <Button small onClick={onRevoke}>
      Revoke
    </Button>
  );
}
