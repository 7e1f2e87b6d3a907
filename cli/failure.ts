/**
 * Something the user can mend: a file that is not there, a number out of range. Its message is all that is printed, and
 * the exit status is 1. Any other error that reaches `main` is a mistake of this program, and is reported as one.
 */
export class Failure extends Error {
  override readonly name = "Failure";

  constructor(
    message: string,
    /** At most one mend. */
    readonly help?: string,
  ) {
    super(message);
  }
}
