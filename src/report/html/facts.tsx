import type { Child } from "hono/jsx";
import type { Fact } from "../view/hunt.ts";
import { LogText } from "./marks.tsx";

const MAX_FACT = 8_000;

/** Facts with their titles; `children` are further ones, in front. */
export function FactList({ of, children }: { of: readonly Fact[]; children?: Child }) {
  if (of.length === 0 && !children) return null;
  return (
    <dl class="facts">
      {children}
      {of.map(({ title, text }) => (
        <>
          <dt>{title}</dt>
          <dd>
            <LogText text={text} limit={MAX_FACT} />
          </dd>
        </>
      ))}
    </dl>
  );
}
