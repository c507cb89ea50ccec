import { render } from "preact";
import { App } from "./app";
import { startTheme } from "./theme";
import { language, learn } from "./words";
import "./style.css";

startTheme();
await learn(language.value);
render(<App />, document.getElementById("app")!);
