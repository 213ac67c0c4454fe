// What a good service answers, in the terms of tests/support/rogue.js.
import { base64, zip } from "../../tests/support/zip.js";

/** A key file with `secret`, stored so that a copy of it would show. */
export const keyFile = (secret) =>
  zip([{ name: "credential.csv", data: `API Key Name,API Key\r\n"For test",${secret}\r\n` }]);

const iam = (secret) => `<CreateAccessKeyResponse xmlns="https://iam.amazonaws.com/doc/2010-05-08/">
<CreateAccessKeyResult><AccessKey><UserName>For test</UserName><AccessKeyId>AKIAIOSFODNN7EXAMPLE</AccessKeyId>
<Status>Active</Status><SecretAccessKey>${secret}</SecretAccessKey></AccessKey></CreateAccessKeyResult>
<ResponseMetadata><RequestId>7a62c49f-347e-4fc4-9331-6e8eEXAMPLE</RequestId></ResponseMetadata>
</CreateAccessKeyResponse>`;

/** The answer to a create, for what the client `speaks`. */
export async function madeKey({ speaks }, secret) {
  if (speaks === "iam") return { body: iam(secret), headers: { "Content-Type": "text/xml" } };
  return { base64: base64(await keyFile(secret)), headers: { "Content-Type": "application/zip" } };
}

/** How many bytes an answer's body has. */
export const sizeOf = ({ base64: text, body = "" }) => (text ? atob(text) : body).length;
