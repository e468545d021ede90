import { Empty, PageHead } from "../../ui/parts.tsx";

export function Health({ id }: { id: string }) {
  return (
    <>
      <PageHead title="Health" />
      <Empty title={`Not there yet for ${id}`} />
    </>
  );
}
