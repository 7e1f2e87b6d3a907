import eslint from "@eslint/js";
import { globalIgnores } from "eslint/config";
import tseslint from "typescript-eslint";

/** What a host owns. The language and its compiler run in a browser, a worker or an editor as well as in Node. */
const hostGlobals = ["process", "console", "Buffer", "fetch", "window", "document", "navigator", "setTimeout"].map(
  (name) => ({ name, message: "grammar/ and compiler/ are pure: take it as a parameter." }),
);

export default tseslint.config(
  globalIgnores(["dist/", "build/", "node_modules/", "**/__snapshots__/", "test/snapshots/", "test/reference/cases/"]),
  eslint.configs.recommended,
  {
    files: ["**/*.ts"],
    extends: [tseslint.configs.recommendedTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      "@typescript-eslint/consistent-type-imports": ["error", { fixStyle: "inline-type-imports" }],
      // `import { type A }` would load the module at run time; `import type { A }` does not.
      "@typescript-eslint/no-import-type-side-effects": "error",
      "@typescript-eslint/no-unused-vars": ["error", { argsIgnorePattern: "^_", varsIgnorePattern: "^_" }],
      "@typescript-eslint/switch-exhaustiveness-check": ["error", { considerDefaultExhaustiveForUnions: true }],
      "@typescript-eslint/restrict-template-expressions": ["error", { allowNumber: true, allowBoolean: true }],
      "no-restricted-syntax": [
        "error",
        { selector: "TSAsExpression > TSAsExpression", message: "Two casts in a row silence the checker." },
      ],
    },
  },
  {
    files: ["grammar/**/*.ts", "compiler/**/*.ts"],
    rules: { "no-restricted-globals": ["error", ...hostGlobals] },
  },
  {
    files: ["runtime/**/*.ts"],
    rules: { "no-console": "error" },
  },
  {
    files: ["**/*.mjs", "**/*.js"],
    languageOptions: {
      globals: {
        process: "readonly",
        console: "readonly",
        URL: "readonly",
        performance: "readonly",
        fetch: "readonly",
      },
    },
  },
);
