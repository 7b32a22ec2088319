import { type Alert, type TimeZone } from "../../workbench/index.ts";
import { timelineView } from "../view/timeline.ts";
import { WORDS } from "../words.ts";

const MAX_LANES = 40;

/** Alerts along the time, a lane for each host. */
export function Timeline({ of, zone }: { of: readonly Alert[]; zone: TimeZone }) {
  const view = timelineView(
    of.map(({ host, ms, rule }) => ({ host, ms, severity: rule.severity })),
    MAX_LANES,
    zone,
  );
  if (view === null) return <p class="soft">{WORDS.noTimes}</p>;
  const { width, height, label, left, right, lanes, footY, from, to, notes } = view;
  return (
    <>
      <svg viewBox={`0 0 ${width} ${height}`} role="img" aria-label={label}>
        {lanes.map(({ y, name, marks }) => (
          <>
            <text x="8" y={y + 4}>
              {name}
            </text>
            <line class="lane" x1={left} x2={right} y1={y} y2={y} />
            {marks.map(({ x, radius, severity, title }) => (
              <circle class={severity} cx={x} cy={y} r={radius}>
                <title>{title}</title>
              </circle>
            ))}
          </>
        ))}
        <text x={left} y={footY}>
          {from}
        </text>
        <text x={right} y={footY} text-anchor="end">
          {to}
        </text>
      </svg>
      {notes.map((note) => (
        <p class="soft">{note}</p>
      ))}
    </>
  );
}
