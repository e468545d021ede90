import { Empty, PageHead } from "../../ui/parts.tsx";

export function Test({ id }: { id: string }) {
  return (
    <>
      <PageHead title="Test events" />
      <Empty title={`Not there yet for ${id}`} />
    </>
  );
}
