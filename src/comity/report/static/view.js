/* The page: takes a file, lets `verify` judge it, and shows the outcome. */

const outcome = document.getElementById("outcome");
const content = document.getElementById("content");

let latest = 0; // only the file that was given last is shown

async function check(source, name) {
  const turn = ++latest;
  content.replaceChildren();
  outcome.replaceChildren(element("p", { class: "note" }, WORDS.checking));
  const shown = await judge(source, name);
  if (turn !== latest) return;
  outcome.replaceChildren(...shown.outcome);
  content.replaceChildren(...shown.content);
  const heading = outcome.querySelector("h3");
  heading.setAttribute("tabindex", "-1");
  heading.focus();
}

async function judge(source, name) {
  if (!globalThis.crypto?.subtle)
    return { outcome: refusal(WORDS.no_crypto, null, name), content: [] };
  try {
    if (source.size > MAX_BUNDLE_BYTES) throw new NotVerified(1, WORDS.too_big);
    const bytes = new Uint8Array(await source.arrayBuffer());
    const verified = await verify(bytes, EMBEDDED, new Date().toISOString().slice(0, 10));
    return {
      outcome: confirmation(verified, name),
      content: sections(verified),
    };
  } catch (error) {
    const why = error instanceof NotVerified ? error.message : `${WORDS.failed}: ${error.message}`;
    return { outcome: refusal(why, error.rule ?? null, name), content: [] };
  }
}

/** A mark and a word: never colour alone. */
function verdict(kind, word, path) {
  const mark = drawn("svg", {
    class: "mark",
    viewBox: "0 0 24 24",
    "aria-hidden": "true",
    focusable: "false",
  });
  mark.append(drawn("circle", { cx: 12, cy: 12, r: 11 }), drawn("path", { d: path }));
  return element("h3", { class: `verdict ${kind}` }, mark, word);
}

function confirmation({ id, author, key }, name) {
  const role = key.role ?? author.role;
  const source = key.role === null ? WORDS.role_claimed : WORDS.role_trusted;
  return [
    element(
      "div",
      { class: "panel good" },
      verdict("good", WORDS.verified, "M6.5 12.5l3.7 3.7 7.3-8"),
      element("p", { class: "verdict-text" }, foreign(key.name), ` ${WORDS.verified_text}`),
      element("p", { class: "note" }, WORDS.verified_limits),
    ),
    facts([
      [WORDS.signed_by, foreign(key.name), element("br"), element("code", {}, key.origin)],
      ...(role
        ? [
            [
              WORDS.role,
              EMBEDDED.roles[role] ?? role,
              " ",
              element("span", { class: "note" }, `(${source})`),
            ],
          ]
        : []),
      ...(key.jurisdiction ? [[WORDS.jurisdiction, foreign(key.jurisdiction)]] : []),
      [
        WORDS.fingerprint,
        element("code", {}, key.fingerprint),
        element("br"),
        hint(WORDS.fingerprint_hint),
      ],
      [WORDS.time, WORDS.time_unproven],
      [WORDS.id, element("code", { id: "statement-id" }, id), element("br"), hint(WORDS.id_hint)],
      ...(name ? [[WORDS.file_name, foreign(name)]] : []),
    ]),
  ];
}

function refusal(why, rule, name) {
  const head = rule === null ? "" : `${WORDS.rule} ${rule} ${WORDS.of_seven}. `;
  const shown = verdict("bad", WORDS.not_verified, "M7.5 7.5l9 9m0-9l-9 9");
  if (rule !== null) shown.dataset.rule = rule;
  return [
    element(
      "div",
      { class: "panel bad" },
      shown,
      element("p", { class: "verdict-text" }, head, foreign(why)),
      element("p", { class: "note" }, WORDS.not_verified_text),
    ),
    ...(name ? [facts([[WORDS.file_name, foreign(name)]])] : []),
  ];
}

function sections({ kind, statement }) {
  if (kind === "Assessment") return assessmentSections(statement.predicate);
  return [
    section(
      WORDS.says,
      element("p", {}, EMBEDDED.kinds[kind]),
      facts([
        [WORDS.about, ...statement.subject.flatMap(subjectLines)],
        [WORDS.all_fields, outline(statement.predicate)],
      ]),
    ),
  ];
}

function subjectLines({ name, digest }, index) {
  const line = [
    foreign(name),
    element("br"),
    element("span", { class: "digest" }, digest.sha256),
  ];
  return index ? [element("br"), ...line] : line;
}

