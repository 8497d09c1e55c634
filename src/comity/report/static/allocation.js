/* Check an allocation in the reader's own browser: the rules of src/comity/share/checker.py, in
 * another language. Amounts are exact fractions of whole numbers of any size; nothing is rounded. */

const bigger = (a, b) => (a < b ? b : a);
const gcd = (a, b) => {
  while (b) [a, b] = [b, a % b];
  return bigger(a, 1n);
};
const fraction = (text) => {
  const [over, under = "1"] = String(text).split("/");
  return { over: BigInt(over), under: BigInt(under) };
};
const reduced = (over, under) => {
  const by = gcd(over < 0n ? -over : over, under);
  return { over: over / by, under: under / by };
};
const plus = (a, b) => reduced(a.over * b.under + b.over * a.under, a.under * b.under);
const times = (a, b) => reduced(a.over * b.over, a.under * b.under);
const minus = (a, b) => plus(a, { over: -b.over, under: b.under });
const order = (a, b) => {
  const difference = a.over * b.under - b.over * a.under;
  return difference < 0n ? -1 : difference > 0n ? 1 : 0;
};
const same = (a, b) => order(a, b) === 0;
const sum = (all) => all.reduce(plus, fraction(0));

const LARGEST_PARTS = 1n << 16000n;
const COUNTRY = /^[A-Z]{3}$/;
const DIGEST = /^[0-9a-f]{64}$/;
const KEY = /^[A-Za-z0-9_.-]{1,64}$/;
const PARTS = /^(0|[1-9][0-9]{0,99})(\/[1-9][0-9]{0,99})?$/;

function refuse(what) {
  throw new Error(what);
}

/** A field that must be there and of this sort. */
function field(of, name, right) {
  const there = of !== null && typeof of === "object" && Object.hasOwn(of, name);
  if (!there || !right(of[name])) refuse(`\`${name}\` is missing or is not what it should be`);
  return of[name];
}
const word = (of, name, pattern) => field(of, name, (one) => typeof one === "string" && pattern.test(one));
const count = (of, name) => field(of, name, (one) => Number.isSafeInteger(one) && one >= 0);
const listed = (of, name, pattern) => field(of, name, Array.isArray).map((one) => word({ [name]: one }, name, pattern));

/** The same list, in which nothing may stand twice. */
function alone(names, what) {
  if (new Set(names.map(String)).size !== names.length) refuse(`something stands twice among the ${what}`);
  return names;
}

/** Rule 0 for one kind, before anything is added up; throws if it does not hold. */
function shape(shares, lots) {
  const [asks, pools, chain, grants] = ["asks", "pools", "chain", "grants"].map((name) =>
    field(shares, name, Array.isArray),
  );
  if (alone(asks.map((ask) => word(ask, "country", COUNTRY)), "countries that ask").length > 1000) {
    refuse("more countries ask than there are");
  }
  for (const ask of asks) {
    if (count(ask, "floor") > count(ask, "need")) refuse(`the floor of ${ask.country} is above its need`);
  }
  for (const pool of pools) {
    alone(listed(pool, "eligible", COUNTRY), "eligible countries");
    for (const offer of field(pool, "offers", Array.isArray)) {
      count(offer, "amount");
      word(offer, "statement", DIGEST);
    }
  }
  for (const link of chain) {
    if (!alone(listed(link, "countries", COUNTRY), "countries of a link").length) {
      refuse("a link of the chain has no countries");
    }
    for (const at of alone(field(link, "pools", Array.isArray), "pools of a link")) {
      if (!Number.isInteger(at) || at < 0 || at >= pools.length) {
        refuse("a link of the chain names a pool that there is not");
      }
    }
    if ((word(link, "stage", /^(floor|need|lots)$/) === "lots") !== lots) {
      refuse("a link of the chain does not fit the kind: whole lots or not");
    }
    if (lots && field(link, "level", (one) => one === null || typeof one === "string") !== null) {
      refuse("a link of whole lots has a level");
    }
    if (!lots) word(link, "level", PARTS);
  }
  let common = 1n;
  for (const grant of grants) {
    word(grant, "offer", DIGEST);
    word(grant, "country", COUNTRY);
    const amount = fraction(word(grant, "amount", PARTS));
    const { under } = reduced(amount.over, amount.under);
    common = (common / gcd(common, under)) * under;
    if (common > (lots ? 1n : LARGEST_PARTS)) {
      refuse(lots ? "an amount is no whole lot" : "amounts are cut too fine");
    }
  }
}

/** How well off a country with so many lots is: floors first, then the rest. */
function now(ask, lots) {
  const floor = fraction(ask.floor);
  const need = fraction(ask.need);
  if (order(lots, floor) < 0) return { stage: 0, level: reduced(lots.over, lots.under * floor.over) };
  const above = minus(need, floor);
  if (same(above, fraction(0))) return { stage: 1, level: fraction(1) };
  const more = minus(lots, floor);
  return { stage: 1, level: reduced(more.over, more.under * above.over) };
}
const better = (a, b) => a.stage - b.stage || order(a.level, b.level);

