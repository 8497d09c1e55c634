/* What each type of statement says about itself, by the name of its struct: who may have signed it,
 * and what it is about. The same as in src/comity/cli/types.py; the tests compare the two. */

const subject = (name, digest) => ({ name, digest: { sha256: digest } });

async function systemSubject({ name, version, identity }) {
  return subject(`${name}@${version}`, identity.digest ?? (await digestOf({ name, version })));
}

const TYPES = {
  Assessment: {
    authors: ({ assessor }) => [assessor],
    subjects: async ({ system, data }) => [
      await systemSubject(system),
      subject(data.name, data.digest),
    ],
    inconsistency: async ({ procedures, claims }) => {
      const given = new Set(await Promise.all(procedures.map(digestOf)));
      const named = new Set(claims.map((claim) => claim.procedure));
      return given.size === procedures.length &&
        given.size === named.size &&
        [...named].every((one) => given.has(one))
        ? null
        : "procedures must hold each procedure that a claim names, once";
    },
  },
  Agreement: {
    authors: ({ parties }) => parties.map(({ signer }) => signer),
    subjects: async (agreement) => [subject(agreement.title, await digestOf(agreement))],
  },
  RegimeOverlay: {
    authors: ({ authority }) => [{ origin: authority }],
    subjects: async ({ base }) => [subject("the regime that it alters", base)],
  },
  Decision: {
    authors: ({ authority }) => [{ origin: authority }],
    subjects: async ({ system, regime }) => [
      await systemSubject(system),
      subject(`${regime.id}@${regime.version}`, regime.flat),
    ],
  },
};

/** Name of the struct from which a schema was generated. */
function schemaName(schema) {
  return (schema.$ref ?? "").replace("#/$defs/", "");
}
