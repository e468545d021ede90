import { Empty, PageHead } from "../../ui/parts.tsx";

export function Webhooks({ id }: { id: string }) {
  return (
    <>
      <PageHead title="Webhooks" />
      <Empty title={`Not there yet for ${id}`} />
    </>
  );
}
