import { makeAndRevoke } from "./keys.js";

const { ENDPOINT: endpoint, PROJECT_ID: projectId, TOKEN: token } = process.env;
makeAndRevoke({ endpoint, projectId, token }).then((result) => console.log(JSON.stringify(result)));
