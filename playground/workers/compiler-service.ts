/** What the page asks the compiler. One file is under edit; what it imports is of the standard library. */
import {
  attentionTap,
  compile,
  countParameters,
  drawSvg,
  hasErrors,
  lowerFile,
  standardLibrary,
  summarise,
  toJavaScript,
  type Lowered,
  type Problem,
} from "../../compiler/index.js";
import { openProject } from "../../compiler/ide/index.js";
import { drawEncodings, drawMasks, type DrawnMask } from "./draw-masks.js";
import { portsOf, type Ports } from "./ports.js";
import { configsOf, type ConfigName } from "./configs.js";
import { spansOf, type Told } from "./told.js";

/** The name under which the file is known to the compiler. */
export const entry = "model.tfm";

export interface Asked {
  readonly text: string;
  /** The file's first if not given. */
  readonly config?: string | undefined;
}

export interface Looked {
  readonly configs: readonly ConfigName[];
  readonly problems: readonly ToldProblem[];
}

/** A problem as the terminal shows it. */
export interface ToldProblem {
  readonly code: string;
  readonly severity: Problem["severity"];
  /** What an editor says at the place: the fact, what is said of the place, further facts and the mend. */
  readonly summary: string;
  /** Where in the file the mistake is; absent where it is elsewhere. */
  readonly start: number | undefined;
  readonly end: number | undefined;
  readonly spans: readonly Told[];
  /** What mends it, in one step; empty where only a reader can tell. */
  readonly fixes: readonly { readonly start: number; readonly end: number; readonly text: string }[];
  /** What the mend does. */
  readonly mendName: string | undefined;
}

export interface Numbers {
  readonly model: string;
  readonly config: string;
  readonly groups: readonly {
    readonly label: string;
    readonly depth: number;
    readonly formula: string;
    readonly value: bigint;
  }[];
  readonly totals: readonly {
    readonly label: string;
    readonly formula: string;
    readonly value: bigint;
    readonly unit: "" | "bytes";
  }[];
}

/** A model that can be run: JavaScript in the form of CommonJS. */
export interface Program {
  readonly code: string;
  /** The same, but that it stores what attention attends to. */
  readonly tapped: string;
  /** Ends the path of what attention attends to, in the tapped module's state. */
  readonly attention: string;
}

const texts = new Map<string, string>();
const read = (path: string): string | undefined => texts.get(path);
const project = openProject(read);

/** The last model that was asked for: panes ask for one after the other. */
let last: { readonly key: string; readonly lowered: Lowered } | undefined;

function lowered({ text, config }: Asked): Lowered {
  texts.set(entry, text);
  const key = JSON.stringify([text, config]);
  if (last?.key === key) return last.lowered;
  const done = lowerFile(entry, read, { config });
  if (!done.lowered || hasErrors(done.problems)) throw new Error(refusalOf(done.problems));
  last = { key, lowered: done.lowered };
  return done.lowered;
}

const refusalOf = (problems: readonly Problem[]): string =>
  problems.find(({ severity }) => severity === "error")?.message ?? "the file has mistakes";

function toldOf(problem: Problem, source: (file: string) => string | undefined): ToldProblem {
  const { code, severity, message, primary, notes, help, fixes } = problem;
  const span = primary?.file === entry ? primary.span : undefined;
  const canMend = fixes.length > 0 && fixes.every(({ file }) => file === entry);
  return {
    code,
    severity,
    summary: [message, primary?.label, ...notes, help && `help: ${help}`].filter(Boolean).join("\n"),
    start: span?.start,
    end: span?.end,
    spans: spansOf(problem, source),
    fixes: canMend ? fixes.map(({ span: { start, end }, text }) => ({ start, end, text })) : [],
    mendName: canMend ? (help ?? primary?.label ?? "mend it").replaceAll("`", "") : undefined,
  };
}

export const compilerService = {
  /** What is wrong with a file, and which configs it declares. */
  look: ({ text }: Asked): Looked => {
    texts.set(entry, text);
    const problems = project.look(entry)?.problems() ?? [];
    const source = (file: string): string | undefined => (file === entry ? text : standardLibrary.get(file));
    return {
      configs: configsOf(text),
      problems: problems.map((problem) => toldOf(problem, source)),
    };
  },

  /** Every mask and score of the file, under a config, and the positional encodings that it uses. */
  masks: ({ text, config }: Asked): readonly DrawnMask[] => {
    texts.set(entry, text);
    const snapshot = project.look(entry);
    return snapshot ? [...drawMasks(snapshot, config), ...drawEncodings(snapshot)] : [];
  },

  picture: async (asked: Asked): Promise<string> => drawSvg(lowered(asked)),

  numbers: ({ length, ...asked }: Asked & { readonly length: number }): Numbers => {
    const summary = summarise(lowered(asked), length);
    const { parameters, weightBytes } = summary;
    return {
      model: summary.model,
      config: summary.config,
      groups: summary.groups.map(({ label, depth, formula, value }) => ({ label, depth, formula, value })),
      totals: [
        { label: "parameters", ...parameters, unit: "" },
        { label: "weights as f32", ...weightBytes, unit: "bytes" },
        ...summary.tasks.flatMap(({ name, flops, per, cacheBytesPerToken }): Numbers["totals"][number][] => [
          { label: `${name}: FLOPs per ${per}`, ...flops, unit: "" },
          ...(cacheBytesPerToken
            ? [{ label: `${name}: cache per token`, ...cacheBytesPerToken, unit: "bytes" as const }]
            : []),
        ]),
      ],
    };
  },

  /** The TypeScript module that `tfmc compile` writes. */
  typescript: async (asked: Asked): Promise<string> => {
    texts.set(entry, asked.text);
    const { code, problems } = await compile(entry, read, { config: asked.config });
    if (code === undefined) throw new Error(refusalOf(problems));
    return code;
  },

  /** What the model's tasks take and give. */
  ports: (asked: Asked): Ports => {
    const made = lowered(asked);
    return portsOf(made, countParameters(made.module.weights, made.numbers));
  },

  program: async (asked: Asked): Promise<Program> => {
    texts.set(entry, asked.text);
    const { config } = asked;
    const [plain, tapped] = [
      await compile(entry, read, { config }),
      await compile(entry, read, { config, tapped: true }),
    ];
    if (plain.code === undefined || tapped.code === undefined) throw new Error(refusalOf(plain.problems));
    return {
      code: await toJavaScript(plain.code, "commonjs"),
      tapped: await toJavaScript(tapped.code, "commonjs"),
      attention: attentionTap,
    };
  },
};

export type CompilerService = typeof compilerService;
