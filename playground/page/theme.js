// Light, dark, or as the machine has it.

const KEY = "playground-theme";
const NAMES = { auto: "自動", light: "明るい", dark: "暗い" };
const SIGNS = { auto: "◐", light: "☀", dark: "☾" };
const ORDER = ["auto", "light", "dark"];

const current = () => localStorage.getItem(KEY) ?? "auto";

/** Show the page as chosen. */
export function applyTheme() {
  const theme = ORDER.includes(current()) ? current() : "auto";
  if (theme === "auto") delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = theme;
  const button = document.getElementById("theme");
  button.textContent = `${SIGNS[theme]} ${NAMES[theme]}`;
  button.setAttribute("aria-label", `表示の明るさ：${NAMES[theme]}。押すと切り替わります`);
}

/** The next of the three. */
export function nextTheme() {
  localStorage.setItem(KEY, ORDER[(ORDER.indexOf(current()) + 1) % ORDER.length]);
  applyTheme();
}
