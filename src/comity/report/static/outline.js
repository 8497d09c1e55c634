/* A statement of which the page knows no better picture: every field, as it was signed. */

/** Nodes for any value: single values first, then what holds others. */
function outline(value) {
  if (value === null) return nothingGiven();
  if (typeof value !== "object") return foreign(String(value), { lines: true });
  const members = Object.entries(value);
  if (members.length === 0) return nothingGiven();
  if (Array.isArray(value)) {
    return element("ol", {}, ...value.map((one) => element("li", {}, outline(one))));
  }
  const holds = ([, member]) => member !== null && typeof member === "object";
  const ordered = [...members.filter((one) => !holds(one)), ...members.filter(holds)];
  return facts(ordered.map(([name, member]) => [name.replaceAll("_", " "), outline(member)]));
}

function nothingGiven() {
  return element("span", { class: "note" }, WORDS.nothing_given);
}
