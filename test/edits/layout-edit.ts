/** Edits that change nothing but the layout: blank lines, spaces at the end of a line, remarks. */
import { scan } from "../../grammar/scan.js";
import type { Random } from "../fuzz/random.js";

/** Of a text, in a line of it. Undefined where the line gives no occasion. */
type LayoutEdit = (text: string, line: Line, random: Random) => string | undefined;

interface Line {
  readonly start: number;
  readonly end: number;
  /** Where its remark begins, with the spaces before it; where it ends, if there is none. */
  readonly code: number;
}

export const layoutEdits: Readonly<Record<string, LayoutEdit>> = {
  "a blank line more": (text, { start }, random) => put(text, start, start, random.pick(["\n", "  \n", "\t\r\n"])),
  "a blank line less": (text, { start, end }) =>
    /^\s*$/.test(text.slice(start, end)) && end < text.length ? put(text, start, end + 1, "") : undefined,
  "a remark on a line of its own": (text, { start }, random) => put(text, start, start, `  ${remark(random)}\n`),
  "a remark less": (text, { start, code, end }) =>
    code < end && start === code ? put(text, start, end + 1, "") : undefined,
  "a remark behind a line": (text, { code, end }, random) => put(text, code, end, ` ${remark(random)}`),
  "spaces behind a line": (text, { end }, random) => put(text, end, end, random.pick([" ", "   ", "\t", "\r"])),
  "nothing behind a line": (text, { code, end }) => (code < end ? put(text, code, end, "") : undefined),
};

const put = (text: string, start: number, end: number, by: string): string =>
  text.slice(0, start) + by + text.slice(end);

const remark = (random: Random): string =>
  random.pick(["# why", "#", '# } "so', "# block A[d](x: f32[d]) -> f32[d] {", "# where d == 1, # x |> |>"]);

export function layoutEdit(text: string, random: Random): string {
  const lines = linesOf(text);
  const edit = random.pick(Object.values(layoutEdits));
  return (lines.length > 0 && edit(text, random.pick(lines), random)) || text;
}

/** The text with more lines, which is no edit of the layout alone: tokens have other columns. */
export const spread = (text: string, random: Random): string =>
  text.replace(/#[^\n]*|, | \|> |[({[] ?/g, (all) => {
    if (all.startsWith("#") || random.chance(0.6)) return all;
    return all === " |> " && random.chance(0.5) ? "\n      |> " : `${all.trimEnd()}\n    `;
  });

/** Those next to documentation are left out: what it is about depends on them. */
export function linesOf(text: string): readonly Line[] {
  const remarks = new Map(scan(text).comments.map(({ span }) => [text.indexOf("\n", span.start), span.start]));
  let start = 0;
  return text.split("\n").flatMap((line, n, all): Line[] => {
    const end = start + line.length;
    const comment = remarks.get(end < text.length ? end : -1) ?? end;
    const code = start + text.slice(start, comment).trimEnd().length;
    const isAlone = ![all[n - 1], line].some((each) => each !== undefined && /^\s*##/.test(each));
    const found = { start, end, code };
    start = end + 1;
    return isAlone ? [found] : [];
  });
}
