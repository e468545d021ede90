import { ask, at } from "../../api/call.ts";
import type { OpenSocket } from "../../api/types.ts";
import { useAsked, useDoing } from "../../state/asked.ts";
import { may } from "../../state/session.ts";
import { Button } from "../../ui/button.tsx";
import { Ago, Badge, Empty, Section, Skeleton } from "../../ui/parts.tsx";
import { ProblemBox } from "../../ui/problem.tsx";

/** The sockets that are open now: whose, what they hear, how far behind they are. */
export function OpenSockets({ id }: { id: string }) {
  const isAllowed = may("channels:manage", id);
  const { data, error, again } = useAsked<readonly OpenSocket[]>(
    isAllowed ? at`/channels/${id}/sockets` : null,
    { isList: true, everyMs: 5_000 },
  );
  const close = useDoing(async (socket: string) => {
    await ask(at`/channels/${id}/sockets/${socket}`, { method: "DELETE" });
    again();
  });
  return (
    <Section title="Open sockets" about="Overlays, docks and programs that are connected now.">
      <ProblemBox error={error ?? close.error} again={again} />
      {isAllowed ? null : <p class="dim">To see them, a key needs channels:manage.</p>}
      {isAllowed && data === null && error === null ? <Skeleton rows={3} /> : null}
      {data?.length === 0 ? <Empty icon="events" title="Nobody is connected" /> : null}
      {data === null || data.length === 0 ? null : (
        <div class="table-box">
          <table class="table">
            <thead>
              <tr>
                <th scope="col">Who</th>
                <th scope="col">Hears</th>
                <th scope="col">Since</th>
                <th scope="col">Behind</th>
                <th scope="col">
                  <span class="unseen">Actions</span>
                </th>
              </tr>
            </thead>
            <tbody>
              {data.map((socket) => (
                <tr key={socket.id}>
                  <td>
                    <bdi>{socket.label ?? socket.credential.id ?? socket.credential.kind}</bdi>{" "}
                    <Badge tone="info">{socket.protocol}</Badge>
                  </td>
                  <td>{sayFilter(socket)}</td>
                  <td data-label="Since">
                    {socket.since === null ? "–" : <Ago at={socket.since} />}
                  </td>
                  <td data-label="Behind">{socket.behind ?? 0}</td>
                  <td>
                    <Button small onClick={() => void close.run(socket.id)}>
                      Close
                    </Button>
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </Section>
  );
}

function sayFilter({ filter }: OpenSocket): string {
  if (filter === null) return "as its protocol says";
  const all = [...filter.types, ...filter.providers, ...filter.platforms];
  return all.length === 0 ? "everything" : all.join(", ");
}
