/** The names in bodies, statement by statement. */
import type { Body, Identifier, IfStatement, Statement, WeightStatement } from "../../../grammar/ast.js";
import { assigned } from "../../2-check/assigned.js";
import { readExpression, readType, type Place } from "./expression.js";
import { assign, declare, inside, meaningOf, note, word, type Walk } from "./walk.js";

export const placeIn = (walk: Walk): Place => ({ walk, inRegion: false, readBody });

export function readBody(walk: Walk, { statements }: Body): void {
  for (const statement of statements) readStatement(walk, statement);
}

function readStatement(walk: Walk, statement: Statement): void {
  const place = placeIn(walk);
  switch (statement.kind) {
    case "assign":
      readExpression(place, statement.value);
      if (statement.operator === "=") return assign(walk, statement.name);
      return change(walk, statement.name);
    case "unpack":
      readExpression(place, statement.value);
      return statement.names.forEach((name) => assign(walk, name));
    case "weight":
      return readWeight(place, statement);
    case "repeat":
      readExpression(place, statement.count);
      inside(walk, () => {
        walk.names.set(statement.index.name, declare(walk, "counter", statement.index));
        readBody(walk, statement.body);
      });
      return;
    case "if":
      return readIf(walk, statement);
    case "effect":
      return readExpression(place, statement.value);
    case "return":
      return statement.values.forEach((value) => readExpression(place, value));
  }
}

/** `x += e`, `mem := e`: of what there is. */
function change(walk: Walk, name: Identifier): void {
  const known = meaningOf(walk, name.name);
  if (known) note(walk, name.span, known, "writes");
  else assign(walk, name);
}

function readWeight(place: Place, { keyword, name, type, initial, when }: WeightStatement): void {
  const { walk } = place;
  readType(place, type);
  readInitial(place, initial);
  if (when) readExpression(place, when);
  const kind = keyword === "param" ? "weight" : "state";
  const known = walk.weights.get(name.name);
  const symbol = known ?? declare(walk, kind, name);
  if (known) note(walk, name.span, known, "writes");
  walk.weights.set(name.name, symbol);
  walk.names.set(name.name, symbol);
}

/** `zeros`, `ones`, `normal(0.02)` mean something here whatever else is called so. */
function readInitial(place: Place, initial: WeightStatement["initial"]): void {
  const { walk } = place;
  const called = initial.kind === "call" ? initial.callee : initial;
  if (called.kind !== "name") return readExpression(place, initial);
  word(walk, { ...called, kind: "identifier" }, "initial");
  if (initial.kind === "call") initial.arguments.forEach(({ value }) => readExpression(place, value));
}

/** A name lives on if both branches give it, or if the other one has returned. */
function readIf(walk: Walk, { condition, then, otherwise }: IfStatement): void {
  readExpression(placeIn(walk), condition);
  const first = inside(walk, () => readBody(walk, then));
  if (!otherwise) return;
  const before = walk.names;
  // What both give is one thing.
  walk.names = new Map([...before, ...first]);
  const second = inside(walk, () => (otherwise.kind === "body" ? readBody(walk, otherwise) : readIf(walk, otherwise)));
  walk.names = before;
  const rest: Body = otherwise.kind === "body" ? otherwise : { ...then, statements: [otherwise] };
  const inBoth = assigned(rest);
  for (const [name, symbol] of first) if (returns(rest) || inBoth.has(name)) before.set(name, symbol);
  if (returns(then)) for (const [name, symbol] of second) before.set(name, symbol);
}

const returns = ({ statements }: Body): boolean => {
  const last = statements.at(-1);
  if (last?.kind !== "if") return last?.kind === "return";
  const { then, otherwise } = last;
  return returns(then) && otherwise !== undefined && (otherwise.kind === "body" ? returns(otherwise) : false);
};
