// AWS's client for the two calls of its own service that are closest: it cannot speak to ours.
import { CreateAccessKeyCommand, DeleteAccessKeyCommand, IAMClient } from "@aws-sdk/client-iam";

export const connect = (options) => {
  const client = new IAMClient(options);
  return {
    create: (UserName) => client.send(new CreateAccessKeyCommand({ UserName })),
    remove: (AccessKeyId) => client.send(new DeleteAccessKeyCommand({ AccessKeyId })),
  };
};
