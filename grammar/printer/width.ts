/** A line is to have at most so many columns. Comments and strings are as long as they are. */
export const width = 120;
