/** How requests are answered: a mistake of ours is an error for one request and a line in the log, never the end. */
import { ErrorCodes, LSPErrorCodes, ResponseError, type CancellationToken, type Position } from "vscode-languageserver";
import { lookAt, spotAt, type Look, type Session, type Spot } from "./session.js";

interface OfDocument {
  readonly textDocument: { readonly uri: string };
}

/** Answers at once, unless the client no longer wants it. */
export const answer =
  <P, R>(session: Session, work: (params: P, session: Session) => R) =>
  (params: P, token: CancellationToken): R | ResponseError =>
    token.isCancellationRequested ? cancelled() : logged(session, () => work(params, session));

/** For a place in a document: null for one that is not there. */
export const answerAt = <P extends OfDocument & { readonly position: Position }, R>(
  session: Session,
  work: (spot: Spot, params: P) => R,
) =>
  answer<P, R | null>(session, (params) => {
    const spot = spotAt(session, params);
    return spot ? work(spot, params) : null;
  });

/** For a document: null for one that is not there. */
export const answerOf = <P extends OfDocument, R>(session: Session, work: (look: Look, params: P) => R) =>
  answer<P, R | null>(session, (params) => {
    const look = lookAt(session, params.textDocument);
    return look ? work(look, params) : null;
  });

/** The same for what takes its time: if the document is another one by then, or nobody wants it any more, that is the answer. */
export const answerLater =
  <P extends OfDocument, R>(session: Session, work: (look: Look, params: P) => Promise<R>) =>
  async (params: P, token: CancellationToken): Promise<R | null | ResponseError> => {
    if (token.isCancellationRequested) return cancelled();
    const look = lookAt(session, params.textDocument);
    if (!look) return null;
    try {
      const result = await work(look, params);
      if (token.isCancellationRequested) return cancelled();
      const isSame = session.analysis.look(look.file) === look.snapshot;
      return isSame ? result : new ResponseError(LSPErrorCodes.ContentModified, "the document was changed meanwhile");
    } catch (error) {
      return failed(session, error);
    }
  };

const cancelled = (): ResponseError => new ResponseError(LSPErrorCodes.RequestCancelled, "cancelled");

function logged<R>(session: Session, work: () => R): R | ResponseError {
  try {
    return work();
  } catch (error) {
    return failed(session, error);
  }
}

function failed({ connection }: Session, error: unknown): ResponseError {
  if (error instanceof ResponseError) return new ResponseError(error.code, error.message);
  const { message, stack } = error instanceof Error ? error : new Error(String(error));
  connection.console.error(stack ?? message);
  return new ResponseError(ErrorCodes.InternalError, message);
}
