"""Why a claim does not count, and why a verdict is what it is: codes that are signed, and words.

`Refusal` is the one enumeration of admission, in the order in which admission asks. `Ground` says
why a verdict was reached, and what a reader should know beside it.
"""

from __future__ import annotations

from enum import StrEnum

__all__ = ["Ground", "Refusal"]


class Refusal(StrEnum):
    """Why a statement or claim does not count. The value is the code that is signed."""

    # the statement
    NOT_A_MEASUREMENT = "not_a_measurement"
    SIGNER_IS_NOT_ASSESSOR = "signer_is_not_assessor"
    OTHER_SYSTEM = "other_system"
    DATES_CONTRADICT = "dates_contradict"
    WITHDRAWN = "withdrawn"
    SUSPENDED = "suspended"
    EXPIRED = "expired"
    ISSUER_UNDER_REVIEW = "issuer_under_review"
    ISSUER_NOT_LIVE = "issuer_not_live"
    # what was measured
    OTHER_PROCEDURE = "other_procedure"
    OTHER_POPULATION = "other_population"
    OTHER_SLICE = "other_slice"
    NOT_MEASURED = "not_measured"
    TOO_MANY_GROUPS = "too_many_groups"
    COUNTS_CONTRADICT = "counts_contradict"
    JUDGE_NOT_VALIDATED = "judge_not_validated"
    # who may measure for this reader
    NOBODY_RECOGNISES = "nobody_recognises"
    KEY_NOT_LISTED = "key_not_listed"
    AGREEMENT_NOT_SIGNED = "agreement_not_signed"
    AGREEMENT_NOT_IN_FORCE = "agreement_not_in_force"
    OTHER_DIRECTION = "other_direction"
    # the scope of the row
    MEASURE_NOT_COVERED = "measure_not_covered"
    NATIONAL_DIFFERENCE = "national_difference"
    PROFILE_NOT_FOLLOWED = "profile_not_followed"
    DATA_NOT_IN_PROFILE = "data_not_in_profile"
    POPULATION_NOT_COVERED = "population_not_covered"
    LANGUAGE_NOT_COVERED = "language_not_covered"
    OUT_OF_RANGE = "out_of_range"
    NO_UNCERTAINTY = "no_uncertainty"
    SURER_THAN_CLAIMABLE = "surer_than_claimable"
    # the conditions
    MODEL_CHANGED = "model_changed"
    TOO_OLD = "too_old"
    STANDING_UNKNOWN = "standing_unknown"
    STANDING_TOO_OLD = "standing_too_old"
    EQUIVALENCE_UNKNOWN = "equivalence_unknown"
    NOT_EQUIVALENT = "not_equivalent"
    BOUND_TOO_WEAKLY = "bound_too_weakly"
    ROLE_TOO_LOW = "role_too_low"
    # after admission: rules 6 and 7
    SUPERSEDED = "superseded"
    REPLACED_BY_FRESH = "replaced_by_fresh"
    TOO_FEW_ITEMS = "too_few_items"
    ITEMS_MISSING = "items_missing"

    @property
    def sentence(self) -> str:
        """The reason in words, without the detail of the single case."""
        return _REFUSALS[self]


