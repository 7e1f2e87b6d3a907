/** Light or dark: as the system has it, until the reader chooses. */
import { storage } from "./storage.js";

const key = "tfmc.theme";
const system = matchMedia("(prefers-color-scheme: dark)");

const isDark = (): boolean => {
  const chosen = storage.get(key);
  return chosen === undefined ? system.matches : chosen === "dark";
};

export function createTheme(button: HTMLButtonElement): void {
  const apply = (): void => {
    const dark = isDark();
    document.documentElement.dataset["theme"] = dark ? "dark" : "light";
    button.textContent = dark ? "Light" : "Dark";
    button.setAttribute("aria-label", dark ? "Light colours" : "Dark colours");
  };
  button.addEventListener("click", () => {
    const wanted = isDark() ? "light" : "dark";
    // Whoever goes back to what the system has follows it again.
    if ((wanted === "dark") === system.matches) storage.remove(key);
    else storage.set(key, wanted);
    apply();
  });
  system.addEventListener("change", apply);
  apply();
}
