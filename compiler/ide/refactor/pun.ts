import type { Setting } from "../../../grammar/ast.js";
import type { Selected } from "./place.js";
import type { Refactored } from "./refactoring.js";

/** `{heads}` for `{heads: heads}` */
export function foldPun(selected: Selected): Refactored | undefined {
  const setting = settingOf(selected);
  const isTwice =
    setting?.form === "colon" && setting.value.kind === "name" && setting.value.name === setting.name.name;
  if (!isTwice) return undefined;
  return {
    title: `Write \`${setting.name.name}\` once`,
    edits: [selected.replace(selected.spanOf(setting), setting.name.name)],
  };
}

/** `{heads: heads}` for `{heads}`, where another value is to be given. */
export function unfoldPun(selected: Selected): Refactored | undefined {
  const setting = settingOf(selected);
  if (setting?.form !== "pun") return undefined;
  const text = `${setting.name.name}: ${setting.name.name}`;
  return { title: `Write \`${text}\``, edits: [selected.replace(selected.spanOf(setting), text)] };
}

function settingOf({ nodes }: Selected): Setting | undefined {
  const setting = nodes.findLast(({ kind }) => kind === "setting" || kind === "apply");
  return setting?.kind === "setting" ? setting : undefined;
}
