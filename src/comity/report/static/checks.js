/* What a schema cannot say, by the name of the struct: the checks of the structs themselves
 * (`__post_init__` in src/comity/claims). Each gives what is wrong in words, or null.
 *
 * The one check that needs a digest, and so cannot be made at once, stands in `types.js`. */

const repeated = (names) => new Set(names).size !== names.length;

/** Days from one day to another; NaN where one of them is in no calendar. */
const daysBetween = (first, last) => (Date.parse(last) - Date.parse(first)) / 86_400_000;

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

  Suspension({ statement, issuer, degree, first_day, last_day }) {
    if ((statement === null) === (issuer === null)) {
      return "a suspension is of one statement or of one issuer";
    }
    if (statement !== null && degree !== "suspended") {
      return "only an issuer can be under review; a statement is suspended";
    }
    const days = daysBetween(first_day, last_day) + 1;
    return days >= 1 && days <= 42 ? null : "a suspension lasts 1 to 42 days";
  },

  ScopeGrant({ author, subject, measures, first_day, last_day }) {
    if (author === subject) return "nobody grants scope to themselves";
    if (measures.length === 0 || repeated(measures)) {
      return "a scope names at least one measure, and each once";
    }
    const days = daysBetween(first_day, last_day);
    return days >= 0 && days < 5 * 366 ? null : "a scope lasts from one day to five years";
  },

  StatusList({ logs }) {
    const names = logs.map(({ head }) => head.origin);
    return names.length > 0 && names.every((name, at) => at === 0 || names[at - 1] < name)
      ? null
      : "a status list holds each log once, in the order of their names";
  },

  Declaration({ valid_from, valid_until, figures }) {
    if (daysBetween(valid_from, valid_until) < 0) return "`valid_until` lies before `valid_from`";
    if (repeated(figures.map(({ indicator }) => indicator))) return "an indicator stands in it twice";
    return figures.some(({ value }) => value.startsWith("-")) ? "a figure is negative" : null;
  },

  NeedRow({ kind, floor, need }) {
    return floor > need ? `${kind}: \`floor\` is more than \`need\`` : null;
  },

  Need({ valid_from, valid_until, rows }) {
    if (daysBetween(valid_from, valid_until) < 0) return "`valid_until` lies before `valid_from`";
    return repeated(rows.map(({ kind }) => kind)) ? "a kind stands in two rows" : null;
  },

  Offer({ rival, amount, opens, closes }) {
    if (rival !== amount > 0) {
      return "`amount` must be above 0 for what is rival, and 0 for what everybody can have";
    }
    return daysBetween(opens, closes) < 0 ? "`closes` lies before `opens`" : null;
  },

  Round({ kinds }) {
    return repeated(kinds.map(({ id }) => id)) ? "a kind stands in the round twice" : null;
  },

  Ask({ country, floor, need }) {
    return floor > need ? `${country}: \`floor\` is more than \`need\`` : null;
  },

  Shares({ kind, asks, pools, chain, grants }) {
    const asking = new Set(asks.map(({ country }) => country));
    const offered = pools.flatMap(({ offers }) => offers.map(({ statement }) => statement));
    const offers = new Set(offered);
    if (asking.size !== asks.length) return `${kind}: a country asks twice`;
    if (offers.size !== offered.length) return `${kind}: an offer stands in it twice`;
    const named = [...chain.flatMap(({ countries }) => countries), ...grants.map((one) => one.country)];
    if (!named.every((one) => asking.has(one))) {
      return `${kind}: it names a country that does not ask`;
    }
    if (!grants.every(({ offer }) => offers.has(offer))) {
      return `${kind}: a grant is of no offer that stands in it`;
    }
    return chain.some((link) => link.pools.some((pool) => pool >= pools.length))
      ? `${kind}: the chain names a pool that there is not`
      : null;
  },

  Allocation({ round, shares }) {
    return shares.length === round.kinds.length &&
      shares.every(({ kind }, at) => kind === round.kinds[at].id)
      ? null
      : "the kinds that are shared are not those of the round";
  },
};
