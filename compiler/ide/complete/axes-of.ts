/** The axes in the text of a type: `f32[batch, j: seq, ..]`. */
export interface TypeAxis {
  /** Empty where the axis has none; `..` for any axes. */
  readonly label: string;
  readonly size: string;
}

const named = /^[A-Za-z_]\w*$/;

/** Undefined where the text is no type of tensors. */
export function axesOf(type: string | undefined): readonly TypeAxis[] | undefined {
  const inside = /^(?:f32|i32|bool|mask|score)\[(.*)\]$/s.exec(type?.trim() ?? "")?.[1];
  if (inside === undefined) return undefined;
  return splitTopLevel(inside).map((axis) => {
    const [label = "", size] = axis.includes(":") ? axis.split(/:(.*)/s).map((part) => part.trim()) : [axis];
    if (size !== undefined) return { label, size };
    return { label: named.test(label) || label === ".." ? label : "", size: label };
  });
}

function splitTopLevel(text: string): string[] {
  const parts: string[] = [];
  let depth = 0;
  let start = 0;
  for (let at = 0; at <= text.length; at++) {
    const character = text.charAt(at);
    if ("([{".includes(character) && character !== "") depth += 1;
    else if (")]}".includes(character) && character !== "") depth -= 1;
    else if ((character === "," && depth === 0) || at === text.length) {
      parts.push(text.slice(start, at).trim());
      start = at + 1;
    }
  }
  return parts.filter((part) => part !== "");
}