function assessmentSections(predicate) {
  const { system, data, claims, notes } = predicate;
  const tables = claimTables(claims, EMBEDDED);
  const missing = unmeasured(claims);
  return [
    section(
      WORDS.says,
      facts([
        [WORDS.system, foreign(system.name), `, ${WORDS.version} `, foreign(system.version)],
        [WORDS.use, foreign(system.intended_use, { lines: true })],
        [
          WORDS.binding,
          EMBEDDED.bindings[system.identity.binding],
          element("br"),
          foreign(system.identity.detail),
        ],
        [WORDS.population, ...populations(claims)],
        [
          WORDS.data,
          foreign(data.name),
          `: ${countText(data.evaluated)} ${WORDS.rows_of} ${countText(data.rows)}`,
          element("br"),
          element("span", { class: "digest" }, data.digest),
        ],
        [WORDS.when, `${moment(predicate.started)} ${WORDS.until} ${moment(predicate.finished)}`],
      ]),
    ),
    ...(tables.length ? [section(WORDS.measured, ...tables)] : []),
    section(WORDS.unmeasured, missing ?? element("p", {}, WORDS.all_measured)),
    ...(notes.length
      ? [
          section(
            WORDS.notes,
            element(
              "ul",
              {},
              ...notes.map((note) => element("li", {}, foreign(note, { lines: true }))),
            ),
          ),
        ]
      : []),
  ];
}

function section(heading, ...body) {
  return element(
    "section",
    {},
    element("h2", {}, heading),
    element("div", { class: "content" }, ...body),
  );
}

/** Name and value: each entry is a name and the nodes of its value. */
function facts(entries) {
  const list = element("dl", { class: "facts" });
  for (const [name, ...value] of entries)
    list.append(element("dt", {}, name), element("dd", {}, ...value));
  return list;
}

function hint(text) {
  return element("span", { class: "note small" }, text);
}

function moment(stamp) {
  return stamp.replace("T", " ").replace("Z", " UTC");
}

function populations(claims) {
  const distinct = new Map(
    claims.map(({ population }) => [writeCanonical(population), population]),
  );
  return [...distinct.values()].flatMap((population, index) => {
    const pairs = Object.keys(population)
      .sort()
      .flatMap((key, place) => [`${place ? " · " : ""}${key}: `, foreign(population[key])]);
    return index ? [element("br"), ...pairs] : pairs;
  });
}

/** What was not measured, under its reason; null where nothing is missing. */
function unmeasured(claims) {
  const reasons = new Map();
  for (const claim of claims.filter((one) => one.status !== "measured")) {
    if (!reasons.has(claim.reason)) reasons.set(claim.reason, []);
    reasons.get(claim.reason).push(claim);
  }
  if (reasons.size === 0) return null;
  const list = element("dl", { class: "missing" });
  for (const group of reasons.values()) {
    const sentence = reasonOf(group[0]);
    list.append(element("dt", {}, sentence[0].toUpperCase() + sentence.slice(1)));
    for (const claim of group) {
      const entry = element("dd", {}, entryOf(claim, EMBEDDED.measures).title);
      if (Object.keys(claim.slice).length) entry.append(": ", ...sliceLabel(claim.slice));
      if (claim.detail)
        entry.append(
          element("br"),
          element("span", { class: "note small" }, foreign(claim.detail)),
        );
      list.append(entry);
    }
  }
  return list;
}

function reasonOf(claim) {
  return EMBEDDED.reasons[claim.reason] ?? claim.reason;
}

const chooser = document.getElementById("choose");
const zone = document.getElementById("drop");
const pasted = document.getElementById("pasted");

chooser.addEventListener("change", () => {
  const [file] = chooser.files;
  if (file) check(file, file.name);
  chooser.value = ""; // so that the same file, once mended, can be chosen again
});
document
  .getElementById("check")
  .addEventListener("click", () => check(new Blob([pasted.value]), ""));
document.addEventListener("dragover", (event) => {
  event.preventDefault();
  zone.classList.add("over");
});
document.addEventListener("dragleave", () => zone.classList.remove("over"));
document.addEventListener("drop", (event) => {
  event.preventDefault();
  zone.classList.remove("over");
  const [file] = event.dataTransfer.files;
  if (file) check(file, file.name);
});
if (!globalThis.crypto?.subtle) outcome.replaceChildren(...refusal(WORDS.no_crypto, null, ""));
