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
  Withdrawal: {
    authors: ({ author }) => [{ origin: author }],
    subjects: async ({ statement }) => [subject("the statement that is withdrawn", statement)],
  },
  Suspension: {
    authors: ({ author }) => [{ origin: author }],
    subjects: async ({ issuer, statement }) => [
      issuer === null
        ? subject("the statement that is suspended", statement)
        : await authoritySubject(issuer),
    ],
  },
  ScopeGrant: {
    authors: ({ author }) => [{ origin: author }],
    subjects: async (scope) => [
      await authoritySubject(scope.subject),
      subject("its key", scope.key),
    ],
  },
  Intent: {
    authors: ({ assessor }) => [{ origin: assessor }],
    subjects: async ({ system, card }) => [await systemSubject(system), subject("the card", card)],
  },
  StatusList: {
    authors: ({ author }) => [{ origin: author }],
    subjects: async ({ logs }) =>
      logs.map(({ head }) => subject(`${head.origin} ${head.size}`, head.root)),
  },
  Declaration: {
    authors: ({ authority }) => [{ origin: authority }],
    subjects: async (said) => [subject(`what ${said.country} has`, await digestOf(said))],
  },
  Need: {
    authors: ({ authority }) => [{ origin: authority }],
    subjects: async (said) => [subject(`needs of ${said.country}`, await digestOf(said))],
  },
  Offer: {
    authors: ({ authority }) => [{ origin: authority }],
    subjects: async (said) => [subject(said.title, await digestOf(said))],
  },
  Allocation: {
    authors: ({ authority }) => [{ origin: authority }],
    subjects: async ({ round }) => [subject(round.title, await digestOf(round))],
  },
};

/** An authority as a subject: the SHA-256 is of its origin in quotation marks. */
const authoritySubject = async (origin) => subject(origin, await digestOf(origin));

/** Name of the struct from which a schema was generated. */
function schemaName(schema) {
  return (schema.$ref ?? "").replace("#/$defs/", "");
}
