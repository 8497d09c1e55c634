/* The claims of a verified assessment as tables with dots and intervals, like the report's.
 * Every text goes in through `element` and `foreign`, so nothing of the file becomes markup. */

const SVG = "http://www.w3.org/2000/svg";
const NICE_ENDS = [0.05, 0.1, 0.2, 0.5, 1];
const STEPS = 5;
const READINGS = "readings";

/** An HTML element with attributes and children; strings become text. */
function element(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  for (const [attribute, value] of Object.entries(attributes)) made.setAttribute(attribute, value);
  made.append(...children);
  return made;
}

function drawn(name, attributes, text = "") {
  const made = document.createElementNS(SVG, name);
  for (const [attribute, value] of Object.entries(attributes)) made.setAttribute(attribute, value);
  made.textContent = text;
  return made;
}

/** Tables for all measured claims: all rows first, then by one column, then by several. */
function claimTables(claims, { words, measures }) {
  const panels = new Map();
  for (const claim of claims) {
    if (claim.estimate === null && Object.keys(claim.slice).length === 0) continue;
    const columns = columnsOf(claim);
    const name = JSON.stringify(columns);
    if (!panels.has(name)) panels.set(name, { columns, tables: new Map() });
    const { tables } = panels.get(name);
    const table = tableOf(claim, measures);
    if (!tables.has(table)) tables.set(table, []);
    tables.get(table).push(claim);
  }
  const made = [];
  const ordered = [...panels.values()].sort((one, two) => one.columns.length - two.columns.length);
  for (const { columns, tables } of ordered) {
    made.push(panelHeading(columns, words));
    for (const [name, group] of tables) {
      if (group.every((claim) => claim.estimate === null)) continue;
      const table = name === READINGS ? readingsTable : claimTable;
      made.push(table(group, { words, measures }));
    }
  }
  return made;
}

function columnsOf(claim) {
  const named =
    Object.keys(claim.slice).length || !claim.cells.length ? claim.slice : claim.cells[0].slice;
  return Object.keys(named).sort();
}

/** Claims on groups share a table by measure; the others by unit, so that one axis serves all.
 * What stands alone and without an interval needs no axis: it is a reading. */
function tableOf(claim, measures) {
  if (Object.keys(claim.slice).length) return `measure ${claim.measure}`;
  if (!claim.interval && !claim.cells.length) return READINGS;
  const unit = unitOf(claim, measures);
  return `unit ${["rate", "probability"].includes(unit) ? "rate" : unit}`;
}

function panelHeading(columns, words) {
  if (columns.length === 0) return element("h3", {}, words.all_rows);
  const heading = element("h3", {}, `${words.by} `);
  columns.forEach((column, index) => heading.append(index ? words.and : "", foreign(column)));
  return heading;
}

function claimTable(claims, { words, measures }) {
  const grouped = Object.keys(claims[0].slice).length > 0;
  const rows = grouped ? worstFirst(claims, entryOf(claims[0], measures).direction) : claims;
  const measured = rows.filter((claim) => claim.estimate !== null);
  const estimates = measured.map((claim) => estimateOf(claim, measures));
  const places = commonPlaces(estimates);
  const axis = axisOf(estimates);
  const lines = rows.map((claim) => claimRow(claim, grouped, axis, places, { words, measures }));
  const caption = captionOf(claims[0], grouped, { words, measures });
  const reasons = new Set(measured.map((claim) => claim.reason));
  if (reasons.size === 1 && measured[0].reason) {
    caption.append(" ", noInterval(measured[0], words)); // said once for all rows
    lines.forEach((line) => line.querySelector(".no-interval")?.remove());
  }
  return element(
    "table",
    { class: "plot", role: "table" },
    caption,
    element("thead", { role: "rowgroup" }, headings(rows, grouped, words)),
    element("tbody", { role: "rowgroup" }, ...lines),
    element("tfoot", { "aria-hidden": "true" }, axisRow(axis, estimates[0])),
  );
}

function readingsTable(claims, { words, measures }) {
  const cell = (name, role, attributes, ...children) =>
    element(name, { role, ...attributes }, ...children);
  const row = (...cells) => element("tr", { role: "row" }, ...cells);
  const head = row(
    cell("th", "columnheader", { scope: "col" }, words.measure),
    cell("th", "columnheader", { scope: "col", class: "number" }, words.value),
  );
  const rows = claims.map((claim) => {
    const estimate = estimateOf(claim, measures);
    const value = element("bdi", {}, valueText(estimate, placesOf(estimate)));
    const { title } = entryOf(claim, measures);
    return row(
      cell("th", "rowheader", { scope: "row" }, title, " ", noInterval(claim, words)),
      cell("td", "cell", { class: "number" }, value),
    );
  });
  return element(
    "table",
    { class: "readings", role: "table" },
    element("thead", { role: "rowgroup" }, head),
    element("tbody", { role: "rowgroup" }, ...rows),
  );
}

function noInterval(claim, words) {
  return element("span", { class: "note no-interval" }, `${words.no_interval} ${reasonOf(claim)}`);
}

function captionOf(claim, grouped, { words, measures }) {
  if (!grouped) {
    const overall = columnsOf(claim).length === 0; // the heading above has said it
    return element(
      "caption",
      overall ? { class: "away" } : {},
      overall ? words.all_rows : words.compared,
    );
  }
  const { title, shows } = entryOf(claim, measures);
  return element("caption", {}, title, " ", element("span", { class: "note" }, shows));
}

