import { Empty, PageHead } from "../../ui/parts.tsx";

export function Overlays({ id }: { id: string }) {
  return (
    <>
      <PageHead title="Overlays" />
      <Empty title={`Not there yet for ${id}`} />
    </>
  );
}
