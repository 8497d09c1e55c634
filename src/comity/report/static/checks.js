/* What a schema cannot say, by the name of the struct: the checks of the structs themselves
 * (`__post_init__` in src/comity/claims). Each gives what is wrong in words, or null.
 *
 * The one check that needs a digest, and so cannot be made at once, stands in `types.js`. */

const repeated = (names) => new Set(names).size !== names.length;

const CHECKS = {
  Claim({ status, estimate, interval, reason }) {
    const measured = status === "measured";
    if (measured !== (estimate !== null)) {
      return "an estimate must be given exactly when a claim is measured";
    }
    if (!measured && (interval !== null || reason === null)) {
      return "a claim without a number needs a reason and can have no interval";
    }
    if (measured && (interval === null) !== (reason !== null)) {
      return "a measured claim needs an interval, or the reason why it has none";
    }
    return null;
  },

  Energy({ method, low, high }) {
    return (method === "unavailable") === (low === null && high === null)
      ? null
      : "energy has bounds exactly when its method is not unavailable";
  },

  ProcedureRule({ free, parameters }) {
    return free.some((name) => Object.hasOwn(parameters, name))
      ? "a parameter is both fixed and free"
      : null;
  },

  Requirement({ procedure, mark, decided_by }) {
    if (mark !== null && procedure === null) return "a mark needs the procedure it is about";
    if (decided_by === "machine" && mark === null) {
      return "a machine can decide only with a procedure and a mark";
    }
    if (mark === null || !Object.hasOwn(EMBEDDED.measures, procedure.measure)) return null;
    const outside = compareDecimals(mark.value, "0") < 0 || compareDecimals(mark.value, "1") > 0;
    return EMBEDDED.measures[procedure.measure].unit_interval && outside
      ? "the mark lies outside 0 and 1, where all values of its measure lie"
      : null;
  },

  Row({ issuer, receiver, smallest_uncertainty, range }) {
    if (issuer === receiver) return "issuer and receiver are the same";
    if (compareDecimals(smallest_uncertainty, "0") < 0) return "an uncertainty is negative";
    return range !== "any" && compareDecimals(...range) > 0 ? "a range is the wrong way round" : null;
  },

  Difference({ mode, old, new: made }) {
    return (old !== "") === (mode !== "add") && (made !== "") === (mode !== "drop")
      ? null
      : "`add` has a new procedure, `drop` an old one, `replace` both";
  },

  Agreement({ parties, valid_from, valid_until, profiles, rows, grandfather, differences }) {
    const origins = parties.map(({ signer }) => signer.origin);
    const known = profiles.map(({ id }) => id);
    const absent = (profile) => !known.includes(profile);
    if (repeated(origins) || origins.length < 2) {
      return "an agreement has at least two parties, each named once";
    }
    if (valid_from > valid_until) return "its last day is before its first";
    if (repeated(known) || repeated(rows.map(({ id }) => id))) {
      return "profiles and rows must each have an id of their own";
    }
    if (known.includes("none")) return "`none` means no profile and cannot name one";
    if (rows.some((row) => !origins.includes(row.issuer) || !origins.includes(row.receiver))) {
      return "issuer and receiver of each row must be parties";
    }
    if (
      rows.some(({ profile }) => profile !== "none" && absent(profile)) ||
      grandfather.some((rule) => rule.profiles.some(absent))
    ) {
      return "a profile that it names is not there";
    }
    return differences.every(({ receiver }) => origins.includes(receiver))
      ? null
      : "the receiver of each difference must be a party";
  },
};
