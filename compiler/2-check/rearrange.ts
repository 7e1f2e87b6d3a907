/** `rearrange[.. n (heads c) -> .. heads n c]`: splits, permutes and merges axes, bound by position on the left. */
import type { Identifier, Merge, Pattern, Rearrange } from "../../grammar/ast.js";
import type { Axis, Value } from "../ir/graph.js";
import { constant, multiply, printDim, type Dim } from "../shapes/index.js";
import { emit, use, value } from "./builder.js";
import { equalDims } from "./decide.js";
import { describe, divideExactly, evaluateDim } from "./numbers.js";
import { elsewhere } from "./entries.js";
import { unknown, type Meaning } from "./meaning.js";
import { inserted, type Mend } from "./mend/mend.js";
import { noteAxes, report, type Scope } from "./scope.js";
import { printType } from "./types.js";

export function rearrange(scope: Scope, stage: Rearrange, input: Meaning): Meaning {
  if (input.kind === "unknown") return unknown;
  if (input.kind !== "tensor") {
    report(scope, "T208", { expected: "a tensor", found: describe(input.kind) }, stage.span);
    return unknown;
  }
  const operand = use(scope.builder, input.value);
  const sizes = new Map<string, Dim>();
  for (const setting of stage.sizes) {
    const dim = evaluateDim(scope, setting.value);
    if (dim !== undefined) sizes.set(setting.name.name, dim);
  }
  const split = matchLeft(scope, stage, operand, sizes);
  if (!split) return unknown;
  const merged = buildRight(scope, stage.to, split);
  if (!merged) return unknown;
  noteAxes(scope, [...split.flat(), ...merged.axes], (a, b) => equalDims(scope.context, a, b) === "yes");
  const out = value(scope.builder, operand.name, operand.type.dtype, merged.axes);
  const made = emit(scope.builder, { op: "view", operand, split, merge: merged.merge, out });
  return { kind: "tensor", value: made, index: elsewhere(input.index) };
}

/** The parts of each axis of the operand, named by the pattern; sizes may be given, found from the config, or left over. */
function matchLeft(
  scope: Scope,
  stage: Rearrange,
  operand: Value,
  sizes: ReadonlyMap<string, Dim>,
): (readonly Axis[])[] | undefined {
  const pattern = stage.from;
  const { elements } = pattern;
  const { axes } = operand.type;
  const dots = elements.findIndex(({ kind }) => kind === "rest");
  const fixed = elements.length - (dots >= 0 ? 1 : 0);
  if (axes.length < fixed || (dots < 0 && axes.length !== fixed)) {
    const found = `${axes.length} (${printType(operand.type)})`;
    report(scope, "T208", { expected: `${dots >= 0 ? "at least " : ""}${fixed} axes`, found }, pattern.span);
    return undefined;
  }
  const names = elements.flatMap((element) =>
    element.kind === "identifier" ? [element] : element.kind === "merge" ? element.parts : [],
  );
  const twice = names.find(({ name }, n) => names.findIndex((other) => other.name === name) < n);
  if (twice) {
    report(scope, "T209", { axis: twice.name, type: "this pattern" }, twice.span);
    return undefined;
  }
  const split: (readonly Axis[])[] = [];
  let at = 0;
  for (const element of elements) {
    if (element.kind === "rest") {
      for (let n = axes.length - fixed; n > 0; n--) split.push([axes[at++] as Axis]);
      continue;
    }
    const axis = axes[at++] as Axis;
    if (element.kind === "identifier") {
      const other = axes.findIndex(({ label }, n) => label === element.name && n !== at - 1);
      if (other >= 0 && axis.label !== element.name) {
        report(
          scope,
          "T202",
          { what: `axis ${element.name} stands at another place in ${printType(operand.type)}` },
          element.span,
        );
        return undefined;
      }
      split.push([{ label: element.name, dim: axis.dim }]);
    } else {
      const parts = splitAxis(scope, stage, element, axis, sizes);
      if (!parts) return undefined;
      split.push(parts);
    }
  }
  return distinct(scope, split, pattern, operand) ? split : undefined;
}

