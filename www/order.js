// Which keys are shown, and in which order.
import { text } from "./text.js";
import { moment } from "./when.js";

const time = (written) => moment(written) || 0;
const by = (value) => (a, b) => value(a) - value(b);
const name = ({ description = "" }) => description.trim();

const COMPARE = {
  newest: by((key) => -time(key.createTime)),
  oldest: by((key) => time(key.createTime)),
  // Keys without a description come last.
  name: (a, b) => (name(a) === "") - (name(b) === "") || text.compare(name(a), name(b)),
  idle: by((key) => time(key.updateTime)),
  used: by((key) => -time(key.updateTime)),
};

/** The names of the orders. */
export const ORDERS = Object.keys(COMPARE);

/** The keys whose description or id has the filter in it, in this order. */
export function arrange(keys, { filter, order }) {
  const wanted = filter.trim().toLowerCase();
  const has = (part = "") => part.toLowerCase().includes(wanted);
  return keys.filter((key) => has(key.description) || has(key.id)).sort(COMPARE[order] ?? COMPARE.newest);
}
