/**
 * `prove` on the whole package: all cases, from raw telemetry through reader, normaliser, engine and exceptions.
 *
 *   node bench/prove.ts [rounds]
 */
import { shippedPackage, TODAY } from "../scripts/shipped.ts";
import { prove } from "../src/workbench/prove/prove.ts";

const rounds = Number(process.argv[2] ?? "5");
const times: number[] = [];
const busy: number[] = [];
let cases = 0;
let events = 0;
for (let round = 0; round < rounds; round++) {
  const began = performance.now();
  const cpu = process.cpuUsage();
  const proof = prove(shippedPackage(), { today: TODAY });
  times.push(performance.now() - began);
  const { user, system } = process.cpuUsage(cpu);
  busy.push((user + system) / 1000);
  cases = proof.cases.length;
  events = proof.cases.reduce((sum, one) => sum + one.events.length, 0);
}
times.sort((a, b) => a - b);
busy.sort((a, b) => a - b);
console.log(
  `${cases} cases, ${events} events, loaded and proved: ${(times[0]! / 1000).toFixed(2)} s at best, ${(times[times.length >> 1]! / 1000).toFixed(2)} s in the median of ${rounds}; of the processor ${(busy[0]! / 1000).toFixed(2)} s at best (goal: 3 s)`,
);
