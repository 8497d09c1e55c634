/* Verify a signed file, offline, by seven rules: the same ones, in the same order and under the same
 * numbers, as `comity verify` (src/comity/attest/verify.py).
 *
 * 1. The file is one Sigstore bundle v0.3 that holds exactly one signature.
 * 2. The payload type is the in-toto statement's: nothing else is ever read as one.
 * 3. The key is found in the embedded trust list by the digest of its SPKI bytes (the DSSE key id is
 *    a hint that nobody signed, so it is never trusted) and is valid today. Without a log proof the
 *    time is unproven: a statement's own dates prove nothing.
 * 4. The signature holds over the exact bytes of DSSE's pre-authentication encoding.
 * 5. The payload is decoded once, from those bytes, and is spelled in the one canonical way.
 * 6. The predicate matches the schema of its type, in every field and limit. What it says about
 *    itself agrees with its frame: its author is the authority to which the trust list binds the
 *    key, in the role that the trust list gives; its subjects are the ones that the statement names.
 * 7. The identity of the statement is the SHA-256 of the payload, never of the signature: an ECDSA
 *    signature can be rewritten (s to n - s) and still holds, over the same statement. */

const MAX_BUNDLE_BYTES = 16_000_000;
const PAYLOAD_TYPE = "application/vnd.in-toto+json";

const TEXT_FIELD = { type: "string" };
const closed = (properties, required = Object.keys(properties)) => ({
  type: "object",
  properties,
  required,
  additionalProperties: false,
});

const SIGNATURE = closed({ sig: {}, keyid: TEXT_FIELD }, ["sig"]); // rule 4 judges the base64
const BUNDLE = closed(
  {
    mediaType: { const: "application/vnd.dev.sigstore.bundle.v0.3+json" },
    verificationMaterial: closed(
      {
        publicKey: closed({ hint: TEXT_FIELD }),
        tlogEntries: { type: "array", items: false },
      },
      ["publicKey"],
    ),
    dsseEnvelope: closed({
      payload: {},
      payloadType: TEXT_FIELD,
      signatures: { type: "array", items: SIGNATURE },
    }),
  },
  ["verificationMaterial", "dsseEnvelope"],
);

const DIGEST = { type: "string", pattern: "^[0-9a-f]{64}$" };
const SUBJECT = closed({
  name: { type: "string", maxLength: 1001 },
  digest: closed({ sha256: DIGEST }),
});
const STATEMENT = closed({
  _type: { const: "https://in-toto.io/Statement/v1" },
  subject: { type: "array", items: SUBJECT },
  predicateType: TEXT_FIELD,
  predicate: {},
});

/** A file that does not hold: the number of the rule, and why, in words. */
class NotVerified extends Error {
  constructor(rule, why) {
    super(why);
    this.rule = rule;
  }
}

/**
 * Verify the bytes of a `*.sigstore.json` file.
 *
 * @param {Uint8Array} bytes - the file
 * @param {{keys: object[], schemas: object}} trust - whose keys count; the schema of each type
 * @param {string} today - the day in UTC, `YYYY-MM-DD`
 * @returns {Promise<{id, kind, statement, author, key}>}
 * @throws {NotVerified} with the number of the rule that does not hold
 */
async function verify(bytes, trust, today) {
  // (1) one bundle, one signature
  const { verificationMaterial, dsseEnvelope } = openBundle(bytes);
  const { payload: content, payloadType, signatures } = dsseEnvelope;
  if (signatures.length !== 1) {
    throw new NotVerified(
      1,
      `The file carries ${signatures.length} signatures; exactly one is allowed.`,
    );
  }

  // (2) payload type
  if (payloadType !== PAYLOAD_TYPE) {
    throw new NotVerified(
      2,
      `The signed content is of the type ${payloadType.slice(0, 100)}, which is not a statement that this page reads.`,
    );
  }

  // (3) a trusted key, valid today
  const key = await findKey(verificationMaterial.publicKey.hint, trust.keys, today);

  // (4) the signature, over the exact bytes
  let payload, signature;
  try {
    payload = fromBase64(content);
    signature = fromBase64(signatures[0].sig);
  } catch {
    throw new NotVerified(4, "The signed content or its signature is not proper base64.");
  }
  if (!(await holds(signature, preAuthentication(payloadType, payload), key))) {
    throw new NotVerified(
      4,
      `The signature does not hold: the content is not what ${key.name} signed.`,
    );
  }

  // (5) one reading of the payload, in its one spelling
  const statement = readPayload(payload);

  // (6) it matches its schema, and agrees with its frame
  const wrong = mismatch(statement, STATEMENT);
  if (wrong) throw new NotVerified(6, `The statement is not well formed: ${wrong}.`);
  const { predicate, predicateType } = statement;
  const schema = Object.hasOwn(trust.schemas, predicateType) ? trust.schemas[predicateType] : null;
  if (!schema || !Object.hasOwn(TYPES, schemaName(schema))) {
    throw new NotVerified(
      6,
      `This page does not know statements of the type ${predicateType.slice(0, 200)}.`,
    );
  }
  const misfit = mismatch(predicate, schema);
  if (misfit) throw new NotVerified(6, `The statement is not well formed: ${misfit}.`);
  const kind = schemaName(schema);
  const author = await agree(statement, TYPES[kind], key);

  // (7) identity
  return { id: toHex(await sha256(payload)), kind, statement, author, key };
}

