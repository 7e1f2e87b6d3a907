import { readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";

const cases = fileURLToPath(new URL("cases/", import.meta.url));

/** The reference cases, by name. */
export const caseNames: readonly string[] = readdirSync(cases).sort();

export const caseFolder = (name: string): string => `${cases}${name}`;
export const ioOf = (name: string): string => `${cases}${name}/io.safetensors`;

/** A variant is called as its case, and a word more. */
export const isVariant = (name: string): boolean => caseNames.some((other) => name.startsWith(`${other}_`));
