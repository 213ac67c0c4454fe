// The description's reading of a row: service/openapi.yaml, and JSON Schema as its validator takes it.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { assert } from "chai";
import { REPOSITORY } from "../support/consumer.js";
import { load } from "./world.js";

export const PATH = join(REPOSITORY, "service/openapi.yaml");
const NAME = "openapi.yaml";

let opened;

/** The description, and what validates against a part of it. */
async function open() {
  if (opened) return opened;
  const [{ parse }, { default: Ajv }] = await Promise.all([load("yaml"), load("ajv/dist/2020.js")]);
  const text = JSON.stringify(parse(readFileSync(PATH, "utf8"))).replaceAll('"$ref":"#/', `"$ref":"${NAME}#/`);
  const description = JSON.parse(text);
  // The keywords around the schemas are OpenAPI's.
  const ajv = new Ajv({ strict: false, validateSchema: false });
  ajv.addSchema(description, NAME);
  const resolve = (node) => {
    if (!node?.$ref) return node;
    return node.$ref
      .split("#/")[1]
      .split("/")
      .reduce((part, name) => part[name], description);
  };
  opened = { description, resolve, takes: (schema, value) => ajv.validate(schema, value) };
  return opened;
}

/** Each operation by its id, with the parameters of its path. */
export async function operations() {
  const { description, resolve } = await open();
  const all = {};
  for (const [uri, { parameters = [], ...methods }] of Object.entries(description.paths)) {
    for (const [method, operation] of Object.entries(methods)) {
      const own = [...parameters, ...(operation.parameters ?? [])].map(resolve);
      const responses = Object.entries(operation.responses).map(([status, response]) => [status, resolve(response)]);
      all[operation.operationId] = {
        ...operation,
        uri,
        method: method.toUpperCase(),
        parameters: own,
        responses: Object.fromEntries(responses),
      };
    }
  }
  return all;
}

const operationOf = async (page) => (await operations())[page.operation];
const jsonOf = (content) => content["application/json"];
const exampleOf = (content) => Object.values(content)[0].examples.page.value;

/** Whether a whole body is one of an operation's. */
export async function takesRequest(operation, body) {
  const { takes } = await open();
  return takes(jsonOf((await operations())[operation].requestBody.content).schema, body);
}

/** Whether a whole body is one of an operation's answers of a status. */
export async function takesAnswer(operation, status, body) {
  const { takes } = await open();
  return takes(jsonOf((await operations())[operation].responses[status].content).schema, body);
}

/** A value is taken where it fits, and only there. */
export async function checkRequest(page, table, { parameter }, { value, fits }) {
  const { takes } = await open();
  const { parameters, requestBody } = await operationOf(page);
  if (table.in === "body") {
    assert.isTrue(requestBody.required);
    const body = { ...page.exampleRequest, [parameter]: value };
    if (value === undefined) delete body[parameter];
    assert.equal(takes(jsonOf(requestBody.content).schema, body), fits);
  } else {
    const isMeant = ({ name, in: where }) => name === parameter && where === table.in;
    const { required = false, schema } = parameters.find(isMeant);
    assert.equal(value === undefined ? !required : takes(schema, value), fits);
  }
}

async function checkField(page, status, body, container, parameter, { value, fits }) {
  const { takes } = await open();
  const { schema } = jsonOf((await operationOf(page)).responses[status].content);
  assert.isTrue(takes(schema, body), "as it is");
  container[parameter] = value;
  if (value === undefined) delete container[parameter];
  assert.equal(takes(schema, body), fits);
}

export function checkError(page, { status }, { parameter }, probe) {
  const body = { ...page.exampleAnswers[status] };
  return checkField(page, status, body, body, parameter, probe);
}

export function checkList(page, table, { parameter }, probe) {
  const times = { create_time: "2026-01-31T23:59:59.120Z", update_time: "" };
  const key = { id: "01234567-89ab-cdef-0123-456789abcdef", description: "a", ...times };
  const body = { credentials: [key], count: 1 };
  return checkField(page, 200, body, table.in === "key" ? key : body, parameter, probe);
}

/** The status is described in the page's words, with the page's example. */
export async function checkStatus(page, status) {
  const { responses } = await operationOf(page);
  assert.equal(responses[status].description, page.statusCodes[status]);
  const example = page.exampleAnswers[status];
  if (example !== undefined) assert.deepEqual(exampleOf(responses[status].content), example);
}

/** What is wrong with an answer of the service's: nothing, where the description has it so. */
export async function problems(operation, { status, headers, json }) {
  const { resolve, takes } = await open();
  const response = (await operations())[operation].responses[status];
  if (!response) return [`${status} is not described`];
  const described = Object.entries(response.headers).map(([name, header]) => [name, resolve(header)]);
  const wrong = described.filter(([name, { required, schema }]) =>
    headers.has(name) ? !takes(schema, headers.get(name)) : required,
  );
  const [[type, { schema }]] = Object.entries(response.content);
  if (headers.get("content-type") !== type) wrong.push(["content-type"]);
  if (type === "application/json" && !takes(schema, json)) wrong.push(["body"]);
  return wrong.map(([name]) => name);
}
