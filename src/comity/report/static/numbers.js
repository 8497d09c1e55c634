/* Numbers as a reader sees them, from decimal strings, with whole-number arithmetic: the very digits
 * that the report shows (`numbers.py`; the tests compare the two). */

const NOTHING = "—";
const THIN = "\u202f";
const MOST_DIGITS = 6;
const SHOWN_AS = {
  rate: [100n, `${THIN}%`],
  probability: [100n, `${THIN}%`],
  difference: [100n, `${THIN}pp`],
  second: [1n, `${THIN}s`],
  joule: [1n, `${THIN}J`],
  nat: [1n, `${THIN}nat`],
};

const shownAs = (unit) => (Object.hasOwn(SHOWN_AS, unit) ? SHOWN_AS[unit] : [1n, ""]);
const magnitude = (number) => (number < 0n ? -number : number);

/** A decimal string, times `factor`, as whole `digits` and how many of them follow the point. */
function decimal(text, factor = 1n) {
  const [whole, fraction = ""] = text.split(".");
  return { digits: BigInt(whole + fraction) * factor, scale: fraction.length };
}

/** Exponent of the leading digit, as in 3 for 1234 and -2 for 0.05; zero has 0. */
function leading({ digits, scale }) {
  return digits === 0n ? -scale : magnitude(digits).toString().length - 1 - scale;
}

/** `value` with `places` decimals; `way` is "down", "up" or "even". */
function rounded({ digits, scale }, places, way) {
  if (scale <= places) return digits * 10n ** BigInt(places - scale);
  const divisor = 10n ** BigInt(scale - places);
  const quotient = digits / divisor;
  const rest = digits % divisor;
  if (way === "down") return rest < 0n ? quotient - 1n : quotient;
  if (way === "up") return rest > 0n ? quotient + 1n : quotient;
  const twice = magnitude(rest) * 2n;
  const away = twice > divisor || (twice === divisor && quotient % 2n !== 0n);
  return away ? quotient + (digits < 0n ? -1n : 1n) : quotient;
}

/** Below, at or above zero as `one` is less than, equal to or more than `two`, both as strings. */
function compareDecimals(one, two) {
  const [first, second] = [decimal(one), decimal(two)];
  const scale = Math.max(first.scale, second.scale);
  const difference = rounded(first, scale, "even") - rounded(second, scale, "even");
  return difference === 0n ? 0 : difference < 0n ? -1 : 1;
}

function spelled(number, places) {
  const digits = magnitude(number)
    .toString()
    .padStart(places + 1, "0");
  const whole = digits.slice(0, digits.length - places).replace(/\B(?=(\d{3})+$)/g, THIN);
  const fraction = places ? `.${digits.slice(-places)}` : "";
  return (number < 0n ? "\u2212" : "") + whole + fraction;
}

/** Whether a number is below 3.55 times its power of ten. */
function keepsTwo({ digits }) {
  return digits * 100n < 355n * 10n ** BigInt(digits.toString().length - 1);
}

/** Decimals that the interval supports, by the rule of the Particle Data Group: half of it keeps
 * two digits when they are below 3.55 of their power of ten, else one. Three without interval. */
function placesOf({ point, low, high, unit }) {
  const [factor] = shownAs(unit);
  const bound = (places) => Math.min(Math.max(places, 0), MOST_DIGITS);
  if (low !== null && high !== null) {
    const [from, to] = [decimal(low, factor), decimal(high, factor)];
    const scale = Math.max(from.scale, to.scale);
    const width = rounded(to, scale, "even") - rounded(from, scale, "even");
    const half = { digits: width * 5n, scale: scale + 1 };
    if (width > 0n) return bound((keepsTwo(half) ? 1 : 0) - leading(half));
  }
  const value = decimal(point, factor);
  return bound(2 - (value.digits === 0n ? 0 : leading(value)));
}

/** The decimals that suit the middle one of several estimates, to stand in a column. */
function commonPlaces(estimates) {
  const places = estimates.map(placesOf).sort((one, two) => one - two);
  return places[Math.floor(places.length / 2)] ?? 0;
}

function valueText({ point, unit }, places) {
  const [factor, sign] = shownAs(unit);
  return spelled(rounded(decimal(point, factor), places, "even"), places) + sign;
}

/** The interval, rounded outward. */
function intervalText({ low, high, unit }, places) {
  if (low === null || high === null) return NOTHING;
  const [factor] = shownAs(unit);
  const from = spelled(rounded(decimal(low, factor), places, "down"), places);
  const to = spelled(rounded(decimal(high, factor), places, "up"), places);
  return `${from} to ${to}`;
}

function countText(count) {
  return spelled(BigInt(count), 0);
}
