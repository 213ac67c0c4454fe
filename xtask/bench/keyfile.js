// A key file as the local service makes them.
import { zip } from "../../tests/support/zip.js";

const ROW = [
  "credential_id,project_id,description,api_key,create_time",
  "3f2b8c1e-9d47-4a60-8b1f-5c7e2a90d364,0123456789abcdef0123456789abcdef,For test,s8Kq2vXw0bN7yTz4RjLh6mPd1fGc3aUe,2026-01-02T03:04:05.678Z",
  "",
].join("\r\n");

export const keyFile = () => zip([{ name: "credential.csv", data: ROW, deflate: true }]);
