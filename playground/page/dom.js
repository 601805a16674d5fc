// Making elements. Text goes in as text and never as markup.

/** An element: `props` are attributes, or handlers where they are functions named onsomething. */
export function h(tag, props = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(props ?? {})) put(element, name, value);
  element.append(...children.flat(Infinity).filter((child) => child !== null && child !== undefined));
  return element;
}

function put(element, name, value) {
  if (value === null || value === undefined || value === false) return;
  if (typeof value === "function") element.addEventListener(name.slice(2), value);
  else if (name === "value") element.value = value;
  else if (name === "checked") element.checked = true;
  else element.setAttribute(name, value === true ? "" : String(value));
}

/** Replace the children of `parent` by those of `wanted`, keeping each whose key and content are
 *  the same. `wanted` is a list of {key, content, make}; returns the nodes that are new. */
export function reconcile(parent, wanted) {
  const old = new Map([...parent.children].map((node) => [node.dataset.key, node]));
  const fresh = [];
  const nodes = wanted.map(({ key, content, make }) => {
    const present = old.get(key);
    if (present && present.keptFrom === content) return present;
    const node = make();
    node.dataset.key = key;
    node.keptFrom = content;
    fresh.push(node);
    return node;
  });
  const focus = rememberFocus(parent);
  for (const node of [...parent.children]) if (!nodes.includes(node)) node.remove();
  nodes.forEach((node, place) => {
    if (parent.children[place] !== node) parent.insertBefore(node, parent.children[place] ?? null);
  });
  focus();
  return fresh;
}

/** The content from which the child of that key was made, if there is one. */
export function keptFrom(parent, key) {
  return [...parent.children].find((node) => node.dataset.key === key)?.keptFrom;
}

/** Call the result after a change of the screen: whoever was typing goes on typing. */
export function rememberFocus(parent) {
  const active = document.activeElement;
  if (!active || !parent.contains(active) || !active.dataset.focus) return () => {};
  const { focus } = active.dataset;
  const typing = "selectionStart" in active && active.type !== "date";
  const [from, to] = typing ? [active.selectionStart, active.selectionEnd] : [null, null];
  return () => {
    if (document.activeElement === active && parent.contains(active)) return;
    const again = [...parent.querySelectorAll("[data-focus]")].find((e) => e.dataset.focus === focus);
    if (!again) return;
    again.focus({ preventScroll: true });
    if (from !== null && "setSelectionRange" in again) {
      try { again.setSelectionRange(from, to); } catch { /* a radio button has no selection */ }
    }
  };
}
