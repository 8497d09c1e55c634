/* Does a value match a JSON Schema? For the part of JSON Schema that msgspec writes, no more.
 * An unknown keyword is an error, not a pass: what this validator cannot check, it refuses. */

const ANNOTATIONS = new Set(["$schema", "$defs", "title", "description", "default", "discriminator"]);
const MAX_REFERENCES = 100;

/** The first mismatch of `value`, in words with its place, or null where it matches. */
function mismatch(value, schema, root = schema, place = "the statement", depth = 0) {
  if (depth > MAX_REFERENCES) return `${place} is nested too deeply`;
  for (const [keyword, rule] of Object.entries(schema)) {
    if (ANNOTATIONS.has(keyword)) continue;
    const check = Object.hasOwn(KEYWORDS, keyword) ? KEYWORDS[keyword] : null;
    if (!check) throw new Error(`this page does not know the schema keyword ${keyword}`);
    const wrong = check(value, rule, { schema, root, place, depth });
    if (wrong) return wrong;
  }
  return null;
}

const KEYWORDS = {
  $ref(value, reference, at) {
    const name = reference.replace("#/$defs/", "");
    const wrong = mismatch(value, at.root.$defs[name], at.root, at.place, at.depth + 1);
    if (wrong || !Object.hasOwn(CHECKS, name)) return wrong;
    const inconsistent = CHECKS[name](value);
    return inconsistent && `${at.place}: ${inconsistent}`;
  },
  type(value, type, at) {
    if (kindOf(value) === type) return null;
    return value instanceof ForeignNumber
      ? `${at.place} holds ${value.token.slice(0, 40)}, which is no whole number below 2^53`
      : `${at.place} is not of the type ${type}`;
  },
  enum(value, members, at) {
    return members.includes(value) ? null : `${at.place} is none of ${members.join(", ")}`;
  },
  const(value, only, at) {
    return value === only ? null : `${at.place} is not ${only}`;
  },
  pattern(value, pattern, at) {
    if (typeof value !== "string") return null;
    return new RegExp(pattern, "u").test(value) ? null : `${at.place} is not spelled as it must be`;
  },
  format(value, format, at) {
    if (format !== "date") throw new Error(`this page does not know the format ${format}`);
    if (typeof value !== "string") return null;
    return isDay(value) ? null : `${at.place} is no day, as in 2026-11-21`;
  },
  maxLength(value, most, at) {
    if (typeof value !== "string") return null;
    return Array.from(value).length <= most
      ? null
      : `${at.place} is longer than ${most} characters`;
  },
  minLength(value, least, at) {
    if (typeof value !== "string") return null;
    return Array.from(value).length >= least
      ? null
      : `${at.place} is shorter than ${least} characters`;
  },
  minimum(value, least, at) {
    return typeof value !== "number" || value >= least ? null : `${at.place} is less than ${least}`;
  },
  maximum(value, most, at) {
    return typeof value !== "number" || value <= most ? null : `${at.place} is more than ${most}`;
  },
  required(value, names, at) {
    if (kindOf(value) !== "object") return null;
    const missing = names.find((name) => !Object.hasOwn(value, name));
    return missing === undefined ? null : `${at.place} lacks the field ${missing}`;
  },
  properties(value, properties, at) {
    if (kindOf(value) !== "object") return null;
    return first(Object.keys(value), (name) =>
      Object.hasOwn(properties, name) ? inside(value[name], properties[name], at, name) : null,
    );
  },
  additionalProperties(value, rule, at) {
    if (kindOf(value) !== "object" || rule === true) return null;
    const known = at.schema.properties ?? {};
    const others = Object.keys(value).filter((name) => !Object.hasOwn(known, name));
    if (rule === false)
      return others.length ? `${at.place} has the unknown field ${others[0]}` : null;
    return first(others, (name) => inside(value[name], rule, at, name));
  },
  propertyNames(value, rule, at) {
    if (kindOf(value) !== "object") return null;
    return first(Object.keys(value), (name) => inside(name, rule, at, `the name ${name}`));
  },
  items(value, rule, at) {
    if (!Array.isArray(value)) return null;
    const start = at.schema.prefixItems?.length ?? 0;
    if (rule === false) return value.length > start ? `${at.place} has too many items` : null;
    return first(value.slice(start), (item, index) => inside(item, rule, at, start + index + 1));
  },
  prefixItems(value, rules, at) {
    if (!Array.isArray(value)) return null;
    return first(value.slice(0, rules.length), (item, index) =>
      inside(item, rules[index], at, index + 1),
    );
  },
  minItems(value, least, at) {
    return !Array.isArray(value) || value.length >= least ? null : `${at.place} has too few items`;
  },
  maxItems(value, most, at) {
    return !Array.isArray(value) || value.length <= most ? null : `${at.place} has too many items`;
  },
  anyOf(value, rules, at) {
    const { propertyName, mapping } = at.schema.discriminator ?? {};
    const tag = propertyName && kindOf(value) === "object" ? value[propertyName] : null;
    if (typeof tag === "string" && Object.hasOwn(mapping, tag)) {
      return KEYWORDS.$ref(value, mapping[tag], at);
    }
    const wrong = rules.map((rule) => mismatch(value, rule, at.root, at.place, at.depth + 1));
    if (wrong.includes(null)) return null;
    return wrong[
      Math.max(
        0,
        rules.findIndex((rule) => rule.type !== "null"),
      )
    ];
  },
};

function inside(value, rule, at, name) {
  return mismatch(value, rule, at.root, `${at.place} › ${name}`, at.depth);
}

function first(items, check) {
  for (const [index, item] of items.entries()) {
    const wrong = check(item, index);
    if (wrong) return wrong;
  }
  return null;
}

/** Whether a text is a day of the calendar, from the year 1 on. */
function isDay(text) {
  if (!/^[0-9]{4}-[0-9]{2}-[0-9]{2}$/.test(text) || text < "0001") return false;
  const moment = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(moment.valueOf()) && moment.toISOString().startsWith(text);
}

function kindOf(value) {
  if (value === null) return "null";
  if (Array.isArray(value)) return "array";
  if (value instanceof ForeignNumber) return "number";
  if (typeof value === "number") return "integer";
  return typeof value;
}
