import { expect, test } from "vitest";
import { parse } from "tfmc";
import type {
  BlockDeclaration,
  Body,
  Declaration,
  Expression,
  Span,
  Stage,
  Statement,
  WeightStatement,
} from "../../grammar/ast.js";
import { alongAxis } from "../../compiler/ops/along-axis.js";
import { conversions } from "../../compiler/ops/convert.js";
import { elementwise } from "../../compiler/ops/elementwise.js";
import { joins } from "../../compiler/ops/join.js";
import { newAxes } from "../../compiler/ops/new-axes.js";
import { primitives, type Primitive } from "../../compiler/ops/index.js";
import { products } from "../../compiler/ops/products.js";
import { reduces } from "../../compiler/ops/reduce.js";
import { softmaxes } from "../../compiler/ops/softmax.js";
import { standardLibrary } from "../../compiler/std/index.js";

type Named = Exclude<Declaration, { kind: "import" | "check" | "weights" | "run" | "compression" | "config" | "task" }>;

/** The files in the order in which a newcomer needs them, with their titles; others follow. */
const chapters: Readonly<Record<string, string>> = {
  layers: "Layers",
  attention: "Attention layers",
  positions: "Positions",
  masks: "Masks and scores",
  functions: "Functions",
  losses: "Losses",
  convolution: "Convolutions",
  recurrent: "Recurrent cells",
  experts: "Mixtures of experts",
};

const families: readonly (readonly [title: string, of: readonly Primitive[]])[] = [
  ["Entry by entry", elementwise],
  ["Reductions", reduces],
  ["Softmax", softmaxes],
  ["Products", products],
  ["Along an axis", alongAxis],
  ["New axes", newAxes],
  ["Joining", joins],
  ["Choosing and converting", conversions],
];

const files = [...standardLibrary].map(([path, text]) => {
  const name = path.replace("std/", "").replace(".tfm", "");
  return { name, text, declarations: parse(text).file.declarations.filter(isNamed) };
});

test("every name of the standard library says what it is", () => {
  const all = files.flatMap(({ declarations }) => declarations);
  expect(all.filter(({ kind, doc }) => kind !== "outer" && !doc).map(({ name }) => name.name)).toEqual([]);
});

test("every primitive is in one family", () => {
  const listed = families.flatMap(([, of]) => of.map(({ name }) => name));
  expect(listed.toSorted()).toEqual([...primitives.keys()].toSorted());
});

test("the list of names is made of the library itself; `npm run update` writes it", async () => {
  const inOrder = files.toSorted((a, b) => place(a.name) - place(b.name) || a.name.localeCompare(b.name));
  const sections = inOrder.map(({ name, text, declarations }) => {
    const entries = declarations.filter(({ kind }) => kind !== "outer");
    return { title: chapters[name] ?? name, entries, text };
  });
  const titles = sections.flatMap(({ title, entries }) => [title, ...entries.map(({ name }) => name.name)]);
  expect(new Set(titles.map(anchor)).size).toBe(titles.length);
  const contents = sections.map(({ title, entries }) => `| [${title}](#${anchor(title)}) | ${links(entries)} |`);
  const page = [
    head,
    [
      "| | |",
      "|---|---|",
      ...contents,
      `| [Primitives](#primitives) | ${families.map(primitiveNames).join(", ")} |`,
    ].join("\n"),
    ...sections.map(({ title, entries, text }) =>
      [`## ${title}`, ...entries.map((each) => entry(each, text))].join("\n\n"),
    ),
    primitivesHead,
    ...families.map(table),
  ].join("\n\n");
  await expect(`${page}\n`).toMatchFileSnapshot("../../docs/language/library.md");
});

const head = `# The library

Every name that a file may use without an import. This page is made of the library's own text and is true of it.

The names up to [the primitives](#primitives) are written in \`.tfm\`, in [compiler/std](../../compiler/std): each could be one's own. A file's
own declaration of a name is meant before the library's. How to read a signature is told in [Blocks](blocks.md).`;

const primitivesHead = `## Primitives

What the compiler itself knows, and what all of the above is made of.`;

