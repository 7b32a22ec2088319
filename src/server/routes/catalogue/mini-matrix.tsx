import { plural } from "../../../report/index.ts";
import type { TestCoverage } from "../../../workbench/index.ts";
import { matrixCell, matrixColumns } from "../detection/matrix.tsx";

const SIDE = 8;
const STEP = 10;

/** The matrix of a package in a few pixels: a row for each test, a column for each telemetry, filled where a rule detects it. */
export function MiniMatrix({ tests }: { tests: readonly TestCoverage[] }) {
  const columns = matrixColumns(tests);
  if (columns.length === 0) return null;
  const cells = tests.flatMap((test, y) =>
    columns.flatMap((column, x) => {
      const cell = matrixCell(test, column);
      return cell === undefined ? [] : [{ x, y, isSeen: cell.rules.length > 0 }];
    }),
  );
  const seen = cells.filter(({ isSeen }) => isSeen).length;
  return (
    <svg
      class="mini-matrix"
      viewBox={`0 0 ${columns.length * STEP} ${tests.length * STEP}`}
      width={columns.length * STEP}
      height={tests.length * STEP}
      role="img"
      aria-label={`${seen} of ${plural(cells.length, "recording")} of ${plural(tests.length, "test")} detected`}
    >
      {cells.map(({ x, y, isSeen }) => (
        <rect x={x * STEP} y={y * STEP} width={SIDE} height={SIDE} rx={1.5} class={isSeen ? "seen" : "blind"} />
      ))}
    </svg>
  );
}
