import { LogLines } from "../../report/index.ts";

const MAX_TEXT = 100_000;

/** An event as it was written or normalised, to read and to copy. */
export function EventText({ text, label, limit = MAX_TEXT }: { text: string; label: string; limit?: number }) {
  return (
    <div class="code">
      <button type="button" class="copy" hidden>
        Copy
      </button>
      <pre class="event-text" tabindex={0} role="group" aria-label={label}>
        <code>
          <LogLines text={text} limit={limit} />
        </code>
      </pre>
    </div>
  );
}
