// Verify signed notes and cosignatures with noble, which shares no code with Comity or libsodium.
//
//     … | node tests/independent/notes.mjs
//
// Takes JSON lines on standard input, prints one JSON line for each:
//     {"note": text, "vkeys": [...]}        → {"signed": [{"name", "time"}]} or {"error"}
//     {"key": hex, "sig": hex, "msg": text} → {"admitted": bool, "holds": bool}
//
// A key is admitted if it is the one spelling of a point of the prime-order subgroup that is not
// the identity. noble multiplies the equation by the cofactor, libsodium does not: so R, too, must
// be such a point, which it is in every signature that an honest program makes.
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { ed25519 } from "@noble/curves/ed25519.js";

const STRICT = { zip215: false };

function admitted(bytes) {
  try {
    const point = ed25519.Point.fromBytes(bytes, false);
    return point.isTorsionFree() && !point.isSmallOrder();
  } catch {
    return false;
  }
}

function holds(signature, message, key) {
  try {
    return admitted(signature.subarray(0, 32)) && ed25519.verify(signature, message, key, STRICT);
  } catch {
    return false;
  }
}

function readKey(vkey) {
  const [, name, id, data] = /^([^+]+)\+([0-9a-f]{8})\+(.+)$/.exec(vkey);
  const bytes = Buffer.from(data, "base64");
  const hash = createHash("sha256").update(`${name}\n`).update(bytes).digest("hex");
  if (hash.slice(0, 8) !== id) throw new Error("the id is not that of the key");
  const key = bytes.subarray(1);
  if (![1, 4].includes(bytes[0]) || !admitted(key)) throw new Error("the key is not admitted");
  return { name, id, kind: bytes[0], key };
}

function openNote(note, vkeys) {
  const cut = note.lastIndexOf("\n\n") + 1;
  const text = note.slice(0, cut);
  const keys = vkeys.map(readKey);
  const signed = [];
  for (const line of note.slice(cut + 1).trimEnd().split("\n")) {
    const [, name, data] = /^— (\S+) (\S+)$/.exec(line);
    const bytes = Buffer.from(data, "base64");
    const key = keys.find((one) => one.name === name && one.id === bytes.toString("hex", 0, 4));
    if (!key) continue;
    let message = text;
    let time = null;
    let signature = bytes.subarray(4);
    if (key.kind === 4) {
      time = Number(signature.readBigUInt64BE(0));
      message = `cosignature/v1\ntime ${time}\n${text}`;
      signature = signature.subarray(8);
    }
    if (!holds(signature, Buffer.from(message), key.key)) throw new Error(`${name} does not hold`);
    signed.push({ name, time });
  }
  if (signed.length === 0) throw new Error("no known key signed this");
  return { signed };
}

for (const line of readFileSync(0, "utf8").split("\n").filter(Boolean)) {
  const asked = JSON.parse(line);
  let answer;
  if ("note" in asked) {
    try {
      answer = openNote(asked.note, asked.vkeys);
    } catch (error) {
      answer = { error: error.message };
    }
  } else {
    const [key, sig] = [asked.key, asked.sig].map((hex) => Buffer.from(hex, "hex"));
    const known = admitted(key);
    answer = { admitted: known, holds: known && holds(sig, Buffer.from(asked.msg), key) };
  }
  console.log(JSON.stringify(answer));
}
