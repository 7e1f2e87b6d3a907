/** Source text of several lines as one. */

/** Without line breaks, and what a layout of several lines has beside them. */
export const oneLine = (text: string): string =>
  text
    .replace(/\s+/g, " ")
    .replace(/([([{]) /g, "$1")
    .replace(/,? ([)\]}])/g, "$1")
    .replace(/([\]}]) \(/g, "$1(")
    .trim();

/** For a line of a list. */
export const clipped = (line: string): string => (line.length > 120 ? `${line.slice(0, 119)}…` : line);
