// Compiles if the package's types and those of the description are the same. It is never run.
import type * as keys from "node-provider-keys";
import type { components, operations } from "./described.js";

type Schemas = components["schemas"];

/** The wire's `project_id` is our `projectId`. */
type Camel<Name extends string> = Name extends `${infer First}_${infer Rest}` ? `${First}${Capitalize<Camel<Rest>>}` : Name;
type Other = { "X-Auth-Token": "token"; message: "detail" };
type Ours<Name extends string> = Name extends keyof Other ? Other[Name] : Camel<Name>;
type Renamed<Described> = { [Name in keyof Described & string as Ours<Name>]: Described[Name] };

/** What is sent, of what an operation is described to take. */
type Sent<Id extends keyof operations> = Renamed<
  operations[Id]["parameters"]["path"] & operations[Id]["parameters"]["header"] & Query<Id> & Body<Id>
>;
type Query<Id extends keyof operations> = operations[Id]["parameters"] extends { query?: infer Q } ? NonNullable<Q> : unknown;
type Body<Id extends keyof operations> = operations[Id] extends { requestBody: { content: { "application/json": infer B } } } ? B : unknown;

/** What is sent, of our options: these are for the way there and back. */
type Way = "endpoint" | "signal" | "timeout" | "fetch" | "maxFileBytes" | "maxErrorBytes" | "retries";
/** An option may be `undefined` and means that it is absent, and a token may be a function that gives one. */
type Given<Options> = {
  [Name in keyof Options as Exclude<Name, Way>]: Exclude<Options[Name], undefined | ((...none: never) => unknown)>;
};

type Fits<A, B> = [A] extends [B] ? true : false;
/** One may stand for the other, and neither has a name that the other lacks. */
type Same<A, B> = [Fits<A, B>, Fits<B, A>, Fits<keyof A, keyof B>, Fits<keyof B, keyof A>] extends true[] ? true : false;

type List = { count: Schemas["KeyList"]["count"]; keys: Renamed<Schemas["KeyList"]["credentials"][number]>[] };
type Key = List["keys"][number];
/** Our `code` is always text. */
type Failure = Renamed<Omit<Schemas["Error"], "code"> & { code: `${Schemas["Error"]["code"]}` } & Pick<Schemas["GatewayError"], "request_id">>;
type Told = Pick<keys.ApiKeyErrorFields, "code" | "errorCode" | "errorMsg" | "detail" | "requestId">;
type Success<Id extends keyof operations> = operations[Id]["responses"][200]["content"];
type True<Checks extends true[]> = Checks;

export type Proof = True<[
  Same<Given<keys.CreateApiKeyOptions>, Sent<"createApiKey">>,
  Same<Given<keys.DeleteApiKeyOptions>, Sent<"deleteApiKey">>,
  Same<Given<keys.ListApiKeysOptions>, Sent<"listApiKeys">>,

  // Every answer fits; ours may lack what this service always sends, since another edition of it may not.
  Fits<List, keys.ApiKeyList>,
  Same<Required<Key>, Required<keys.ApiKey>>,
  Fits<Failure, Told>,
  Same<Failure, Required<Told>>,

  // A file's bytes, and nothing.
  Same<Success<"createApiKey">, { "application/zip": string }>,
  Same<Success<"deleteApiKey">, { "application/json": null }>,
]>;
