import { render } from "preact";

const app = document.querySelector("#app");
if (app !== null) render(<p>Dock</p>, app);
