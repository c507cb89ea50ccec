// Language and light: two small switches.
import { choose, theme } from "./theme";
import type { Theme } from "./theme";
import { language, speak, t } from "./words";
import type { Language } from "./words";

export function Look() {
  const spoken = language.use(), look = theme.use();
  return (
    <div class="look">
      <label><span class="unseen">{t("page:look:language")}</span>
        <select value={spoken} onChange={(event) => void speak(event.currentTarget.value as Language)}>
          <option value="nl" lang="nl">Nederlands</option>
          <option value="en" lang="en">English</option>
        </select>
      </label>
      <label><span class="unseen">{t("page:look:light")}</span>
        <select value={look} onChange={(event) => choose(event.currentTarget.value as Theme)}>
          <option value="auto">{t("page:look:auto")}</option>
          <option value="light">{t("page:look:bright")}</option>
          <option value="dark">{t("page:look:dark")}</option>
        </select>
      </label>
    </div>
  );
}
