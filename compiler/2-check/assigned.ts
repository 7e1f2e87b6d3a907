/** The names that a body gives a value to. */
import type { Body, IfStatement, Statement } from "../../grammar/ast.js";

export function assigned(body: Body): Set<string> {
  const names = new Set<string>();
  const visit = (statements: readonly Statement[]): void => {
    for (const statement of statements) {
      if (statement.kind === "assign") names.add(statement.name.name);
      else if (statement.kind === "unpack") statement.names.forEach(({ name }) => names.add(name));
      else if (statement.kind === "repeat") visit(statement.body.statements);
      else if (statement.kind === "if") visitIf(statement);
    }
  };
  const visitIf = (statement: IfStatement): void => {
    visit(statement.then.statements);
    if (statement.otherwise?.kind === "if") visitIf(statement.otherwise);
    else if (statement.otherwise) visit(statement.otherwise.statements);
  };
  visit(body.statements);
  return names;
}