function place(name: string): number {
  const at = Object.keys(chapters).indexOf(name);
  return at < 0 ? Infinity : at;
}

const anchor = (title: string): string => title.toLowerCase().replaceAll(" ", "-");

const links = (entries: readonly Named[]): string =>
  entries.map(({ name }) => `[\`${name.name}\`](#${anchor(name.name)})`).join(", ");

const primitiveNames = ([, of]: (typeof families)[number]): string => of.map(({ name }) => `\`${name}\``).join(", ");

function isNamed(declaration: Declaration): declaration is Named {
  return ["block", "alias", "function", "index", "outer"].includes(declaration.kind);
}

/** Signature, what it says of itself, and what it owns. */
function entry(declaration: Named, text: string): string {
  const { name, doc } = declaration;
  const owned = declaration.kind === "block" ? ownedBy(declaration, text) : [];
  const signature = ["```", signatureOf(declaration, text), "```"].join("\n");
  const weights = owned.length > 0 ? [`Weights: ${owned.join(", ")}.`] : [];
  return [`### ${name.name}`, signature, ...(doc ? [doc] : []), ...weights].join("\n\n");
}

/** As it is written, without the body; a short definition is its own best description. */
function signatureOf(declaration: Named, text: string): string {
  const isWhole = declaration.kind !== "block" && declaration.kind !== "function";
  const end = isWhole ? declaration.span.end : declaration.body.span.start;
  return text.slice(declaration.span.start, end).replace(/=?\s*$/, "");
}

/** Weights of a block's own, and its layers by their labels. */
function ownedBy({ body }: BlockDeclaration, text: string): string[] {
  const found = new Set<string>();
  const visitStage = (stage: Stage): void => {
    if (stage.kind === "apply") {
      const label = stage.label && text.slice(stage.label.span.start, stage.label.span.end);
      found.add(label === undefined ? `those of \`${stage.block.name}\`` : `\`${label}: ${stage.block.name}\``);
    } else if (stage.kind !== "rearrange") visit(stage);
  };
  const visit = (expression: Expression): void => {
    if (expression.kind === "pipe") {
      visit(expression.input);
      expression.stages.forEach(visitStage);
    } else if (expression.kind === "binary") [expression.left, expression.right].forEach(visit);
    else if (expression.kind === "call") expression.arguments.forEach(({ value }) => visit(value));
    else if (expression.kind === "conditional") [expression.then, expression.otherwise].forEach(visit);
    else if (expression.kind === "scan") visitBody(expression.body);
  };
  const visitStatement = (statement: Statement): void => {
    switch (statement.kind) {
      case "weight":
        if (statement.keyword === "param") found.add(weight(statement, text));
        return;
      case "repeat":
        return visitBody(statement.body);
      case "if":
        visitBody(statement.then);
        if (statement.otherwise?.kind === "if") visitStatement(statement.otherwise);
        else if (statement.otherwise) visitBody(statement.otherwise);
        return;
      case "return":
        return statement.values.forEach(visit);
      default:
        return visit(statement.value);
    }
  };
  const visitBody = ({ statements }: Body): void => statements.forEach(visitStatement);
  visitBody(body);
  return [...found];
}

function weight({ name, type, when }: WeightStatement, text: string): string {
  const written = (span: Span): string => text.slice(span.start, span.end);
  return `\`${name.name}: ${written(type.span)}\`${when ? ` when \`${written(when.span)}\`` : ""}`;
}

function table([title, of]: (typeof families)[number]): string {
  const rows = of.map((primitive) => `| \`${usageOf(primitive)}\` | ${primitive.doc} |`);
  return [`### ${title}`, ["| | |", "|---|---|", ...rows].join("\n")].join("\n\n");
}

function usageOf(primitive: Primitive): string {
  switch (primitive.kind) {
    case "elementwise":
      return `${primitive.name}(${primitive.arity === 1 ? "x" : "a, b"})`;
    case "reduce":
      return `${primitive.name}[a](x)`;
    case "special":
      return primitive.usage;
  }
}
