/** What a browser keeps for the page. Where it keeps nothing, as in some private windows, each visit is the first. */
export const storage = {
  get: (key: string): string | undefined => orNothing(() => localStorage.getItem(key) ?? undefined),
  set: (key: string, value: string): void => void orNothing(() => localStorage.setItem(key, value)),
  remove: (key: string): void => void orNothing(() => localStorage.removeItem(key)),
};

function orNothing<T>(act: () => T): T | undefined {
  try {
    return act();
  } catch (error) {
    // SecurityError: storage is switched off; QuotaExceededError: it is full.
    if (error instanceof DOMException) return undefined;
    throw error;
  }
}
