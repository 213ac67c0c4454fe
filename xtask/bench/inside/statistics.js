// Medians, which a busy machine disturbs least, with the quartiles as their spread.

const quantile = (sorted, part) => {
  const at = (sorted.length - 1) * part;
  const low = Math.floor(at);
  return sorted[low] + (sorted[Math.min(low + 1, sorted.length - 1)] - sorted[low]) * (at - low);
};

/** The median and the quartiles of `values`. */
export function summary(values) {
  const sorted = [...values].sort((a, b) => a - b);
  const at = (part) => quantile(sorted, part);
  return { median: at(0.5), low: at(0.25), high: at(0.75) };
}

/**
 * Each contender's ratio to `base`, summed up over the rounds. Only what was measured in one round is compared.
 * @param {Record<string, number>[]} rounds a time by contender, each
 * @returns {Record<string, ReturnType<typeof summary>>}
 */
export function ratiosTo(base, rounds) {
  const contenders = Object.keys(rounds[0]).filter((name) => name !== base);
  const ratios = (name) => summary(rounds.map((round) => round[name] / round[base]));
  return Object.fromEntries(contenders.map((name) => [name, ratios(name)]));
}

/** The same list in an order that chance gave: who is measured after whom shall not matter. */
export function shuffled(list) {
  const rest = [...list];
  return list.map(() => rest.splice(Math.floor(Math.random() * rest.length), 1)[0]);
}
