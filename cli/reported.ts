/** Ends a command whose reasons have been printed already, each with its source line. The exit status is 1. */
export class Reported extends Error {
  override readonly name = "Reported";

  constructor() {
    super("the reasons have been printed");
  }
}
