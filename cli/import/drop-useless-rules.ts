import { applyEdits, check, parse, print, type Problem, type Span } from "../../compiler/index.js";
import { remove, replace } from "./edits.js";
import type { Kind } from "./example-parts.js";

/**
 * An example has rules for all that checkpoints of its kind may hold. Those for what this one lacks, a tied head or another
 * task, go; should the file hold such tensors all the same, they are ignored. So does a `generate` that is not for this one.
 */
export function dropUselessRules(
  text: string,
  name: string,
): { text: string; problems: readonly Problem[]; notes: readonly string[] } {
  const problems = problemsOf(text, name);
  const { declarations } = parse(text).file;
  const weights = declarations.filter((one) => one.kind === "weights");
  const refused = declarations.flatMap((one) => {
    const problem = problems.find(
      ({ code, primary }) => code === "G601" && primary && isWithin(primary.span, one.span),
    );
    return problem && one.kind === "run" ? [{ span: one.span, problem }] : [];
  });
  const notes = refused.map(({ problem }) => `no \`generate\`: ${problem.message}`);
  const useless = weights.flatMap(({ rules }) =>
    rules.filter(({ span }) =>
      problems.some(({ code, primary }) => {
        return primary && isWithin(primary.span, span) && (code === "W302" || code === "N102");
      }),
    ),
  );
  const edits = [
    ...useless.map((rule) =>
      rule.kind === "address-rule" ? replace(rule.span, `ignore ${ignored(rule)}`) : remove(text, rule.span),
    ),
    ...refused.map(({ span }) => remove(text, span)),
  ];
  if (edits.length === 0) return { text, problems, notes };
  const edited = applyEdits(text, edits);
  const shorter = print(parse(edited), edited);
  return { text: shorter, problems: problemsOf(shorter, name), notes };
}

const isWithin = (inner: Span, outer: Span): boolean => outer.start <= inner.start && inner.end <= outer.end;

function problemsOf(text: string, name: string): readonly Problem[] {
  return check(name, (path) => (path === name ? text : undefined)).problems;
}

type AddressRule = Extract<Kind<"weights">["rules"][number], { readonly kind: "address-rule" }>;

/** What is below the names of a rule: one for each name of its group. */
function ignored({ name, address }: AddressRule): string {
  const group = address.find((segment) => segment.kind === "group");
  const names = (group?.names ?? []).map((one) => one.name);
  const inText = /\(([^()]*)\)/.exec(name.value);
  const written = inText?.[1]?.trim().split(/\s+/) ?? names;
  const all = inText
    ? written.map((one) => name.value.replace(inText[0], one))
    : name.value.includes("{}")
      ? names.map((one) => name.value.replace("{}", one))
      : [name.value];
  return all
    .map((one) => JSON.stringify(/\.(weight|bias)$/.test(one) ? one : `${one.replace(/\.\{\}$/, "")}.*`))
    .join(", ");
}
