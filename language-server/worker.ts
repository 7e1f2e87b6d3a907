/** The language server in a web worker: it knows the library, and the documents that the page opens. */
import { BrowserMessageReader, BrowserMessageWriter, createConnection } from "vscode-languageserver/browser";
import { inPage } from "./in-page.js";
import { createServer } from "./server.js";

/** The page, which has the same face as a worker has for the page. */
declare const self: Worker;

const connection = createConnection(new BrowserMessageReader(self), new BrowserMessageWriter(self));
createServer(connection, inPage);
connection.listen();
