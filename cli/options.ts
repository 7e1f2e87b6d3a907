import { InvalidArgumentError, type Command } from "commander";

/** One `--set d=48`. What the name means and which values it may have is for the checker. */
export interface ConfigOverride {
  readonly name: string;
  readonly value: string;
}

export interface ConfigOptions {
  readonly config?: string;
  readonly set?: readonly ConfigOverride[];
}

/** Adds `--config` and `--set`, which choose and change the numbers of a model. */
export function addConfigOptions(command: Command): Command {
  return command
    .option("--config <name>", "the config to use; needed where the file has several models")
    .option("--set <name=value>", "override a config value; may be given again", collectOverride);
}

export function addBackendOption(command: Command): Command {
  // Which there are is the runtime's to say: it may lack one that has a name.
  return command.option("--backend <name>", "where to compute: cpu, wasm or webgpu; the fastest there is without it");
}

export function addJsonOption(command: Command): Command {
  return command.option("--json", "print the result for programs, as JSON on standard output");
}

/** The texts of an option that may be given again. */
export const several = (text: string, earlier: readonly string[] = []): readonly string[] => [...earlier, text];

function collectOverride(text: string, earlier: readonly ConfigOverride[] = []): readonly ConfigOverride[] {
  const match = /^([A-Za-z_]\w*)=(.+)$/.exec(text);
  if (!match?.[1] || !match[2]) throw new InvalidArgumentError("It must look like d=48.");
  return [...earlier, { name: match[1], value: match[2] }];
}

/** A whole number from `least` on, for commander to parse an option with. */
export function wholeNumber(least: number): (text: string) => number {
  return (text) => {
    const value = Number(text.replaceAll("_", ""));
    if (!/^\d[\d_]*$/.test(text) || !Number.isSafeInteger(value) || value < least) {
      throw new InvalidArgumentError(`It must be a whole number, ${least} or more.`);
    }
    return value;
  };
}

/** A number within `[least, most]`. */
export function realNumber(least: number, most: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (text.trim() === "" || !(value >= least && value <= most)) {
      const range = most === Infinity ? `${least} or more` : `from ${least} to ${most}`;
      throw new InvalidArgumentError(`It must be a number, ${range}.`);
    }
    return value;
  };
}

/** Token ids as people type them: `15496,11` or `15496 11`. */
export function tokenIds(text: string): readonly number[] {
  const parts = text.split(/[\s,]+/).filter((part) => part !== "");
  if (parts.length === 0) throw new InvalidArgumentError("It must be token ids such as 15496,11.");
  return parts.map(wholeNumber(0));
}
