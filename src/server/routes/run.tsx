import { INPUT_FORMATS } from "../../workbench/index.ts";
import { Frame, type PageContext } from "../parts/frame.tsx";
import type { PackageView } from "../package-view.ts";

/** The log of the example incident, from the root. */
export const EXAMPLE = "data/example.ndjson";

interface RunPageProps {
  readonly views: readonly PackageView[];
  /** There is a log of an example incident. */
  readonly example: boolean;
  /** The server writes exceptions that are made here. */
  readonly writes: boolean;
  readonly place: PageContext;
}

/** The bench alone, with every package. */
export function RunPage({ views, example, writes, place }: RunPageProps) {
  return (
    <Frame title="Run detections on your own logs" place={place}>
      <h1>Run detections on your own logs</h1>
      <p class="lead">
        Drop logs, archives of logs or a whole folder. The rules run in this browser, in a worker of its own.{" "}
        <b class="good">Nothing is uploaded:</b> the page's Content-Security-Policy forbids every connection but to its own files.
      </p>
      {example ? (
        <p id="example" class="soft">
          No logs at hand? <a href="#example">See an example incident</a>: a synthetic lab log, made for this project.
        </p>
      ) : null}
      <div
        id="run-here"
        class="run-here"
        data-package={views.map((view) => view.id).join(" ")}
        data-base={place.links.to("").replace(/index\.html$/, "")}
        data-formats={INPUT_FORMATS}
        data-cases={views.reduce((sum, view) => sum + view.detection.cases.length, 0)}
        {...(example ? { "data-example": EXAMPLE } : {})}
        data-open=""
        {...(writes ? { "data-writes": place.links.to("tuning/") } : {})}
      >
        <button type="button" class="open-bench" hidden>
          Open the bench
        </button>
        <noscript>
          <p>
            This page needs JavaScript. Without it: <code>tocsin hunt FOLDER</code>.
          </p>
        </noscript>
      </div>
    </Frame>
  );
}
