import { own } from "../../api/own.ts";
import type { Attempt } from "../../api/types.ts";
import { hookAdvice } from "../../text/advice.ts";
import { sayWhy } from "../../text/whys.ts";
import { Ago, Badge, Json, Time } from "../../ui/parts.tsx";

/** One attempt: what was sent and answered, how it is signed, and why the next is when it is. */
export function AttemptCard({ attempt }: { attempt: Attempt }) {
  const { number, at, trigger, reason, detail, request, response, headersMs, endMs, why } = attempt;
  const isGood = attempt.class === "success";
  return (
    <article class="attempt" aria-label={`Attempt ${number}`}>
      <p class="row">
        <Badge tone={isGood ? "good" : attempt.class === "permanent" ? "bad" : "wait"}>
          {response === null ? reason : response.status}
        </Badge>
        <strong>Attempt {number}</strong>
        <span class="dim">
          {trigger} · <Time at={at} seconds />
          {headersMs === null ? null : ` · headers ${headersMs} ms`}
          {endMs === null ? null : ` · end ${endMs} ms`}
        </span>
      </p>
      {isGood ? null : (
        <p>
          {own(hookAdvice, reason)?.words ?? reason} <span class="dim">{detail}</span>
        </p>
      )}
      <p class="dim">
        {sayWhy(why)}
        {attempt.nextAttemptAt === null ? null : (
          <>
            {" "}
            Next <Ago at={attempt.nextAttemptAt} />
          </>
        )}
      </p>
      <details>
        <summary>Request and answer</summary>
        <div class="panes two">
          <Json value={formatHeaders(request.headers)} label="Headers of the request" />
          {response === null ? (
            <p class="dim">There was no answer.</p>
          ) : (
            <Json
              value={`${response.status}\n${formatHeaders(response.headers)}\n\n${response.body}${response.cut ? "…" : ""}`}
              label="Answer"
            />
          )}
        </div>
      </details>
      <details>
        <summary>How it is signed</summary>
        <ol class="steps dim">
          <li>
            <code>webhook-id</code>, a full stop, <code>webhook-timestamp</code>, a full stop, and
            the body as it came, {request.bytes.toLocaleString()} bytes:{" "}
            <code>
              {own(request.headers, "webhook-id")}.{own(request.headers, "webhook-timestamp")}.…
            </code>
          </li>
          <li>
            HMAC-SHA256 of it, with the secret behind <code>whsec_</code> read as base64.
          </li>
          <li>
            As base64 it is one of the words of <code>webhook-signature</code>, behind{" "}
            <code>v1,</code>. Behind <code>v1a,</code> is the same by Ed25519.
          </li>
        </ol>
      </details>
    </article>
  );
}

function formatHeaders(headers: Readonly<Record<string, string>>): string {
  return Object.entries(headers)
    .map(([name, value]) => `${name}: ${value}`)
    .join("\n");
}
