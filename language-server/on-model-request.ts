import type { CancellationToken, GenericRequestHandler, ResponseError } from "vscode-languageserver";
import type { ModelRequests } from "./protocol.js";
import type { Session } from "./session.js";

type Result<M extends keyof ModelRequests> = ModelRequests[M]["result"] | ResponseError;

/** Answers one of the requests of `protocol.ts`. */
export function onModelRequest<M extends keyof ModelRequests>(
  { connection }: Session,
  method: M,
  answer: (params: ModelRequests[M]["params"], token: CancellationToken) => Result<M> | Promise<Result<M>>,
): void {
  const handler: GenericRequestHandler<unknown, void> = answer;
  connection.onRequest(method, handler);
}
