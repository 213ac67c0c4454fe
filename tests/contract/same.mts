// Compiles if the package's types and those of the description are the same. It is never run.
import type * as keys from "node-provider-keys";
import type { components, operations } from "./described.js";

type Schemas = components["schemas"];

/** The wire's `project_id` is our `projectId`. */
type Camel<Name extends string> = Name extends `${infer First}_${infer Rest}`
  ? `${First}${Capitalize<Camel<Rest>>}`
  : Name;
type Other = { "X-Auth-Token": "token"; message: "detail" };
type Ours<Name extends string> = Name extends keyof Other ? Other[Name] : Camel<Name>;
type Renamed<Described> = { [Name in keyof Described as Ours<Name & string>]: Described[Name] };

/** What is sent, of what an operation is described to take. */
type Sent<Id extends keyof operations> = Renamed<
  Parameters<Id>["path"] & Parameters<Id>["header"] & Some<NonNullable<Parameters<Id>["query"]>> & Some<Body<Id>>
>;
type Parameters<Id extends keyof operations> = operations[Id]["parameters"];
type Body<Id extends keyof operations> = NonNullable<operations[Id]["requestBody"]>["content"]["application/json"];
/** What no operation has is `never` there. */
type Some<Part> = [Part] extends [never] ? unknown : Part;

/** What is sent, of our options: these are for the way there and back. */
type Way = "endpoint" | "signal" | "timeout" | "fetch" | "maxFileBytes" | "maxErrorBytes" | "retries";
/** An option may be `undefined` and means that it is absent, and a token may be a function that gives one. */
type Given<Options> = {
  [Name in keyof Options as Exclude<Name, Way>]: Exclude<Options[Name], undefined | ((...none: never) => unknown)>;
};

type Fits<A, B> = [A] extends [B] ? true : false;
/** One may stand for the other, and neither has a name that the other lacks. */
type Same<A, B> = [Fits<A, B>, Fits<B, A>, SameNames<A, B>] extends true[] ? true : false;
type SameNames<A, B> = [Fits<keyof A, keyof B>, Fits<keyof B, keyof A>] extends true[] ? true : false;

type Listing = { count: Schemas["KeyList"]["count"]; keys: Renamed<Schemas["KeyList"]["credentials"][number]>[] };
type Key = Listing["keys"][number];
/** Our `code` is always text. */
type Text<Name extends keyof Schemas["Error"]> = { [One in Name]: `${Schemas["Error"][One]}` };
type Failure = Renamed<Omit<Schemas["Error"], "code"> & Text<"code"> & Pick<Schemas["GatewayError"], "request_id">>;
type Told = Pick<keys.ApiKeyErrorFields, "code" | "errorCode" | "errorMsg" | "detail" | "requestId">;
type Success<Id extends "createApiKey" | "deleteApiKey"> = operations[Id]["responses"][200]["content"];
type True<Check extends true> = Check;

export type Create = True<Same<Given<keys.CreateApiKeyOptions>, Sent<"createApiKey">>>;
export type Delete = True<Same<Given<keys.DeleteApiKeyOptions>, Sent<"deleteApiKey">>>;
export type List = True<Same<Given<keys.ListApiKeysOptions>, Sent<"listApiKeys">>>;

// Every answer fits; ours may lack what this service always sends, since another edition of it may not.
export type Listed = True<Fits<Listing, keys.ApiKeyList>>;
export type ListedKey = True<Same<Required<Key>, Required<keys.ApiKey>>>;
export type Failed = True<Fits<Failure, Told>>;
export type FailedWhole = True<Same<Failure, Required<Told>>>;

// A file's bytes, and nothing.
export type Created = True<Same<Success<"createApiKey">, { "application/zip": string }>>;
export type Deleted = True<Same<Success<"deleteApiKey">, { "application/json": null }>>;
