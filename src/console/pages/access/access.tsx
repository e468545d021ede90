import { Empty, PageHead } from "../../ui/parts.tsx";

export function Access({ id }: { id: string }) {
  return (
    <>
      <PageHead title="Access" />
      <Empty title={`Not there yet for ${id}`} />
    </>
  );
}
