import { cutText } from "../../report/index.ts";
import { visible } from "../../workbench/index.ts";

const MOST_TEXT = 100_000;

/** An event as it was written or normalised, to read and to copy. Line breaks are ours; everything else that could hide or reorder is spelt out. */
export function EventText({ text, label, limit = MOST_TEXT }: { text: string; label: string; limit?: number }) {
  const { shown, note } = cutText(text, limit);
  return (
    <div class="code">
      <button type="button" class="copy" hidden>
        Copy
      </button>
      <pre class="event-text" tabindex={0} role="group" aria-label={label}>
        <code>
          {shown.split(/\r?\n/).map(visible).join("\n")}
          {note}
        </code>
      </pre>
    </div>
  );
}
