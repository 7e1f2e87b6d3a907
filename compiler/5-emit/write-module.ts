/** Declarations become a source file by ts-morph, and a formatted text by prettier. */
import { format } from "prettier";
import { Project, VariableDeclarationKind, type SourceFile } from "ts-morph";

export type Declaration =
  | { readonly kind: "constant"; readonly name: string; readonly text: string; readonly doc: string }
  | { readonly kind: "type"; readonly name: string; readonly text: string; readonly exported: boolean }
  | { readonly kind: "interface"; readonly name: string; readonly text: string }
  | {
      readonly kind: "function";
      readonly name: string;
      readonly exported: boolean;
      readonly doc: string | undefined;
      readonly parameters: readonly { readonly name: string; readonly type: string; readonly optional: boolean }[];
      readonly result: string;
      readonly statements: readonly string[];
    };

export interface ModuleText {
  /** Lines of the comment at the top. */
  readonly header: readonly string[];
  /** Values and types imported from the runtime. */
  readonly imports: readonly string[];
  readonly types: readonly string[];
  readonly declarations: readonly Declaration[];
}

export async function writeModule({ header, imports, types, declarations }: ModuleText): Promise<string> {
  const file = new Project({ useInMemoryFileSystem: true }).createSourceFile("model.ts");
  file.addImportDeclaration({ moduleSpecifier: "@tensorflow/tfjs-core", namespaceImport: "tf" });
  file.addImportDeclaration({
    moduleSpecifier: "tfmc/runtime",
    namedImports: [
      ...imports.map((name) => ({ name })),
      ...[...types].sort().map((name) => ({ name, isTypeOnly: true })),
    ],
  });
  for (const declaration of declarations) write(file, declaration);
  const comments = header.map((line) => `// ${line.replace(/\s+/g, " ")}\n`).join("");
  return format(comments + file.getFullText(), { parser: "typescript", printWidth: 120 });
}

function write(file: SourceFile, declaration: Declaration): void {
  switch (declaration.kind) {
    case "constant":
      file.addVariableStatement({
        isExported: true,
        declarationKind: VariableDeclarationKind.Const,
        declarations: [{ name: declaration.name, initializer: declaration.text }],
        docs: [comment(declaration.doc)],
      });
      return;
    case "type":
      file.addTypeAlias({ name: declaration.name, type: declaration.text, isExported: declaration.exported });
      return;
    case "interface":
      file.addInterface({ name: declaration.name, isExported: true }).addMember(declaration.text);
      return;
    case "function":
      file.addFunction({
        name: declaration.name,
        isExported: declaration.exported,
        parameters: declaration.parameters.map(({ name, type, optional }) => {
          const [plain, initializer] = type.split(" = ");
          return {
            name,
            type: plain ?? type,
            hasQuestionToken: optional,
            ...(initializer !== undefined && { initializer }),
          };
        }),
        returnType: declaration.result,
        statements: [...declaration.statements],
        ...(declaration.doc !== undefined && { docs: [comment(declaration.doc)] }),
      });
  }
}

/** The source's documentation up to a line that ends a sentence: it says what a thing is. It cannot end the comment. */
function comment(text: string): string {
  const lines = text.replaceAll("*/", "* /").split("\n");
  const last = lines.findIndex((line) => line.endsWith("."));
  return lines.slice(0, last < 0 ? lines.length : last + 1).join("\n");
}
