import picocolors from "picocolors";

/** Colours for standard error: only for someone who watches, and only where they are not refused (no-color.org). */
export function colorsForErrors(): ReturnType<typeof picocolors.createColors> {
  const { NO_COLOR, TERM } = process.env;
  const refused = (NO_COLOR !== undefined && NO_COLOR !== "") || TERM === "dumb";
  // Absent where it is not a terminal; picocolors would read that as "find out yourself", and colour the logs of CI.
  const watched = Boolean(process.stderr.isTTY);
  return picocolors.createColors(watched && !refused);
}
