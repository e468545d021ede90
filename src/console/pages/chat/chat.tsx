import { Empty, PageHead } from "../../ui/parts.tsx";

export function ChatPage({ id }: { id: string }) {
  return (
    <>
      <PageHead title="Chat" />
      <Empty title={`Not there yet for ${id}`} />
    </>
  );
}