/** Rule 1: the bytes are one bundle. */
function openBundle(bytes) {
  if (bytes.length > MAX_BUNDLE_BYTES) {
    throw new NotVerified(1, `The file is larger than the ${MAX_BUNDLE_BYTES} bytes allowed.`);
  }
  let bundle;
  try {
    bundle = JSON.parse(decodeText(bytes));
  } catch {
    throw new NotVerified(1, "This is not a signed file: it is not JSON.");
  }
  if (isDeeperThan(bundle, MAX_DEPTH)) {
    throw new NotVerified(1, "This is not a signed file: it is nested too deeply.");
  }
  const wrong = mismatch(bundle, BUNDLE, BUNDLE, "the file");
  if (wrong)
    throw new NotVerified(1, `This is not a signed file (a Sigstore bundle v0.3): ${wrong}.`);
  return bundle;
}

function isDeeperThan(value, depth) {
  if (value === null || typeof value !== "object") return false;
  return depth === 0 || Object.values(value).some((member) => isDeeperThan(member, depth - 1));
}

/** Rule 3: the hint only looks a key up; whether that key signed is for rule 4 to say. */
async function findKey(hint, keys, today) {
  for (const key of keys) {
    if (btoa(String.fromCharCode(...(await sha256(fromBase64(key.spki_base64))))) !== hint)
      continue;
    if (today < (key.valid_from ?? today) || today > (key.valid_until ?? today)) {
      const period = `${key.valid_from ?? "the beginning"} to ${key.valid_until ?? "further notice"}`;
      throw new NotVerified(3, `The key of ${key.name} counts from ${period}, not on ${today}.`);
    }
    return key;
  }
  throw new NotVerified(
    3,
    "This page trusts nobody with the key that this file names. If you know who signed it, " +
      "compare their key by telephone (comity trust add), then write this page again " +
      "(comity trust page).",
  );
}

/** DSSE's pre-authentication encoding: the exact bytes that are signed. */
function preAuthentication(payloadType, payload) {
  const encoder = new TextEncoder();
  const kind = encoder.encode(payloadType);
  const head = encoder.encode(`DSSEv1 ${kind.length} ${payloadType} ${payload.length} `);
  const joined = new Uint8Array(head.length + payload.length);
  joined.set(head);
  joined.set(payload, head.length);
  return joined;
}

/** Rule 4: WebCrypto wants the two numbers of a signature side by side, 32 bytes each. */
async function holds(signature, message, key) {
  const raw = sideBySide(signature);
  if (!raw) return false;
  const curve = { name: "ECDSA", namedCurve: "P-256" };
  const publicKey = await crypto.subtle.importKey(
    "spki",
    fromBase64(key.spki_base64),
    curve,
    false,
    ["verify"],
  );
  return crypto.subtle.verify({ name: "ECDSA", hash: "SHA-256" }, publicKey, raw, message);
}

/** r and s of a DER signature (SEQUENCE of two INTEGERs), or null where it is not strict DER. */
function sideBySide(der) {
  if (der.length < 8 || der.length > 72 || der[0] !== 0x30 || der[1] !== der.length - 2)
    return null;
  const raw = new Uint8Array(64);
  let at = 2;
  for (const end of [32, 64]) {
    const length = der[at + 1];
    const number = der.subarray(at + 2, at + 2 + length);
    if (der[at] !== 0x02 || number.length !== length || length === 0) return null;
    const padded = number[0] === 0;
    const negative = number[0] & 0x80;
    if (negative || (padded && length > 1 && !(number[1] & 0x80))) return null;
    const digits = padded ? number.subarray(1) : number;
    if (digits.length > 32) return null;
    raw.set(digits, end - digits.length);
    at += 2 + length;
  }
  return at === der.length ? raw : null;
}

/** Rule 5. */
function readPayload(payload) {
  try {
    return readCanonical(decodeText(payload));
  } catch (error) {
    throw new NotVerified(
      5,
      `The signed content is not in the one canonical spelling (sorted keys, each once, no spaces), so two programs could read it differently: ${error.message}.`,
    );
  }
}

/** Text of bytes that are proper UTF-8; throws where they are not. */
function decodeText(bytes) {
  return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
}

/** Rule 6: what the predicate says about itself agrees with its frame; gives the author who signed. */
async function agree(statement, type, key) {
  const { predicate } = statement;
  const wrong = await type.inconsistency?.(predicate);
  if (wrong) throw new NotVerified(6, `The statement is not well formed: ${wrong}.`);
  const authors = type.authors(predicate);
  const author = authors.find((one) => one.origin === key.origin);
  if (!author) {
    const named = authors.map((one) => one.origin).join(" and ");
    throw new NotVerified(
      6,
      `The statement speaks for ${named}, but it is signed by ${key.origin}.`,
    );
  }
  if (author.key && author.key !== toHex(await sha256(fromBase64(key.spki_base64)))) {
    throw new NotVerified(
      6,
      `The statement names another key of ${key.origin} than the one that signed it.`,
    );
  }
  if (key.role !== null && author.role && author.role !== key.role) {
    throw new NotVerified(
      6,
      `${key.name} signs as ${author.role}, but this page trusts them as ${key.role}.`,
    );
  }
  if (writeCanonical(statement.subject) !== writeCanonical(await type.subjects(predicate))) {
    throw new NotVerified(6, "The subjects of the statement are not those that it reports on.");
  }
  return author;
}
