// Elements, of the reporters' page and of the officers'.

/** An element: attributes, then children; text is only ever text. */
export function h(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (key.startsWith("on")) made.addEventListener(key.slice(2), value);
    else if (value === true) made.setAttribute(key, "");
    else if (value !== false && value !== undefined) made.setAttribute(key, value);
  }
  made.append(...children.flat(3).filter((child) => child !== undefined && child !== null && child !== false));
  return made;
}

/** What no keyboard, checker or translator should remember or carry away. */
export const QUIET = { autocomplete: "off", autocorrect: "off", autocapitalize: "off", spellcheck: "false", translate: "no", "data-gramm": "false", "data-lpignore": "true", "data-1p-ignore": true };
