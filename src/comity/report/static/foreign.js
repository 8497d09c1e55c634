/* Foreign text: words that came with the file. They enter the page as text nodes, never as markup,
 * and whatever cannot be seen, or reorders or covers other text, is shown by its number.
 * The same rules as in `foreign.py`; the tests compare the two. */

const JOINERS = /[\u200c\u200d]/u;
const ARABIC_SIGNS = /[\u0600-\u0605\u06dd\u070f\u0890\u0891\u08e2]/u;
const HIDDEN = /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Cn}\p{Zl}\p{Zp}]/u;
const MARK = /[\p{Mn}\p{Me}]/u;
const MARKS_IN_A_ROW = 4;

/** A `<bdi>` element that shows `text` and cannot mislead about it. */
function foreign(text, { lines = false } = {}) {
  const shown = document.createElement("bdi");
  shown.className = "foreign";
  let marks = 0;
  for (const run of runs(text)) {
    const [character] = run;
    const times = [...run].length;
    marks = MARK.test(character) ? marks + times : 0;
    if (lines && character === "\n") {
      for (let line = 0; line < times; line++) shown.append(document.createElement("br"));
    } else if (marks > MARKS_IN_A_ROW || isHidden(character)) {
      shown.append(unseen(character, times));
    } else {
      shown.append(run);
    }
  }
  shown.normalize();
  return shown;
}

/** Split into runs of one repeated character. */
function runs(text) {
  return text.match(/(.)\1*/gsu) ?? [];
}

function isHidden(character) {
  return HIDDEN.test(character) && !JOINERS.test(character) && !ARABIC_SIGNS.test(character);
}

function unseen(character, times) {
  const box = document.createElement("span");
  box.className = "unseen";
  const number = character.codePointAt(0).toString(16).toUpperCase().padStart(4, "0");
  box.textContent = `U+${number}${times > 1 ? ` ×${times}` : ""}`;
  return box;
}
