/**
 * Tells the client what is wrong. A change makes those programs due that the file is part of; each is checked when all that has
 * arrived by then is taken in, the one that was changed last first, and told of with the version that was checked. What a long
 * file defines is told before its configs are read, when it is opened.
 */
import type { Connection, Diagnostic } from "vscode-languageserver";
import type { Snapshot } from "../compiler/ide/index.js";
import type { Problem } from "../compiler/index.js";
import type { Analysis } from "./analysis.js";
import type { Documents } from "./documents.js";
import type { Host } from "./host.js";
import { diagnosticOf } from "./problems.js";
import { unanswered } from "./unanswered.js";

export interface Publisher {
  /** The text of a file is another one: those that use it are due. */
  readonly changed: (file: string) => void;
  /** Files have come or gone: all are due. */
  readonly allChanged: () => void;
  readonly closed: (file: string) => void;
}

/** While the client goes on typing, this long nothing is checked at most, in ms. */
const patience = 50;

/** So many characters are checked for the first time in no time that anyone notices. */
const short = 20_000;

export function createPublisher(
  connection: Connection,
  host: Host,
  documents: Documents,
  analysis: Analysis,
  guarded: (what: string, action: () => void) => void,
): Publisher {
  /** Programs to check; the last is the next. */
  const due = new Set<string>();
  /** What was said of files by the programs they are part of. */
  const said = new Map<string, ReadonlyMap<string, readonly Diagnostic[]>>();
  const published = new Map<string, string>();
  let arrivals = 0;
  let waitingSince: number | undefined;

  const schedule = (): void => {
    if (due.size === 0 || waitingSince !== undefined) return;
    waitingSince = Date.now();
    wait(arrivals);
  };
  const wait = (seen: number): void =>
    // Twice, as what the client has sent already is taken in one message at a time, between two of these.
    host.soon(() =>
      host.soon(() => {
        if (arrivals !== seen && Date.now() - (waitingSince ?? 0) < patience) return wait(arrivals);
        waitingSince = undefined;
        guarded("checking", checkNext);
        schedule();
      }),
    );

  const checkNext = (): void => {
    const entry = [...due].at(-1);
    if (entry === undefined) return;
    due.delete(entry);
    const snapshot = analysis.look(entry);
    if (!snapshot) return;
    const before = said.get(entry);
    const isOpening = !before && (snapshot.source(entry)?.text.length ?? 0) > short;
    if (isOpening) isDue(entry);
    const now = diagnosticsOf(snapshot, isOpening ? snapshot.definitionProblems() : snapshot.problems());
    said.set(entry, now);
    publish(entry);
    publishOthers(entry, now, before);
  };

  const diagnosticsOf = (snapshot: Snapshot, problems: readonly Problem[]): Map<string, Diagnostic[]> => {
    const document = (file: string) => {
      const text = snapshot.source(file)?.text ?? documents.textOf(file);
      return text === undefined ? undefined : documents.withText(file, text);
    };
    const found = new Map<string, Diagnostic[]>();
    for (const problem of problems) {
      const file = problem.primary?.file ?? snapshot.entry;
      const there = document(file);
      if (!there) continue;
      const diagnostic = diagnosticOf(problem, there, { document, pageOf: host.pageOf });
      found.set(file, [...(found.get(file) ?? []), diagnostic]);
    }
    return found;
  };

  /** An open file speaks for itself; of another is told what all programs that it is part of say, each thing once. */
  const publish = (file: string): void => {
    const open = documents.open(file);
    const all = open ? (said.get(file)?.get(file) ?? []) : [...said.values()].flatMap((each) => each.get(file) ?? []);
    const diagnostics = open ? all : [...new Map(all.map((each) => [JSON.stringify(each), each])).values()];
    const uri = documents.uriOf(file);
    const key = JSON.stringify(diagnostics);
    if (!open && (published.get(uri) ?? "[]") === key) return;
    if (diagnostics.length > 0) published.set(uri, key);
    else published.delete(uri);
    const version = open && { version: open.version };
    unanswered(connection, connection.sendDiagnostics({ uri, ...version, diagnostics: [...diagnostics] }));
  };

  /** Files that are open are told of when they are checked themselves, as they may be newer than what was seen of them here. */
  const publishOthers = (entry: string, ...mentioned: (ReadonlyMap<string, unknown> | undefined)[]): void => {
    for (const file of new Set(mentioned.flatMap((files) => [...(files?.keys() ?? [])])))
      if (file !== entry && !documents.open(file)) publish(file);
  };

  const isDue = (file: string): void => {
    due.delete(file);
    due.add(file);
  };

  const closed = (file: string): void => {
    due.delete(file);
    const before = said.get(file);
    said.delete(file);
    publish(file);
    publishOthers(file, before);
  };

  return {
    changed: (file) => {
      arrivals += 1;
      for (const entry of documents.entries()) if (analysis.latest(entry)?.program.files.has(file)) isDue(entry);
      if (documents.entries().includes(file)) isDue(file);
      else if (said.has(file)) closed(file);
      schedule();
    },
    allChanged: () => {
      arrivals += 1;
      documents.entries().forEach(isDue);
      schedule();
    },
    closed,
  };
}
