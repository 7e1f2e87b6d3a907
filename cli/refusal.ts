import { Failure } from "./failure.js";

/**
 * Does what the runtime may refuse: a weight that is missing, a token out of range, a backend that is not there. It throws
 * plain `Error`s for these, with a message for the user; any other class is a mistake of the program and passes unchanged.
 */
export async function orFailure<Result>(action: () => Result | Promise<Result>, help?: string): Promise<Result> {
  try {
    return await action();
  } catch (error) {
    if (error instanceof Error && error.constructor === Error) throw new Failure(error.message, help);
    throw error;
  }
}
