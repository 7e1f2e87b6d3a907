/** Values that no family's example can express, refused with what could be done. */
import type { Fields } from "./fields.js";

/** Weights packed in fewer bits, and heads for other tasks. */
export function refuseOtherForms(config: Fields, head: string): void {
  if (config.has("quantization_config")) {
    config.refuse(
      "quantization_config",
      "and packed weights are not supported",
      "import the checkpoint it was made from",
    );
  }
  const architectures = config.texts("architectures");
  if (architectures && !architectures.includes(head)) {
    config.refuse("architectures", `the example's head is ${head}`, "import the language model's checkpoint");
  }
}

/** A choice that the example makes by a name: `hidden_act` is always "silu". */
export function requireText(config: Fields, name: string, due: readonly string[], where: string): void {
  if (due.includes(config.text(name, due[0]))) return;
  config.refuse(name, `the example's is ${due[0]}`, `import a copy with ${due[0]}, then change ${where} in the .tfm`);
}

export function requireFlag(config: Fields, name: string, due: boolean, help: string): void {
  if (config.flag(name, due) !== due) config.refuse(name, "which the example cannot express", help);
}
