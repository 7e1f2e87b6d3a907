/** Where a value is in a config.json: `rope_parameters.rope_theta`, `depths[0]`, and `layer_types[1::2]` for several. */
export type FieldStep =
  | { readonly kind: "name"; readonly name: string }
  | { readonly kind: "item"; readonly index: number }
  | { readonly kind: "slice"; readonly from: number; readonly to: number | undefined; readonly step: number };

const stepForms =
  /(?<first>^[\w-]+)|\.(?<name>[\w-]+)|\[(?<index>\d+)\]|\[(?<from>\d*):(?<to>\d*)(?::(?<step>[1-9]\d*)?)?\]/y;

/** The steps of a path; undefined where the text is none. */
export function readFieldPath(text: string): readonly FieldStep[] | undefined {
  const steps: FieldStep[] = [];
  stepForms.lastIndex = 0;
  while (stepForms.lastIndex < text.length) {
    const groups = stepForms.exec(text)?.groups;
    if (!groups) return undefined;
    const { first, name = first, index, from, to, step } = groups;
    if (name !== undefined) steps.push({ kind: "name", name });
    else if (index !== undefined) steps.push({ kind: "item", index: Number(index) });
    else
      steps.push({ kind: "slice", from: Number(from ?? 0), to: to ? Number(to) : undefined, step: Number(step ?? 1) });
  }
  return steps.length > 0 ? steps : undefined;
}
