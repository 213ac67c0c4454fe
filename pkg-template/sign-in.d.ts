import type { RequestOptions } from "node-provider-keys";

/** What {@link signIn} takes. Only own properties count, and each is read once, at the call. */
export interface SignInOptions extends Pick<RequestOptions, "signal" | "timeout" | "fetch" | "maxErrorBytes"> {
  /**
   * Where IAM is: `"https://iam.<region>.myhuaweicloud.com"`, or in a page also a relay's prefix such as `"/iam"`. The
   * rules are those of the other calls' `endpoint`.
   */
  endpoint: string | URL;
  /** The account's name, in IAM's words the domain's: 1 to 4,096 characters. */
  account: string;
  /** The IAM user's name: 1 to 4,096 characters. A HUAWEI ID cannot sign in with a password. */
  user: string;
  /**
   * The password: 1 to 4,096 characters, no line break. With a function the session can sign in anew: it is called once
   * for each sign-in, and what it gives is not kept.
   */
  password: string | (() => string | Promise<string>);
  /** The project's name, such as `"ap-southeast-3"`, or its id: 32 letters and digits. */
  project: string;
  /** Where the user has a virtual MFA device. */
  passcode?: Passcode | undefined;
}

/** What a virtual MFA device adds. */
export interface Passcode {
  /** The user's id, not the name: exactly 32 characters of `A-Z a-z 0-9 _ -`. */
  userId: string;
  /** The 6 digits that the authenticator shows, or a function that gives them: they are good once. */
  code: string | (() => string | Promise<string>);
}

/** A user who is signed in to a project. It prints without its token. */
export interface Session {
  /** The project's id, which the other calls take as `projectId`. */
  readonly projectId: string;
  /** When the token ends, by the service's clock: 24 hours after signing in. */
  readonly expiresAt: Date;
  /**
   * Gives the token; the other calls take this function as `token`.
   *
   * In the token's last 10 minutes (its last half, if it lives less than 20), and when a call asks again after a 401, the
   * session signs in anew, once for all who ask. For that `password` and `passcode.code` must be functions; otherwise the
   * token is given up to its end.
   *
   * @throws {ApiKeyError} that of {@link signIn}; of kind `"invalid_argument"` if the token has ended and the password is
   * no function.
   */
  readonly token: () => Promise<string>;
}

/**
 * Gets a token from IAM by account, user and password.
 *
 * Contract: "Obtaining a token", `POST /v3/auth/tokens`. The request is sent once, whatever the answer, since wrong
 * passwords lock the user. The password is in no error, and it is not kept.
 *
 * @throws {ApiKeyError} and nothing else, a promise's. With every `outcome` the state of keys is unchanged; `"unknown"`
 * means that a token may exist which nobody has.
 * @example
 * const session = await signIn({ endpoint, account, user, password: askPassword, project: "ap-southeast-3" });
 * const file = await createApiKey({ endpoint: api, projectId: session.projectId, token: session.token });
 */
export function signIn(options: SignInOptions): Promise<Session>;
