// Light or dark: as the machine says, or as was chosen here. Paper is always light.
import { Store } from "./store";

export type Theme = "auto" | "light" | "dark";
const kKept = "lantaarn-theme";

function kept(): Theme {
  try {
    const value = localStorage.getItem(kKept);
    return value === "light" || value === "dark" ? value : "auto";
  } catch { return "auto"; }
}

export const theme = new Store<Theme>(kept());

function put(value: Theme): void { document.documentElement.dataset.theme = value; }

export function choose(value: Theme): void {
  try { localStorage.setItem(kKept, value); } catch { /* this visit only */ }
  put(value);
  theme.set(value);
}

export function startTheme(): void {
  put(theme.value);
  addEventListener("beforeprint", () => put("light"), { capture: true });
  addEventListener("afterprint", () => put(theme.value), { capture: true });
}
