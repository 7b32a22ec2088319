/** Functions of points on the earth, which are texts: `POINT(longitude latitude)`. */
import { textOf, type EsqlScalar, type EsqlValue } from "../value.ts";
import { scalar, type EsqlFunction } from "./function.ts";

/** Mean radius, metres. */
const EARTH = 6_371_008.8;

interface Point {
  readonly longitude: number;
  readonly latitude: number;
}

function pointOf(value: EsqlValue): Point | null {
  const match = /^POINT\s*\(\s*(-?[\d.]+(?:e-?\d+)?)\s+(-?[\d.]+(?:e-?\d+)?)\s*\)$/i.exec(textOf(value as EsqlScalar));
  if (match === null) return null;
  const [longitude, latitude] = [Number(match[1]), Number(match[2])];
  return Math.abs(longitude) <= 180 && Math.abs(latitude) <= 90 ? { longitude, latitude } : null;
}

const radians = (degrees: number): number => (degrees * Math.PI) / 180;

/** On the great circle, metres. */
function distance(a: Point, b: Point): number {
  const [from, to] = [radians(a.latitude), radians(b.latitude)];
  const half = Math.sin((to - from) / 2) ** 2 + Math.cos(from) * Math.cos(to) * Math.sin(radians(b.longitude - a.longitude) / 2) ** 2;
  return 2 * EARTH * Math.asin(Math.min(1, Math.sqrt(half)));
}

export const PLACE_FUNCTIONS: readonly EsqlFunction[] = [
  {
    name: "to_geopoint",
    arity: [1, 1],
    type: "text",
    doc: "A point on the earth out of the text `POINT(longitude latitude)`.",
    run: scalar(([value], { warn }) => {
      if (pointOf(value!) !== null) return value!;
      warn("to_geopoint: a text is no point");
      return null;
    }),
  },
  {
    name: "st_x",
    arity: [1, 1],
    type: "double",
    doc: "The longitude of a point.",
    run: scalar(([value]) => pointOf(value!)?.longitude ?? null),
  },
  {
    name: "st_y",
    arity: [1, 1],
    type: "double",
    doc: "The latitude of a point.",
    run: scalar(([value]) => pointOf(value!)?.latitude ?? null),
  },
  {
    name: "st_distance",
    arity: [2, 2],
    type: "double",
    doc: "The distance of two points on the great circle, in metres.",
    run: scalar(([a, b]) => {
      const [from, to] = [pointOf(a!), pointOf(b!)];
      return from === null || to === null ? null : distance(from, to);
    }),
  },
];
