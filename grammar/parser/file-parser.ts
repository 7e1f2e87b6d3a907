/** Whole files: their declarations, in any order. */
import type {
  BlockAliasDeclaration,
  BlockDeclaration,
  CheckDeclaration,
  ConfigDeclaration,
  Declaration,
  FunctionDeclaration,
  Identifier,
  ImportDeclaration,
  IndexDeclaration,
  OuterDeclaration,
  RunDeclaration,
  TaskDeclaration,
} from "../ast.js";
import type { SyntaxProblem } from "../syntax-problem.js";
import type { Token } from "../tokens.js";
import { TooManyProblems } from "./token-reader.js";
import { CompressionParser } from "./compression-parser.js";

const declarationHelp =
  "a file holds import, outer, block, model, task, fn, mask, score, config, check, weights, train, generate, quantize and prune";

/** What one pass of the parser made of some tokens: a declaration, or nothing that could be read as one. */
export interface Part {
  readonly declaration: Declaration | undefined;
  readonly first: Token;
  readonly last: Token;
  /** The token after the next: the parser looks no further to know where a declaration ends. Absent at the end of the text. */
  readonly beyond: Token | undefined;
  /** Nothing was wrong with it. */
  readonly isSound: boolean;
}

export interface Parts {
  readonly parts: readonly Part[];
  readonly problems: readonly SyntaxProblem[];
  /** Whether all was read: there may be too many problems to go on. */
  readonly isComplete: boolean;
  /** Whether the last part ended where it was to, whatever follows. */
  readonly isClosed: boolean;
}

export class FileParser extends CompressionParser {
  /** Reads from `start`, where a line starts, to `end`, where a declaration does, or until there are too many problems. */
  parse(start = 0, end = Infinity): Parts {
    const parts: Part[] = [];
    this.skipTo(start);
    try {
      while (this.token.start < end && !this.at("end")) {
        const { token: first, mistakes } = this;
        this.startDeclaration();
        const declaration = this.attempt(
          () => this.declaration(),
          () => this.skipToDeclaration(first),
        );
        const isSound = this.mistakes === mistakes;
        parts.push({ declaration, first, last: this.previous, beyond: this.afterNext, isSound });
      }
    } catch (error) {
      if (!(error instanceof TooManyProblems)) throw error;
      return { parts, problems: this.problems, isComplete: false, isClosed: false };
    }
    const isClosed = end === Infinity || (!this.sawEnd && this.token.start === end);
    return { parts, problems: this.problems, isComplete: true, isClosed };
  }

  private declaration(): Declaration {
    switch (this.token.kind) {
      case "import":
        return this.import();
      case "outer":
        return this.outer();
      case "block":
      case "model":
        return this.block(this.token.kind);
      case "task":
        return this.task();
      case "fn":
        return this.function();
      case "mask":
      case "score":
        return this.index(this.token.kind);
      case "config":
        return this.config();
      case "check":
        return this.check();
      case "weights":
        return this.weights();
      case "train":
      case "generate":
        return this.run(this.token.kind);
      case "quantize":
      case "prune":
        return this.compression(this.token.kind);
      default:
        return this.failHere("a declaration", declarationHelp);
    }
  }

  /** `"import" "{" {name} "}" "from" STRING` */
  private import(): ImportDeclaration {
    const { start } = this;
    this.take();
    this.opening("{");
    const names = this.items("}", "a name", "values", () => this.anyName());
    this.need("from");
    const from = this.string();
    return { kind: "import", names, from, span: this.since(start) };
  }

  /** `"outer" id` */
  private outer(): OuterDeclaration {
    const { start } = this;
    const doc = this.docAt(start);
    this.take();
    const name = this.lowerName();
    return { kind: "outer", name, ...doc, span: this.since(start) };
  }

