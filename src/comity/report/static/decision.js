// What if the mark were another? Compares value and bound with a moved mark, by rule 8 of deciding,
// and says what would follow. The decision itself stays as it is on the page.
//
// Decimals are compared as whole numbers: 0.1 has no exact floating point form, and a verdict must
// not depend on that.
"use strict";

const findings = document.getElementById("findings");

/** "12.50" as [1250n, 2]: the number is 1250 / 10**2. Null where the text is no plain decimal. */
function decimal(text) {
  const parts = /^(-?)(\d{0,40})(?:\.(\d{0,60}))?$/.exec(text.trim());
  if (!parts || !(parts[2] || parts[3])) return null;
  const fraction = parts[3] || "";
  const digits = BigInt((parts[2] || "0") + fraction);
  return [parts[1] ? -digits : digits, fraction.length];
}

/** Sign of a/b - mark/factor, for decimals `a` and `mark` and whole numbers `b` and `factor`. */
function compare(a, b, mark, factor) {
  const left = a[0] * BigInt(factor) * 10n ** BigInt(mark[1]);
  const right = mark[0] * BigInt(b) * 10n ** BigInt(a[1]);
  return left < right ? -1 : left > right ? 1 : 0;
}

/** Rule 8 for one claim: what it says about the mark, and why. */
function weigh(claim, rule, mark) {
  const meets = (value, divisor) => {
    const sign = compare(decimal(value), divisor, mark, rule.factor);
    return rule.comparison === "at_least" ? sign >= 0 : sign <= 0;
  };
  const point = meets(claim.numerator, claim.denominator);
  const bound = claim.bound !== null && meets(claim.bound, 1);
  if (rule.reading === "literal") {
    if (!point) return { verdict: "not_satisfied", reasons: ["count_fails"] };
    return { verdict: "satisfied", reasons: ["count_meets", note(claim, bound)] };
  }
  if (!point) return { verdict: "not_satisfied", reasons: ["point_fails"] };
  if (bound) return { verdict: "satisfied", reasons: ["point_and_bound_meet"] };
  if (claim.bound === null) return { verdict: "marginal", reasons: ["no_bound"] };
  return { verdict: "marginal", reasons: ["only_point_meets", "literally_met"] };
}

function note(claim, bound) {
  if (claim.bound === null) return "no_bound";
  return bound ? "bound_meets_too" : "bound_fails";
}

/** The worst claim counts, as in the decision. */
function worst(weighed) {
  const order = ["not_satisfied", "marginal", "satisfied"];
  return weighed.reduce((a, b) => (order.indexOf(b.verdict) < order.indexOf(a.verdict) ? b : a));
}

/** A word that the page brought along: `only_point_meets` stands in data-only-point-meets. */
function word(code) {
  return findings.getAttribute("data-" + code.replaceAll("_", "-"));
}

function sentence(text) {
  return text.charAt(0).toUpperCase() + text.slice(1) + ".";
}

function symbol(verdict) {
  const drawing = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  drawing.setAttribute("class", "symbol " + verdict);
  drawing.setAttribute("aria-hidden", "true");
  const use = document.createElementNS("http://www.w3.org/2000/svg", "use");
  use.setAttribute("href", "#v-" + verdict);
  drawing.append(use);
  return drawing;
}

function paragraph(...content) {
  const element = document.createElement("p");
  element.append(...content);
  return element;
}

/** What follows, as paragraphs: the verdict, why, and what each laboratory's claim says. */
function told(rule, weighed) {
  const found = worst(weighed);
  const name = document.createElement("strong");
  name.className = found.verdict;
  name.append(symbol(found.verdict), " ", word("verdict_" + found.verdict) + ".");
  const lines = [paragraph(name, " ", found.reasons.map((code) => sentence(word(code))).join(" "))];
  if (weighed.length > 1) {
    const each = weighed.map(
      (one, i) => rule.claims[i].laboratory + ": " + word("verdict_" + one.verdict).toLowerCase(),
    );
    lines.push(paragraph(each.join("; ") + ". " + word("worst")));
  }
  return [found.verdict, lines];
}

function start(weighing) {
  const rule = JSON.parse(weighing.dataset.whatIf);
  const decided = weighing.dataset.mark;
  const [slider, field] = weighing.querySelectorAll("input");
  const reset = weighing.querySelector("button");
  const panel = weighing.querySelector(".told");
  const output = weighing.querySelector("output");
  const [low, high] = [Number(slider.min), Number(slider.max)];
  const percent = rule.factor === 100 ? "\u202f%" : "";

  function draw(text) {
    const share = (Number(text) - low) / (high - low);
    const place = Math.min(Math.max(share, 0), 1) * 100;
    for (const line of weighing.querySelectorAll(".tried")) {
      line.setAttribute("x1", place + "%");
      line.setAttribute("x2", place + "%");
    }
    for (const side of weighing.querySelectorAll(".meets")) {
      const upwards = rule.comparison === "at_least";
      side.setAttribute("x", (upwards ? place : 0) + "%");
      side.setAttribute("width", (upwards ? 100 - place : place) + "%");
    }
    slider.setAttribute("aria-valuetext", text + percent);
  }

  function show(text) {
    const mark = decimal(text);
    const moved = text !== decided;
    weighing.classList.toggle("moved", moved);
    reset.disabled = !moved;
    panel.hidden = !moved;
    panel.querySelector(".tried-mark").textContent = mark
      ? word(rule.comparison) + " " + text + percent
      : "";
    if (!mark) {
      delete output.dataset.verdict;
      output.textContent = word("not_a_number");
      return;
    }
    draw(text);
    const weighed = rule.claims.map((claim) => weigh(claim, rule, mark));
    const [verdict, lines] = told(rule, weighed);
    output.dataset.verdict = verdict;
    // A screen reader speaks only what changed, so nothing is replaced by its like.
    const before = output.textContent;
    if (lines.map((line) => line.textContent).join("") !== before) output.replaceChildren(...lines);
  }

  slider.addEventListener("input", () => {
    field.value = slider.value;
    show(slider.value);
  });
  field.addEventListener("input", () => {
    slider.value = field.value;
    show(field.value);
  });
  reset.addEventListener("click", () => {
    slider.value = field.value = decided;
    show(decided);
    slider.focus();
  });
  weighing.querySelector(".slide").hidden = false;
  draw(decided);
}

function order(by) {
  const all = [...findings.children];
  all.sort((a, b) => a.dataset[by] - b.dataset[by]);
  findings.append(...all);
}

if (findings) {
  for (const weighing of findings.querySelectorAll(".weighing")) start(weighing);
  const choice = document.querySelector(".order");
  choice.hidden = false;
  choice.addEventListener("change", (event) => {
    order(event.target.value === "regime" ? "place" : "urgency");
  });
}
