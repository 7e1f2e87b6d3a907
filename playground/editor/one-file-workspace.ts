import { LSPPlugin, Workspace, type LSPClient, type WorkspaceFile } from "@codemirror/lsp-client";
import type { EditorView } from "@codemirror/view";

type Updates = ReturnType<Workspace["syncFiles"]>;

interface OpenFile extends WorkspaceFile {
  readonly view: EditorView;
}

/** The file under edit. Others, which are of the standard library, are shown by `showOther`, and not edited. */
export class OneFileWorkspace extends Workspace {
  files: OpenFile[] = [];
  private version = 0;

  constructor(
    client: LSPClient,
    private readonly showOther: (uri: string) => Promise<EditorView | null>,
  ) {
    super(client);
  }

  syncFiles(): Updates {
    return this.files.flatMap((file) => {
      const plugin = LSPPlugin.get(file.view);
      if (!plugin || plugin.unsyncedChanges.empty) return [];
      const update = { file, changes: plugin.unsyncedChanges, prevDoc: file.doc };
      file.doc = file.view.state.doc;
      file.version = ++this.version;
      plugin.clear();
      return [update];
    });
  }

  openFile(uri: string, languageId: string, view: EditorView): void {
    const file: OpenFile = { uri, languageId, view, version: ++this.version, doc: view.state.doc, getView: () => view };
    this.files.push(file);
    this.client.didOpen(file);
  }

  closeFile(uri: string): void {
    this.files = this.files.filter((file) => file.uri !== uri);
    this.client.didClose(uri);
  }

  override displayFile(uri: string): Promise<EditorView | null> {
    const open = this.files.find((file) => file.uri === uri);
    return open ? Promise.resolve(open.view) : this.showOther(uri);
  }
}
