import { expect, test } from "vitest";
import { SampledTimes } from "./sampled-times.ts";

/** A clock that moves only when the test moves it. */
function handClock(): { clock: () => number; wait: (millis: number) => void } {
  let now = 1000;
  return { clock: () => now, wait: (millis) => (now += millis) };
}

test("one round of 251 is timed, and stands for all", () => {
  const { clock, wait } = handClock();
  const times = new SampledTimes(2, clock);
  let timed = 0;
  for (let round = 1; round <= 502; round++) {
    const isTimed = times.next();
    expect(isTimed).toBe(round === 8 || round === 259);
    wait(2);
    if (isTimed) times.add(0, times.lap());
    wait(3);
    if (isTimed) times.add(1, times.lap());
    timed += isTimed ? 1 : 0;
  }
  expect(timed).toBe(2);
  expect([...times.totals()]).toEqual([2 * 502, 3 * 502]);
  times.start();
  wait(7);
  times.addWhole(1, times.lap());
  expect([...times.totals()]).toEqual([2 * 502, 3 * 502 + 7]);
});

test("before a round was timed, only what lies outside of rounds counts", () => {
  const { clock, wait } = handClock();
  const times = new SampledTimes(1, clock);
  times.start();
  wait(4);
  times.addWhole(0, times.lap());
  expect([...times.totals()]).toEqual([4]);
});

test("what reading the clock takes is taken off, and nothing takes less than no time", () => {
  let now = 0;
  let step = 1;
  const times = new SampledTimes(1, () => (now += step));
  times.start();
  now += 5;
  expect(times.lap()).toBe(5);
  step = 0;
  expect(times.lap()).toBe(0);
});