function splitAxis(
  scope: Scope,
  stage: Rearrange,
  merge: Merge,
  axis: Axis,
  sizes: ReadonlyMap<string, Dim>,
): Axis[] | undefined {
  const known = merge.parts.map(({ name }) => sizes.get(name) ?? settingNamed(scope, name));
  const open = known.flatMap((dim, n) => (dim === undefined ? [n] : []));
  // Where every part is known by name the last one without an explicit size is what is left, which must agree.
  if (open.length > 1) {
    const names = open.map((n) => merge.parts[n]?.name).join(", ");
    const mend = sizeGiven(
      scope,
      stage,
      open.map((n) => merge.parts[n]?.name ?? ""),
    );
    report(scope, "T208", { expected: `sizes for all but one of ${names}`, found: "none" }, merge.span, mend);
    return undefined;
  }
  const given = known.reduce<Dim>(
    (product, dim) => (dim === undefined ? product : multiply(product, dim)),
    constant(1),
  );
  if (open.length === 0) {
    if (equalDims(scope.context, given, axis.dim) === "yes") {
      return merge.parts.map(({ name }, n) => ({ label: name, dim: known[n] as Dim }));
    }
    report(
      scope,
      "T202",
      {
        what: `(${merge.parts.map(({ name }) => name).join(" ")}) is ${printDim(given)}, the axis is ${printDim(axis.dim)}`,
      },
      merge.span,
    );
    return undefined;
  }
  const left = divideExactly(scope, axis.dim, given, merge.span, `${printDim(axis.dim)} / ${printDim(given)}`);
  if (!left) return undefined;
  return merge.parts.map(({ name }, n) => ({ label: name, dim: known[n] ?? left }));
}

/** `; h = heads`, where one whole number has a name that a part's begins. */
function sizeGiven(scope: Scope, { sizes, to }: Rearrange, parts: readonly string[]): Mend {
  const numbers = [...scope.names].flatMap(([name, { kind }]) => (kind === "int" ? [name] : []));
  for (const part of parts.length === 2 ? parts : []) {
    const [meant, more] = numbers.filter((name) => name.startsWith(part));
    if (meant === undefined || more !== undefined) continue;
    const text = `${part} = ${meant}`;
    const last = sizes.at(-1);
    const put = last ? inserted(scope, last.span.end, `, ${text}`) : inserted(scope, to.span.end, `; ${text}`);
    return { help: `say the size of one of them: \`; ${text}\``, fixes: [put] };
  }
  return { help: `say the size of one of them after a semicolon: \`; ${parts[0]} = ...\`` };
}

/** A part named like a config entry has that size: `(heads c)`. */
function settingNamed(scope: Scope, name: string): Dim | undefined {
  const meaning = scope.names.get(name);
  return meaning?.kind === "int" ? meaning.dim : undefined;
}

function distinct(scope: Scope, split: readonly (readonly Axis[])[], pattern: Pattern, operand: Value): boolean {
  const seen = new Set<string>();
  for (const { label } of split.flat()) {
    if (label === "") continue;
    if (seen.has(label)) {
      report(scope, "T209", { axis: label, type: printType(operand.type) }, pattern.span);
      return false;
    }
    seen.add(label);
  }
  return true;
}

function buildRight(
  scope: Scope,
  pattern: Pattern,
  split: readonly (readonly Axis[])[],
): { merge: (readonly string[])[]; axes: Axis[] } | undefined {
  const parts = split.flat();
  const named = new Map(parts.map((axis) => [axis.label, axis]));
  const mentioned = new Set(
    pattern.elements.flatMap((e) =>
      e.kind === "identifier" ? [e.name] : e.kind === "merge" ? e.parts.map((p) => p.name) : [],
    ),
  );
  const merge: (readonly string[])[] = [];
  const axes: Axis[] = [];
  const used = new Set<string>();
  const take = (name: Identifier): Axis | undefined => {
    const axis = named.get(name.name);
    if (!axis || used.has(name.name)) {
      report(
        scope,
        "N106",
        { axis: name.name, type: axis ? "the pattern a second time" : "the pattern on the left" },
        name.span,
      );
      return undefined;
    }
    used.add(name.name);
    return axis;
  };
  for (const element of pattern.elements) {
    if (element.kind === "rest") {
      for (const axis of parts) {
        if (mentioned.has(axis.label)) continue;
        merge.push([axis.label]);
        axes.push(axis);
        used.add(axis.label);
      }
    } else if (element.kind === "identifier") {
      const axis = take(element);
      if (!axis) return undefined;
      merge.push([axis.label]);
      axes.push(axis);
    } else {
      const merged = element.parts.map(take);
      if (merged.some((axis) => !axis)) return undefined;
      merge.push(element.parts.map(({ name }) => name));
      axes.push({
        label: element.name?.name ?? "",
        dim: merged.reduce<Dim>((dim, axis) => multiply(dim, axis?.dim ?? constant(1)), constant(1)),
      });
    }
  }
  const lost = parts.find(({ label }) => !used.has(label));
  if (lost) {
    report(scope, "N106", { axis: lost.label, type: "the pattern on the right" }, pattern.span);
    return undefined;
  }
  return { merge, axes };
}
