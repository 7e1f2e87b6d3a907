/** Positional encodings as pictures: what the library's own definitions give, position by position and channel by channel. */
import { interpret } from "../../ir/interpret.js";
import { openProject } from "../snapshot.js";
import { gridOrigin, svgOf } from "./svg.js";

export interface EncodingPicture {
  /** By position, then by channel, between -1 and 1. */
  readonly values: readonly (readonly number[])[];
  readonly svg: string;
  /** How to read it: one sentence. */
  readonly caption: string;
}

/** What is added to, or done with, entries of 0 and 1 tells what an encoding is. */
const encodings = {
  sinusoid: { stage: "Sinusoidal", entry: () => 0, caption: "What is added to channel `d` at position `n`" },
  rope: {
    stage: "rope",
    entry: (channel: number, channels: number) => (channel < channels / 2 ? 1 : 0),
    caption:
      "Where the pair (1, 0) of channels `d` and `d + half` is turned to at position `n`: its cosine left, its sine right",
  },
} as const;

export type Encoding = keyof typeof encodings;

/** The encoding that a name of the library stands for. */
export const encodingNamed = (name: string): Encoding | undefined =>
  name === "sinusoid" || name === "Sinusoidal" ? "sinusoid" : name === "rope" ? "rope" : undefined;

/** `channels` is even. */
export function encodingPicture(encoding: Encoding, positions = 32, channels = 32): EncodingPicture | undefined {
  const { stage, entry, caption } = encodings[encoding];
  const values = valuesOf(stage, positions, channels, entry);
  return values && { values, svg: heatMap(values), caption };
}

function valuesOf(
  stage: string,
  positions: number,
  channels: number,
  entry: (channel: number, channels: number) => number,
): number[][] | undefined {
  const text = `model Picture[n]{d = ${channels}}(x: f32[n, d]) -> f32[n, d] { return x |> ${stage} }\nconfig picture = Picture{}\n`;
  const snapshot = openProject(() => text).look("picture.tfm");
  const config = snapshot?.program.entry.configs.get("picture");
  const lowered = config && snapshot?.lowered(config);
  const [task] = lowered?.module.tasks ?? [];
  if (!lowered || !task) return undefined;
  const x = Float64Array.from({ length: positions * channels }, (_, n) => entry(n % channels, channels));
  const { data } = interpret(lowered.module, task.name, {
    inputs: new Map([["x", { shape: [positions, channels], data: x }]]),
    weights: (address) => {
      throw new Error(`${stage} has no weight ${address}`);
    },
  });
  return Array.from({ length: positions }, (_, n) => [...data.slice(n * channels, (n + 1) * channels)]);
}

const side = 6;
const above = "#3b82f6";
const below = "#f97316";
/** So many shades each way. */
const levels = 5;

/** Runs of one shade are one mark: a picture travels inside of a hover's text. */
function heatMap(values: readonly (readonly number[])[]): string {
  const byLevel = new Map<number, string[]>();
  values.forEach((row, n) => {
    const shades = row.map((each) => Math.round(each * levels));
    for (let from = 0, to = 0; from < shades.length; from = to) {
      while (to < shades.length && shades[to] === shades[from]) to += 1;
      const level = shades[from] ?? 0;
      const at = `M${gridOrigin.left + from * side} ${gridOrigin.top + n * side}h${(to - from) * side}v${side}h-${(to - from) * side}z`;
      if (level !== 0) byLevel.set(level, [...(byLevel.get(level) ?? []), at]);
    }
  });
  const paths = [...byLevel].map(
    ([level, marks]) =>
      `<path fill="${level > 0 ? above : below}" fill-opacity="${(Math.abs(level) / levels).toFixed(2)}" d="${marks.join("")}"/>`,
  );
  return svgOf({
    across: { name: "d", count: values[0]?.length ?? 0, every: 8, step: 1 },
    down: { name: "n", count: values.length, every: 8, step: 1 },
    pitch: side,
    marks: paths.join(""),
  });
}
