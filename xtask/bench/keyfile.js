// A key file as the local service makes them.
import { zip } from "../../tests/support/zip.js";

const FIELDS = {
  credential_id: "3f2b8c1e-9d47-4a60-8b1f-5c7e2a90d364",
  project_id: "0123456789abcdef0123456789abcdef",
  description: "For test",
  api_key: "s8Kq2vXw0bN7yTz4RjLh6mPd1fGc3aUe",
  create_time: "2026-01-02T03:04:05.678Z",
};
const TABLE = `${Object.keys(FIELDS).join()}\r\n${Object.values(FIELDS).join()}\r\n`;

export const keyFile = () => zip([{ name: "credential.csv", data: TABLE, deflate: true }]);
