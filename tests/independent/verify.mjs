// Verify a signed file with nothing but the public key, by programs that share no code with Comity.
//
//     node tests/independent/verify.mjs FILE.sigstore.json KEY.pub [FILE KEY …]
//     … | node tests/independent/verify.mjs -      JSON lines {"bundle": …, "key": PEM}
//
// Prints one line for each file. Exit codes: 0 all hold, 1 one does not, 2 the question was wrong.
import { createHash, createPublicKey } from "node:crypto";
import { readFileSync } from "node:fs";
import { bundleFromJSON } from "@sigstore/bundle";
import { Verifier, toSignedEntity, toTrustMaterial } from "@sigstore/verify";

const NO_ROOT = { certificateAuthorities: [], timestampAuthorities: [], tlogs: [], ctlogs: [] };
const KEY_ONLY = { ctlogThreshold: 0, tlogThreshold: 0, timestampThreshold: 0 };

/** Throws unless `text`, the JSON of a bundle, is signed by the key `pem`; returns its statement. */
function verify(text, pem) {
  const publicKey = createPublicKey(pem);
  const spki = publicKey.export({ type: "spki", format: "der" });
  const expected = createHash("sha256").update(spki).digest("base64");
  const find = (hint) => {
    if (hint !== expected) throw new Error(`the file names another key: ${hint}`);
    return { publicKey, validFor: () => true };
  };
  const bundle = bundleFromJSON(JSON.parse(text));
  new Verifier(toTrustMaterial(NO_ROOT, find), KEY_ONLY).verify(toSignedEntity(bundle));
  return JSON.parse(bundle.content.dsseEnvelope.payload);
}

function pairs(words) {
  if (words.length === 1 && words[0] === "-") {
    const lines = readFileSync(0, "utf8").split("\n").filter(Boolean);
    return lines.map((line, i) => ({ name: `line ${i + 1}`, ...JSON.parse(line) }));
  }
  if (words.length === 0 || words.length % 2) {
    console.error("usage: node verify.mjs FILE.sigstore.json KEY.pub [FILE KEY …]");
    process.exit(2);
  }
  const read = (name) => readFileSync(name, "utf8");
  return Array.from({ length: words.length / 2 }, (_, i) => {
    const [file, key] = words.slice(2 * i, 2 * i + 2);
    return { name: file, bundle: read(file), key: read(key) };
  });
}

for (const { name, bundle, key } of pairs(process.argv.slice(2))) {
  try {
    console.log(`${name}: holds, ${verify(bundle, key).predicateType}`);
  } catch (error) {
    console.log(`${name}: DOES NOT HOLD: ${error.message}`);
    process.exitCode = 1;
  }
}
