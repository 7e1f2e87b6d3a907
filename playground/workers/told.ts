import { render, type Problem } from "../../compiler/index.js";

/** A piece of a problem's text, in one colour. */
export interface Told {
  readonly text: string;
  readonly colors: readonly string[];
}

/** Private characters stand for what a terminal would be told by escapes: such a character in a source is at worst coloured. */
const colors = ["bold", "red", "yellow", "cyan", "blue", "dim"] as const;
const first = 0xe000;
const end = String.fromCharCode(first + colors.length);
const marks = colors.map((_, n) => String.fromCharCode(first + n));
const paint = (n: number) => (text: string) => `${marks[n]}${text}${end}`;

/** A problem as the terminal shows it, in pieces of a colour each. */
export function spansOf(problem: Problem, source: (file: string) => string | undefined): Told[] {
  const [bold, red, yellow, cyan, blue, dim] = [paint(0), paint(1), paint(2), paint(3), paint(4), paint(5)];
  const text = render(problem, { source, colors: { bold, red, yellow, cyan, blue, dim } });
  const open: string[] = [];
  const spans: Told[] = [];
  for (const piece of text.split(new RegExp(`([${marks.join("")}${end}])`))) {
    const color = colors[marks.indexOf(piece)];
    if (color !== undefined) open.push(color);
    else if (piece === end) open.pop();
    else if (piece !== "") spans.push({ text: piece, colors: [...open] });
  }
  return spans;
}
