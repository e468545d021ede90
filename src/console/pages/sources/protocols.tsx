import { sources } from "../../text/sources.ts";

/** The five protocols, by what each brings. */
export function ProtocolCards({ onPick }: { onPick: (protocol: string) => void }) {
  return (
    <ul class="tiles protocols">
      {sources.map(({ protocol, title, brings }) => (
        <li key={protocol}>
          <button type="button" class="tile" onClick={() => onPick(protocol)}>
            <span class="tile-mark" data-protocol={protocol} aria-hidden="true">
              {title.slice(0, 1).toUpperCase()}
            </span>
            <span class="tile-words">
              <strong>{title}</strong>
              <span class="dim">{brings}</span>
            </span>
          </button>
        </li>
      ))}
    </ul>
  );
}
