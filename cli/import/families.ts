/** Which example a checkpoint is of: by the `type` and the classes that its `weights` rules name. */
import { readdirSync, readFileSync } from "node:fs";
import { closest } from "../../compiler/index.js";
import { Failure } from "../failure.js";
import { packageFolder } from "../package.js";
import { examplesIn, rulesOf, type Example } from "./example-parts.js";
import type { Fields } from "./fields.js";
import { shown } from "./json.js";

export interface Family {
  readonly example: Example;
  /** The tasks that the checkpoint was trained for; all of the model's where it does not say. */
  readonly tasks: ReadonlySet<string>;
}

const folder = new URL("examples/", packageFolder());

/** A file with `weights` rules that tell what a config.json means. */
export interface Source {
  readonly name: string;
  readonly text: string;
}

/** The examples that are shipped. */
export const shipped = (): Source[] =>
  readdirSync(folder)
    .filter((file) => file.endsWith(".tfm"))
    .sort()
    .map((file) => ({ name: file.slice(0, -".tfm".length), text: readFileSync(new URL(file, folder), "utf8") }));

const typesOf = ({ weights }: Example): string[] =>
  rulesOf(weights, "type-rule").flatMap(({ names }) => names.map(({ value }) => value));

/** Every `model_type` that the sources are for. */
export const knownTypes = (sources: readonly Source[]): string[] => [
  ...new Set(sources.flatMap(({ name, text }) => examplesIn(name, text).flatMap(typesOf))),
];

export function familyOf(config: Fields, sources: readonly Source[]): Family {
  const type = config.text("model_type");
  if (type === undefined) throw new Failure(`${config.file} has no model_type`);
  // Only what names the type is parsed.
  const candidates = sources
    .filter(({ text }) => text.includes(JSON.stringify(type)))
    .flatMap(({ name, text }) => examplesIn(name, text))
    .filter((example) => typesOf(example).includes(type));
  const [first] = candidates;
  if (!first) return refuseType(config, type, sources);
  const classes = config.texts("architectures");
  const named = classes && candidates.find((example) => classRules(example, classes).length > 0);
  if (named) return { example: named, tasks: tasksNamed(named, classes) };
  const known = candidates.flatMap((example) => rulesOf(example.weights, "class-rule").flatMap(classNames));
  if (classes && known.length > 0) refuseClass(config, classes, known);
  return { example: first, tasks: new Set(first.tasks.map(({ name }) => name.name)) };
}

type ClassRule = ReturnType<typeof rulesOf<"class-rule">>[number];

const classNames = ({ classes }: ClassRule): string[] => classes.map(({ value }) => value);

const classRules = ({ weights }: Example, classes: readonly string[]): ClassRule[] =>
  rulesOf(weights, "class-rule").filter((rule) => classNames(rule).some((name) => classes.includes(name)));

const tasksNamed = (example: Example, classes: readonly string[]): Set<string> =>
  new Set(classRules(example, classes).flatMap(({ keyword, name }) => (keyword === "task" ? [name.name] : [])));

function refuseType({ file }: Fields, type: string, sources: readonly Source[]): never {
  const types = knownTypes(sources);
  const near = closest(type, types);
  const known = `tfmc import knows ${types.join(", ")}`;
  throw new Failure(
    `${file}: model_type ${JSON.stringify(type)} is not known`,
    near === undefined ? known : `${known}; did you mean ${near}?`,
  );
}

function refuseClass({ file }: Fields, classes: readonly string[], known: readonly string[]): never {
  const near = closest(classes[0] ?? "", known);
  throw new Failure(
    `${file}: architectures is ${shown(classes)}, the example knows ${known.join(", ")}`,
    near === undefined ? "import a checkpoint of one of these" : `import a checkpoint of ${near}`,
  );
}