_REFUSALS = {
    Refusal.NOT_A_MEASUREMENT: "it is no assessment; what somebody else decided is never evidence",
    Refusal.SIGNER_IS_NOT_ASSESSOR: "it was not signed by the laboratory that measured",
    Refusal.OTHER_SYSTEM: "it is about another system",
    Refusal.DATES_CONTRADICT: "its dates contradict each other, or lie after this decision",
    Refusal.WITHDRAWN: "its author has withdrawn it",
    Refusal.SUSPENDED: "it is suspended",
    Refusal.EXPIRED: "it has expired",
    Refusal.ISSUER_UNDER_REVIEW: "its author is under review",
    Refusal.ISSUER_NOT_LIVE: "its author is suspended, or nobody vouches for it any more",
    Refusal.OTHER_PROCEDURE: "it was measured by another procedure",
    Refusal.OTHER_POPULATION: "it was measured on another population",
    Refusal.OTHER_SLICE: "it is about another part of the data; the whole proves nothing of a part",
    Refusal.NOT_MEASURED: "it holds no number",
    Refusal.COUNTS_CONTRADICT: "its numbers contradict each other",
    Refusal.TOO_MANY_GROUPS: "it compares more groups than can be checked",
    Refusal.JUDGE_NOT_VALIDATED: "nobody independent checked the judge that scored it",
    Refusal.NOBODY_RECOGNISES: "no agreement and no list of own assessors names its laboratory",
    Refusal.KEY_NOT_LISTED: "the laboratory is named, but with another key",
    Refusal.AGREEMENT_NOT_SIGNED: "not every party has signed the agreement, or you are none",
    Refusal.AGREEMENT_NOT_IN_FORCE: "the agreement is not in force on this day",
    Refusal.OTHER_DIRECTION: "the agreement lets it count for another party, not for you",
    Refusal.MEASURE_NOT_COVERED: "the agreement does not cover this measure or procedure",
    Refusal.NATIONAL_DIFFERENCE: "a published national difference asks for another test",
    Refusal.PROFILE_NOT_FOLLOWED: "it does not follow the agreed test profile",
    Refusal.DATA_NOT_IN_PROFILE: "the profile is for exact use, and these are other data",
    Refusal.POPULATION_NOT_COVERED: "the agreement does not cover this population",
    Refusal.LANGUAGE_NOT_COVERED: "the agreement does not cover this language",
    Refusal.OUT_OF_RANGE: "the value is outside the range that the agreement covers",
    Refusal.NO_UNCERTAINTY: "it states no interval, and the agreement asks for one",
    Refusal.SURER_THAN_CLAIMABLE: "it claims to be surer than the agreement lets it be",
    Refusal.MODEL_CHANGED: "the system has changed since it was measured",
    Refusal.TOO_OLD: "it is older than allowed",
    Refusal.STANDING_UNKNOWN: "the agreement asks for a log, and none shows this statement",
    Refusal.STANDING_TOO_OLD: "what is known from the log is older than allowed",
    Refusal.EQUIVALENCE_UNKNOWN: "no recent comparison shows that this laboratory measures alike",
    Refusal.NOT_EQUIVALENT: "a comparison shows that this laboratory measures differently",
    Refusal.BOUND_TOO_WEAKLY: "it is bound to the system more weakly than asked for",
    Refusal.ROLE_TOO_LOW: "its laboratory is less independent than asked for",
    Refusal.SUPERSEDED: "its own author has replaced it",
    Refusal.REPLACED_BY_FRESH: "an own assessor has tested a fresh sample since",
    Refusal.TOO_FEW_ITEMS: "it was measured on fewer items than asked for",
    Refusal.ITEMS_MISSING: "items without a result are missing, and cannot be counted against it",
}


class Ground(StrEnum):
    """Why a verdict is what it is, or a note beside it. The value is the code that is signed."""

    # not applicable
    NOT_YET_IN_FORCE = "not_yet_in_force"
    NO_LONGER_IN_FORCE = "no_longer_in_force"
    GRACE = "grace"
    OTHER_KIND = "other_kind"
    OTHER_SECTOR = "other_sector"
    OTHER_LANGUAGE = "other_language"
    OTHER_USE = "other_use"
    EXCEPTED_USE = "excepted_use"
    # needs judgement
    NOT_FOR_A_MACHINE = "not_for_a_machine"
    NUMBER_NOT_READ = "number_not_read"
    # not tested
    NO_CLAIM_COUNTS = "no_claim_counts"
    TOO_FEW = "too_few"
    # tested
    POINT_AND_BOUND_MEET = "point_and_bound_meet"
    ONLY_POINT_MEETS = "only_point_meets"
    POINT_FAILS = "point_fails"
    COUNT_MEETS = "count_meets"
    COUNT_FAILS = "count_fails"
    # notes on one requirement
    BOUND_MEETS_TOO = "bound_meets_too"
    BOUND_FAILS = "bound_fails"
    LITERALLY_MET = "literally_met"
    COUNTED_AGAINST = "counted_against"
    GROUPS_LEFT_OUT = "groups_left_out"
    CLAIMED_INTERVAL = "claimed_interval"
    NO_BOUND = "no_bound"
    LABORATORIES_DISAGREE = "laboratories_disagree"
    REFUSED_READS_WORSE = "refused_reads_worse"
    USE_NOT_STATED = "use_not_stated"
    MARKET_DATE_NOT_STATED = "market_date_not_stated"
    ADOPTED = "adopted"
    UNKNOWN_MEASURE = "unknown_measure"
    # notes on the whole decision
    EMPTY_REGIME = "empty_regime"
    NOBODY_RECOGNISED = "nobody_recognised"
    FICTIONAL_REGIME = "fictional_regime"
    OTHER_JURISDICTION = "other_jurisdiction"
    NO_LOG = "no_log"
    NO_WITNESS = "no_witness"

    @property
    def sentence(self) -> str:
        """The ground in words, without the detail of the single case."""
        return _GROUNDS[self]


