// The tables of the API pages, as they stand there: "Creating an API Key" and "Deleting an API Key" (2023-08-08), and
// of the list, which the node service's API reference documents.

const row = (parameter, mandatory, type, min, max) => ({ parameter, mandatory, type, min, max });
// The tables of answers have no column "Mandatory": what is in them is always sent, unless it says "No".
const field = (parameter, type, min, max, mandatory = "Yes") => row(parameter, mandatory, type, min, max);

/*                 Parameter        Mandatory  Type      Minimum  Maximum */
const PROJECT = row("project_id", "Yes", "String", 32, 32);
const CREDENTIAL = row("credential_id", "Yes", "String", 36, 36);
const TOKEN = row("X-Auth-Token", "Yes", "String", 1, 65_535);
const DESCRIPTION = row("description", "No", "String", 0, 100);
const OFFSET = row("offset", "No", "Integer", 0, 1_000);
const LIMIT = row("limit", "No", "Integer", 1, 1_000);

const ERROR = [
  field("code", "String", 3, 3),
  field("error_code", "String", 12, 12),
  field("error_msg", "String", 1, 65_535),
  field("message", "String", 0, 65_535),
];
const LISTED = [
  field("id", "String", 36, 36),
  field("description", "String", 0, 100, "No"),
  field("create_time", "String"),
  field("update_time", "String"),
];

const errorTables = (first) =>
  [400, 401, 500].map((status, at) => ({
    name: `Table ${first + at} Response body parameters, status code ${status}`,
    in: "answer",
    status,
    rows: ERROR,
  }));

const ERROR_EXAMPLES = {
  400: {
    code: 400,
    error_code: "BCS.03400001",
    error_msg: "Invalid request.",
    message: "unmarshal request data error",
  },
  401: {
    code: 401,
    error_code: "BCS.03401001",
    error_msg: "Authorization failed.",
    message: "request token is not valid",
  },
  500: {
    code: 500,
    error_code: "BCS.03500001",
    error_msg: "Internal error.",
    message: "project [xxx] node [xxx] get service bearer user token error",
  },
};
const STATUS_CODES = {
  200: "Request successful.",
  400: "Verify parameter failed.",
  401: "Authentication failed.",
  500: "Internal service error.",
};

export const PAGES = [
  {
    title: "Creating an API Key",
    operation: "createApiKey",
    method: "POST",
    uri: "/v1/{project_id}/node-provider/credentials",
    tables: [
      { name: "Table 1 URI parameters", in: "path", rows: [PROJECT] },
      { name: "Table 2 Request header parameters", in: "header", rows: [TOKEN] },
      { name: "Table 3 Request body parameters", in: "body", rows: [DESCRIPTION] },
      ...errorTables(4),
    ],
    exampleRequest: { description: "For test" },
    exampleAnswers: { 200: "PKXXX", ...ERROR_EXAMPLES },
    statusCodes: STATUS_CODES,
  },
  {
    title: "Deleting an API Key",
    operation: "deleteApiKey",
    method: "DELETE",
    uri: "/v1/{project_id}/node-provider/credentials/{credential_id}",
    tables: [
      { name: "Table 1 URI parameters", in: "path", rows: [PROJECT, CREDENTIAL] },
      { name: "Table 2 Request header parameters", in: "header", rows: [TOKEN] },
      ...errorTables(3),
    ],
    exampleAnswers: { 200: null, ...ERROR_EXAMPLES },
    statusCodes: STATUS_CODES,
  },
  {
    title: "Listing API keys",
    operation: "listApiKeys",
    method: "GET",
    uri: "/v1/{project_id}/node-provider/credentials",
    tables: [
      { name: "URI parameters", in: "path", rows: [PROJECT] },
      { name: "Query parameters", in: "query", rows: [OFFSET, LIMIT] },
      { name: "Request header parameters", in: "header", rows: [TOKEN] },
      { name: "Response body parameters", in: "list", status: 200, rows: [field("count", "Integer", 0)] },
      { name: "Response body parameters, credentials", in: "key", status: 200, rows: LISTED },
      ...errorTables(1),
    ],
    exampleAnswers: ERROR_EXAMPLES,
    statusCodes: STATUS_CODES,
  },
];