function headings(rows, grouped, words) {
  const head = (name, text) =>
    element("th", { scope: "col", role: "columnheader", class: name }, text);
  return element(
    "tr",
    { role: "row" },
    head("label", grouped ? words.group : words.measure),
    element("td", { class: "drawn", "aria-hidden": "true" }),
    head("value", words.value),
    head("interval", words.interval.replace("{level}", levelText(rows))),
    head("cases", words.cases),
  );
}

function axisRow(axis, estimate) {
  const drawing = element("td", { class: "drawn" }, axisDrawing(axis, estimate));
  const rest = ["value", "interval", "cases"].map((name) => element("td", { class: name }));
  return element("tr", {}, element("td", { class: "label" }), drawing, ...rest);
}

/** The lowest level of the intervals. */
function levelText(claims) {
  const levels = claims.flatMap(({ interval }) => (interval ? [Number(interval.level)] : []));
  return `${Number((Math.min(...levels, levels.length ? 1 : 0.95) * 100).toPrecision(12))}${THIN}%`;
}

function claimRow(claim, grouped, axis, places, { words, measures }) {
  const label = grouped ? sliceLabel(claim.slice) : [entryOf(claim, measures).title];
  const head = element("th", { scope: "row", role: "rowheader", class: "label" }, ...label);
  const estimate = estimateOf(claim, measures);
  const drawing = element(
    "td",
    { class: "drawn", "aria-hidden": "true" },
    rowDrawing(estimate, axis),
  );
  const isolated = (text) => element("bdi", {}, text);
  if (!estimate) {
    const why = element(
      "td",
      { role: "cell", class: "value note", colspan: 3, "aria-colspan": 3 },
      `${claim.reason === "group_too_small" ? words.withheld : words.not_measured} ${reasonOf(claim)}`,
    );
    return element("tr", { role: "row", class: "nothing" }, head, drawing, why);
  }
  const interval = element(
    "td",
    { role: "cell", class: "interval" },
    isolated(intervalText(estimate, places)),
  );
  if (claim.reason) head.append(" ", noInterval(claim, words));
  const { successes, scored } = claim.counts;
  const cases =
    successes === null
      ? countText(scored)
      : `${countText(successes)} ${words.of} ${countText(scored)}`;
  return element(
    "tr",
    { role: "row" },
    head,
    drawing,
    element("td", { role: "cell", class: "value" }, isolated(valueText(estimate, places))),
    interval,
    element("td", { role: "cell", class: "cases" }, isolated(cases)),
  );
}

/** The values of a slice, as nodes: `60 to 69 · female`. */
function sliceLabel(slice) {
  return Object.keys(slice)
    .sort()
    .flatMap((key, index) => [...(index ? [" · "] : []), foreign(slice[key] || NOTHING)]);
}

function worstFirst(claims, direction) {
  const place = (claim) =>
    claim.estimate === null ? Infinity : Number(claim.estimate) * (direction === "lower" ? -1 : 1);
  return [...claims].sort((one, two) => place(one) - place(two) || 0);
}

function entryOf(claim, measures) {
  return Object.hasOwn(measures, claim.measure)
    ? measures[claim.measure]
    : { title: claim.measure, unit: "", direction: "neither", shows: "" };
}

function unitOf(claim, measures) {
  return entryOf(claim, measures).unit;
}

function estimateOf(claim, measures) {
  if (claim.estimate === null) return null;
  const { low = null, high = null } = claim.interval ?? {};
  return { point: claim.estimate, low, high, unit: unitOf(claim, measures) };
}

/** From zero (below it only where values are) to the nearest round number that holds everything. */
function axisOf(estimates) {
  const held = estimates
    .flatMap(({ point, low, high }) => [point, low, high])
    .filter((one) => one !== null)
    .map(Number);
  const largest = Math.max(...held.map(Math.abs), 0);
  let end = NICE_ENDS.find((nice) => largest <= nice);
  if (!end) {
    const power = 10 ** Math.floor(Math.log10(largest));
    end = [1, 2, 5, 10].map((step) => step * power).find((nice) => largest <= nice);
  }
  const start = held.some((one) => one < 0) ? -end : 0;
  const place = (value) => `${Math.round(((Number(value) - start) / (end - start)) * 1e5) / 1e3}%`;
  const ticks = Array.from(
    { length: STEPS + 1 },
    (_, step) => start + ((end - start) * step) / STEPS,
  );
  return { place, ticks };
}

function rowDrawing(estimate, { place, ticks }) {
  const drawing = drawn("svg", { class: "track", focusable: "false" });
  for (const tick of ticks)
    drawing.append(
      drawn("line", { class: "grid", x1: place(tick), x2: place(tick), y1: 0, y2: "100%" }),
    );
  if (estimate && estimate.low !== null) {
    drawing.append(
      drawn("line", {
        class: "reach",
        x1: place(estimate.low),
        x2: place(estimate.high),
        y1: "50%",
        y2: "50%",
      }),
    );
  }
  if (estimate)
    drawing.append(drawn("circle", { class: "dot", cx: place(estimate.point), cy: "50%", r: 4 }));
  return drawing;
}

function axisDrawing({ place, ticks }, estimate) {
  const drawing = drawn("svg", { class: "axis", focusable: "false" });
  const [factor, sign] = shownAs(estimate?.unit ?? "");
  ticks.forEach((tick, index) => {
    const last = index === ticks.length - 1;
    const text = String(Number((tick * Number(factor)).toPrecision(12))).replace("-", "\u2212");
    const anchor = index === 0 ? "start" : last ? "end" : "middle";
    drawing.append(
      drawn(
        "text",
        { x: place(tick), y: 13, "text-anchor": anchor },
        text + (last && sign.endsWith("%") ? sign : ""),
      ),
    );
  });
  return drawing;
}
