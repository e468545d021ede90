import { Empty, PageHead } from "../../ui/parts.tsx";

export function Settings({ id }: { id: string }) {
  return (
    <>
      <PageHead title="Settings" />
      <Empty title={`Not there yet for ${id}`} />
    </>
  );
}