_GROUNDS = {
    Ground.NOT_YET_IN_FORCE: "it is not yet in force",
    Ground.NO_LONGER_IN_FORCE: "it is no longer in force",
    Ground.GRACE: "the system was on the market before, and has grace until a later day",
    Ground.OTHER_KIND: "it is about another kind of system",
    Ground.OTHER_SECTOR: "it is about another sector",
    Ground.OTHER_LANGUAGE: "it is about other languages than the system serves",
    Ground.OTHER_USE: "it is about other uses than those stated",
    Ground.EXCEPTED_USE: "it excepts the use that was stated",
    Ground.NOT_FOR_A_MACHINE: "it needs a person's judgement; the evidence is attached",
    Ground.NUMBER_NOT_READ: (
        "its number was not read in the source text, and no authority has adopted it"
    ),
    Ground.NO_CLAIM_COUNTS: "there is no measurement of it that counts for you",
    Ground.TOO_FEW: "it was measured on too few items",
    Ground.POINT_AND_BOUND_MEET: "the value meets the mark, and so does its 95 % bound",
    Ground.ONLY_POINT_MEETS: "the value meets the mark; its 95 % bound does not",
    Ground.POINT_FAILS: "the value does not meet the mark",
    Ground.COUNT_MEETS: "the count meets the mark, and the count is the test here",
    Ground.COUNT_FAILS: "the count does not meet the mark, and the count is the test here",
    Ground.BOUND_MEETS_TOO: "read statistically it would be satisfied too",
    Ground.BOUND_FAILS: "read statistically it would be marginal",
    Ground.LITERALLY_MET: "read literally it would be satisfied",
    Ground.COUNTED_AGAINST: "items without a result were counted against the system",
    Ground.GROUPS_LEFT_OUT: "items of groups that are not compared stay out of it",
    Ground.CLAIMED_INTERVAL: (
        "the bound is the laboratory's own: it cannot be recomputed from counts"
    ),
    Ground.NO_BOUND: "there is no 95 % bound, so the value alone cannot satisfy",
    Ground.LABORATORIES_DISAGREE: "recognised measurements disagree; the worst one counts",
    Ground.REFUSED_READS_WORSE: "a measurement that does not count here reads worse",
    Ground.USE_NOT_STATED: "the use was not stated, so it was taken to apply",
    Ground.MARKET_DATE_NOT_STATED: "the market date was not stated, so no grace was given",
    Ground.ADOPTED: "the number was adopted by the authority",
    Ground.UNKNOWN_MEASURE: "no battery of this version measures it",
    Ground.EMPTY_REGIME: "the regime has no requirements: nothing was decided",
    Ground.NOBODY_RECOGNISED: "no agreement and no own assessor: nobody's measurements count",
    Ground.FICTIONAL_REGIME: "the regime is fictional; it was written as an example",
    Ground.OTHER_JURISDICTION: (
        "the regime is of another jurisdiction, and no authority has adopted it here"
    ),
    Ground.NO_LOG: "no log was asked whether the statements are still good",
    Ground.NO_WITNESS: "a log was read, and too few witnesses say how new it is",
}
