/** What mends a body: its last value returned, a name that only one branch gives. */
import type { AssignStatement, Body, IfStatement, Span, Statement } from "../../../grammar/ast.js";
import type { ProblemDetails } from "../../diagnostics/problem.js";
import { inserted, sourceOf, type Mend } from "./mend.js";
import { mark, type Scope } from "../scope.js";

/** `return x`, where x is what the body's last statement gives a value to. */
export function returned(scope: Scope, body: Body): Mend {
  const last = body.statements.at(-1);
  if (last?.kind !== "assign") return { help: "end the body with `return ...`" };
  const { text } = scope.file;
  const closing = body.span.end - 1;
  const line = /[^\n]*$/.exec(text.before(last.span.start))?.[0] ?? "";
  const isOnOwnLine = /\n[ \t]*$/.test(text.before(closing)) && line.trim() === "";
  const statement = `return ${last.name.name}`;
  const put = isOnOwnLine
    ? inserted(scope, last.span.end, `\n${line}${statement}`)
    : inserted(scope, closing, `\n${statement}\n`);
  return { help: `end the body with \`${statement}\``, fixes: [put] };
}

/** A name used after an `if` of which only one branch gives it a value. */
export function setInOneBranch(
  scope: Scope,
  name: string,
  used: Span,
): (ProblemDetails & { label: string }) | undefined {
  const found = bodyOf(scope)
    ?.statements.flatMap((statement) => halves(statement, name))
    .find(({ set }) => set.span.end <= used.start);
  if (!found) return undefined;
  const { set, test } = found;
  const details = {
    label: "only one branch gives it a value",
    secondary: [mark(scope, set.name.span, "here")],
  };
  // What the branch passes through its layers passes by them in the other.
  const input =
    set.value.kind === "pipe" && set.value.input.kind === "name" ? sourceOf(scope, set.value.input.span) : undefined;
  if (input === undefined || test.otherwise || test.then.statements.indexOf(set) < 0)
    return { ...details, help: `give \`${name}\` a value in the other branch too` };
  const put = `else { ${name} = ${input} }`;
  return {
    ...details,
    help: `give it a value in the other branch too: \`${put}\``,
    fixes: [inserted(scope, test.span.end, ` ${put}`)],
  };
}

function bodyOf({ file, owner }: Scope): Body | undefined {
  const declared = file.declarations.get(owner) ?? file.tasks.find(({ name }) => name.name === owner);
  return declared && "body" in declared && declared.body.kind === "body" ? declared.body : undefined;
}

function halves(statement: Statement, name: string): { set: AssignStatement; test: IfStatement }[] {
  if (statement.kind === "repeat") return statement.body.statements.flatMap((each) => halves(each, name));
  if (statement.kind !== "if") return [];
  const { otherwise } = statement;
  const branches = [statement.then.statements, otherwise?.kind === "if" ? [otherwise] : (otherwise?.statements ?? [])];
  const sets = branches.map((each) =>
    each.find((s): s is AssignStatement => s.kind === "assign" && s.name.name === name),
  );
  const [set, other] = sets[0] ? sets : [sets[1], undefined];
  return set && !other ? [{ set, test: statement }] : branches.flat().flatMap((each) => halves(each, name));
}
