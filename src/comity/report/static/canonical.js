/* The one spelling: JSON with sorted keys, each once, no spaces, no second way to write a string.
 *
 * `readCanonical` reads a text only if it is spelled so; it is rule 5. A general JSON parser would
 * not do: it takes the last of two equal keys and rounds 9007199254740993 to ...992 in silence. */

const MAX_DEPTH = 200;

/** A number that is not an integer below 2**53: a signed statement may hold none (rule 6). */
class ForeignNumber {
  constructor(token) {
    this.token = token;
  }
}

/** The value that `text` spells. Throws `SyntaxError` where it is not the canonical spelling. */
function readCanonical(text) {
  const STRING = /"(?:[^"\\\u0000-\u001f]|\\.)*"/y;
  const NUMBER = /-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?/y;
  let at = 0;

  const fail = (what) => {
    throw new SyntaxError(what);
  };
  const next = (pattern) => {
    pattern.lastIndex = at;
    const [token] = pattern.exec(text) ?? fail("unexpected character");
    at += token.length;
    return token;
  };
  const take = (character) => {
    if (text[at] !== character) return false;
    at += 1;
    return true;
  };
  const word = (spelled, meant) =>
    text.startsWith(spelled, at) ? ((at += spelled.length), meant) : fail("unknown word");

  function value(depth) {
    if (depth > MAX_DEPTH) fail("nested too deeply");
    switch (text[at]) {
      case "{":
        return object(depth);
      case "[":
        return array(depth);
      case '"':
        return string();
      case "t":
        return word("true", true);
      case "f":
        return word("false", false);
      case "n":
        return word("null", null);
      default:
        return number();
    }
  }

  function object(depth) {
    const members = Object.create(null); // so that a key like __proto__ is a key like any other
    let before = null;
    at += 1;
    if (take("}")) return members;
    do {
      const key = string();
      if (before !== null && !precedes(before, key)) fail("keys unsorted or repeated");
      if (!take(":")) fail("a colon is missing");
      members[key] = value(depth + 1);
      before = key;
    } while (take(","));
    return take("}") ? members : fail("an object has no end");
  }

  function array(depth) {
    const items = [];
    at += 1;
    if (take("]")) return items;
    do items.push(value(depth + 1));
    while (take(","));
    return take("]") ? items : fail("an array has no end");
  }

  function string() {
    const token = next(STRING);
    const read = JSON.parse(token);
    if (JSON.stringify(read) !== token || /\p{Cs}/u.test(read)) fail("a string is misspelled");
    return read;
  }

  function number() {
    const token = next(NUMBER);
    if (/[.eE]/.test(token)) return float(token);
    if (token === "-0") fail("a number is misspelled");
    return Number.isSafeInteger(Number(token)) ? Number(token) : new ForeignNumber(token);
  }

  function float(token) {
    const shortest = String(Number(token)).replace("e+", "e");
    if (token !== shortest && token !== `${shortest}.0`) fail("a number is misspelled");
    return new ForeignNumber(token);
  }

  const read = value(0);
  return at === text.length ? read : fail("text after the end");
}

/** Whether `first` sorts before `second` by code points, which is also the order of UTF-8 bytes. */
function precedes(first, second) {
  const [one, two] = [Array.from(first), Array.from(second)];
  const index = one.findIndex((character, place) => character !== two[place]);
  if (index === -1) return one.length < two.length;
  return index < two.length && one[index].codePointAt(0) < two[index].codePointAt(0);
}

/** The canonical spelling of a value that `readCanonical` gave. */
function writeCanonical(value) {
  if (Array.isArray(value)) return `[${value.map(writeCanonical).join(",")}]`;
  if (value === null || typeof value !== "object") return JSON.stringify(value);
  const keys = Object.keys(value).sort((one, two) => (precedes(one, two) ? -1 : 1));
  return `{${keys.map((key) => `${JSON.stringify(key)}:${writeCanonical(value[key])}`).join(",")}}`;
}

/** Bytes of canonical base64; throws where it is no string or could be written otherwise. */
function fromBase64(text) {
  const binary = atob(text);
  if (btoa(binary) !== text) throw new SyntaxError("not canonical base64");
  return Uint8Array.from(binary, (character) => character.charCodeAt(0));
}

function toHex(bytes) {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

async function sha256(bytes) {
  return new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
}

/** SHA-256 of a value's canonical bytes, in hexadecimal: the digest that statements use. */
async function digestOf(value) {
  return toHex(await sha256(new TextEncoder().encode(writeCanonical(value))));
}
