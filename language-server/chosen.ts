import type { Look } from "./session.js";

/** The config that a file is looked at with: what is asked for, else what the user chose, else its first. */
export function chosenConfig({ session, snapshot, file }: Look, wanted?: string) {
  const configs = snapshot.program.files.get(file)?.configs;
  const name = wanted ?? session.chosen.get(file);
  return (name === undefined ? undefined : configs?.get(name)) ?? [...(configs?.values() ?? [])][0];
}
