// The package in a page that names the module in its HTML, as the README says: rows/start.js does.
export { connect } from "./package.js";
