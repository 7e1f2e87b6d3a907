/** What is known of the files under edit: each is looked at once for each state that the documents are in. */
import { openProject, type Project, type Snapshot } from "../compiler/ide/index.js";
import type { Documents } from "./documents.js";
import type { Host } from "./host.js";

export interface Analysis {
  /** A file as it is now, open or not; undefined where it cannot be read. For one of the library, a program without any other. */
  readonly look: (file: string) => Snapshot | undefined;
  /** As `look`, of a file that was looked at before, whether or not that is how it is now. */
  readonly latest: (file: string) => Snapshot | undefined;
  /** Some text is another one now. */
  readonly changed: () => void;
  /** A file is not asked for soon. */
  readonly forget: (file: string) => void;
}

/** The name of an empty program: what the library is looked at through. */
const nothing = "std/";

/** So many files that are not open are kept, which were asked about in the course of a search through the project. */
const mostStored = 24;

export function openAnalysis(documents: () => Documents, host: Host): Analysis {
  let revision = 0;
  const projects = new Map<string, Project>();
  const roots = new Map<string, string>();
  /** Those looked at last are at the end. */
  const known = new Map<string, { readonly revision: number; readonly snapshot: Snapshot | undefined }>();
  const projectOf = (file: string): Project => {
    const root = roots.get(file) ?? host.rootOf(file);
    roots.set(file, root);
    const project =
      projects.get(root) ?? openProject((each) => (each === nothing ? "" : documents().textOf(each, root)), root);
    projects.set(root, project);
    return project;
  };
  const forget = (file: string): void => {
    projectOf(file).close(file);
    known.delete(file);
    roots.delete(file);
  };
  const forgetOldest = (): void => {
    const stored = [...known.keys()].filter((file) => file !== nothing && !documents().open(file));
    for (const file of stored.slice(0, -mostStored)) forget(file);
  };
  return {
    look: (file) => {
      const entry = isLibrary(file) ? nothing : file;
      const found = known.get(entry);
      if (found?.revision === revision) return found.snapshot;
      try {
        const snapshot = projectOf(entry).look(entry);
        known.delete(entry);
        known.set(entry, { revision, snapshot });
        forgetOldest();
        return snapshot;
      } catch (error) {
        // What was kept of it may be half of what it should be: the next look begins anew.
        forget(entry);
        throw error;
      }
    },
    latest: (file) => known.get(file)?.snapshot,
    changed: () => void revision++,
    forget,
  };
}

const isLibrary = (file: string): boolean => file.startsWith("std/");
