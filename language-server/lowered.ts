import { hasErrors, lowerFile, type Lowered } from "../compiler/index.js";
import { chosenConfig } from "./chosen.js";
import type { Refused } from "./protocol.js";
import type { Look } from "./session.js";

/** The model of a file under a config, by its defaults if there is none; or why there is none. */
export function loweredOf(look: Look, wanted: string | undefined): { readonly lowered: Lowered } | Refused {
  const { session, snapshot, file } = look;
  const config = chosenConfig(look, wanted);
  if (wanted !== undefined && config?.name.name !== wanted) return { reason: `this file has no config ${wanted}` };
  if (snapshot.entry !== file) return { reason: "the standard library declares no model" };
  if (hasErrors(snapshot.problems())) return { reason: "this file has mistakes" };
  const root = session.host.rootOf(file);
  const lowered = config
    ? snapshot.lowered(config)
    : lowerFile(file, (each) => session.documents.textOf(each, root), { root }).lowered;
  return lowered ? { lowered } : { reason: "this file declares no model" };
}