  /** `("block" | "model") Id ("=" Id settings | [variables] [parameters] inputs [results] [where] body)` */
  private block(keyword: BlockDeclaration["keyword"]): BlockDeclaration | BlockAliasDeclaration {
    const { start } = this;
    const doc = this.docAt(start);
    this.take();
    const name = this.upperName();
    if (this.took("=")) {
      const target = this.upperName();
      const settings = this.settings();
      return { kind: "alias", keyword, name, target, settings, ...doc, span: this.since(start) };
    }
    const variables = this.variables();
    const parameters = this.parameters();
    const inputs = this.inputs();
    const results = this.resultTypes();
    const where = this.where();
    const body = this.body();
    return {
      kind: "block",
      keyword,
      name,
      variables,
      parameters,
      inputs,
      results,
      where,
      body,
      ...doc,
      span: this.since(start),
    };
  }

  /** `"task" id [parameters] inputs "on" Id "as" id {"," id} [results] [where] body` */
  private task(): TaskDeclaration {
    const { start } = this;
    const doc = this.docAt(start);
    this.take();
    const name = this.lowerName();
    const parameters = this.parameters();
    const inputs = this.inputs();
    this.need("on");
    const model = this.upperName();
    this.need("as");
    const values: Identifier[] = [];
    do values.push(this.lowerName());
    while (this.took(","));
    const results = this.resultTypes();
    const where = this.where();
    const body = this.body();
    const span = this.since(start);
    return { kind: "task", name, parameters, inputs, model, values, results, where, body, ...doc, span };
  }

  /** `"fn" id [variables] inputs [results] [where] ("=" expression | body)` */
  private function(): FunctionDeclaration {
    const { start } = this;
    const doc = this.docAt(start);
    this.take();
    const name = this.lowerName();
    const variables = this.variables();
    const inputs = this.inputs();
    const results = this.resultTypes();
    const where = this.where();
    const body = this.took("=") ? this.expression() : this.at("{") ? this.body() : this.fail('"=" or "{"');
    const span = this.since(start);
    return { kind: "function", name, variables, inputs, results, where, body, ...doc, span };
  }

  /** `("mask" | "score") id [inputs] "=" expression` */
  private index(keyword: IndexDeclaration["keyword"]): IndexDeclaration {
    const { start } = this;
    const doc = this.docAt(start);
    this.take();
    const name = this.lowerName();
    const inputs = this.at("(") ? this.inputs() : [];
    this.expect("=");
    const value = this.expression();
    return { kind: "index", keyword, name, inputs, value, ...doc, span: this.since(start) };
  }

  /** `"config" id "=" Id settings` */
  private config(): ConfigDeclaration {
    const { start } = this;
    const doc = this.docAt(start);
    this.take();
    const name = this.lowerName();
    this.expect("=");
    const model = this.upperName();
    const settings = this.settingLines();
    return { kind: "config", name, model, settings, ...doc, span: this.since(start) };
  }

  /** `"check" operation` */
  private check(): CheckDeclaration {
    const { start } = this;
    const doc = this.docAt(start);
    this.take();
    const condition = this.condition();
    return { kind: "check", condition, ...doc, span: this.since(start) };
  }

  /** `("train" | "generate") id {"." id} ["over" id] settings` */
  private run(keyword: RunDeclaration["keyword"]): RunDeclaration {
    const { start } = this;
    const doc = this.docAt(start);
    this.take();
    const target = [this.lowerName()];
    while (this.took(".")) target.push(this.lowerName());
    const over = this.took("over") ? this.lowerName() : undefined;
    const settings = this.settingLines();
    return { kind: "run", keyword, target, ...(over && { over }), settings, ...doc, span: this.since(start) };
  }

  /** To the next line that starts like a declaration, past `from`, which has been tried. */
  private skipToDeclaration(from: object): void {
    this.allowAnyColumn();
    if (this.token === from) this.take();
    while (!this.at("end") && !this.atDeclaration()) this.take();
  }
}
