/**
 * The compiler knows files by paths with slashes; editors know documents by URIs. `file:///home/a.tfm` is `/home/a.tfm`, and a
 * document of another scheme lies below a folder of that name: `vscode-vfs://host/a.tfm` is `/vscode-vfs://host/a.tfm`, so that
 * it imports what lies beside it.
 */
export function fileOf(uri: string): string {
  const scheme = /^([A-Za-z][\w+.-]*):/.exec(uri)?.[1];
  if (scheme === undefined) return decoded(uri);
  const path = decoded(uri.slice(scheme.length + 1));
  if (scheme.toLowerCase() !== "file") return `/${scheme}:${path}`;
  return path.replace(/^\/\/(?=\/|$)/, "").replace(/^\/([A-Za-z]):/, (_, drive: string) => `/${drive.toLowerCase()}:`);
}

/** The other way round. */
export function uriOf(file: string): string {
  const other = /^\/([A-Za-z][\w+.-]+):(.*)$/s.exec(file);
  return other ? `${other[1]}:${encoded(other[2] ?? "")}` : `file://${encoded(file)}`;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch (error) {
    // What is no encoded text stands for itself.
    if (error instanceof URIError) return text;
    throw error;
  }
}

const encoded = (path: string): string =>
  encodeURI(path.replace(/\p{Surrogate}/gu, "\ufffd")).replace(/[?#]/g, encodeURIComponent);