/** Everything that is wrong with the shares of one kind, as sentences; they have passed `shape`. */
function checkShares(shares, lots) {
  const wrong = [];
  const asks = new Map(shares.asks.map((ask) => [ask.country, ask]));
  const pools = shares.pools;
  const eligible = pools.map((pool) => new Set(pool.eligible));
  const poolOf = new Map();
  const rest = new Map();
  pools.forEach((pool, at) => {
    for (const offer of pool.offers) {
      poolOf.set(offer.statement, at);
      rest.set(offer.statement, fraction(offer.amount));
    }
  });
  const got = new Map(shares.asks.map((ask) => [ask.country, fraction(0)]));
  const taken = pools.map(() => new Map());
  for (const grant of shares.grants) { // 1
    const amount = fraction(grant.amount);
    if (!rest.has(grant.offer) || !asks.has(grant.country) || amount.over <= 0n) {
      wrong.push(`a grant of ${grant.offer.slice(0, 12)} to ${grant.country} is of nothing that was offered`);
      continue;
    }
    const at = poolOf.get(grant.offer);
    if (!eligible[at].has(grant.country)) {
      wrong.push(`${grant.country} may not use the offer ${grant.offer.slice(0, 12)}`);
    }
    rest.set(grant.offer, minus(rest.get(grant.offer), amount));
    got.set(grant.country, plus(got.get(grant.country), amount));
    taken[at].set(grant.country, plus(taken[at].get(grant.country) ?? fraction(0), amount));
  }
  for (const [offer, left] of rest) {
    if (left.over < 0n) wrong.push(`the offer ${offer.slice(0, 12)} gives more than it has`);
  }
  const full = new Set();
  for (const [country, ask] of asks) { // 2
    const beside = order(got.get(country), fraction(ask.need));
    if (beside > 0) wrong.push(`${country} gets more than its need`);
    if (beside === 0) full.add(country);
  }
  const inLinks = shares.chain.flatMap((link) => link.countries); // 3
  const once = new Set(inLinks);
  const missing = [...asks.keys()].some((one) => !once.has(one) && !(lots && full.has(one)));
  if (once.size !== inLinks.length || missing || inLinks.some((one) => !asks.has(one))) {
    wrong.push("not every country stands in exactly one link of the chain");
    return wrong;
  }
  const unseen = new Set(pools.keys());
  const poorer = [];
  let before = { stage: "floor", level: fraction(0) };
  for (const link of shares.chain) {
    const level = fraction(link.level ?? 0);
    const names = link.countries.join(", ");
    const beside1 = order(level, fraction(1));
    const falls = link.stage < before.stage || (link.stage === before.stage && order(level, before.level) < 0);
    if (!lots && (falls || beside1 > 0 || (link.stage === "floor" && beside1 === 0))) { // 3
      wrong.push("the links do not rise: floors below 1, then needs up to 1");
    }
    before = { stage: link.stage, level };
    link.pools.forEach((at) => unseen.delete(at));
    for (const at of unseen) { // 4
      if (link.countries.some((one) => eligible[at].has(one))) {
        wrong.push(`${names} may also use pool ${at}, which the chain hides`);
      }
    }
    const holds = sum(link.pools.flatMap((at) => pools[at].offers.map((one) => fraction(one.amount))));
    const used = sum(
      link.pools.flatMap((at) => link.countries.map((one) => taken[at].get(one) ?? fraction(0))),
    );
    if (beside1 < 0 && !same(holds, used)) wrong.push(`what ${names} may use is not used up by them`); // 5
    for (const country of link.countries) { // 6
      const ask = asks.get(country);
      const floor = fraction(ask.floor);
      const mine = got.get(country);
      if (lots) {
        if (mine.over > 0n) {
          poorer.push({ less: now(ask, minus(mine, fraction(1))), theirs: now(ask, mine), country });
        }
        continue;
      }
      const above = minus(fraction(ask.need), floor);
      const due = link.stage === "floor" ? times(floor, level) : plus(floor, times(above, level));
      if (!same(mine, due)) wrong.push(`${country} has not the level of its link`);
    }
    if (!lots) continue;
    for (const country of link.countries.filter((one) => !full.has(one))) {
      const mine = now(asks.get(country), got.get(country));
      const more = now(asks.get(country), plus(got.get(country), fraction(1)));
      const one = poorer.find((other) => {
        const above = better(other.less, mine);
        return above > 0 || (above === 0 && better(more, other.theirs) > 0);
      });
      if (one) wrong.push(`a lot of ${one.country} would do more for ${country}`);
    }
  }
  return wrong;
}

/** Everything that is wrong with an allocation; throws if it has not the form of one. */
function checkAll(said) {
  const kinds = field(field(said, "round", () => true), "kinds", Array.isArray);
  const shares = field(said, "shares", Array.isArray);
  const ids = alone(kinds.map((kind) => word(kind, "id", KEY)), "kinds");
  const shared = shares.map((one) => word(one, "kind", KEY));
  if (!ids.length || ids.length !== shared.length || ids.some((id, at) => id !== shared[at])) {
    refuse("the kinds that are shared are not those of the round");
  }
  const lots = kinds.map((kind) => field(kind, "lot", (one) => one === null || Number.isInteger(one)) !== null);
  shares.forEach((one, at) => shape(one, lots[at]));
  const pools = shares.flatMap((one) => one.pools);
  alone(pools.flatMap((pool) => pool.offers.map((offer) => offer.statement)), "offers");
  return shares.flatMap((one, at) => checkShares(one, lots[at]).map((what) => `${one.kind}: ${what}`));
}

const answer = document.getElementById("check-answer");
document.getElementById("check").addEventListener("click", () => {
  let wrong;
  try {
    wrong = checkAll(JSON.parse(document.getElementById("embedded").textContent));
  } catch (error) {
    wrong = [`this is no allocation that can be checked: ${error.message}`];
  }
  answer.className = wrong.length ? "bad" : "good";
  answer.textContent = wrong.length
    ? `It does not hold: ${wrong.join("; ")}.`
    : "It holds: nobody gets what is not theirs, and nobody worse off could have more.";
});
