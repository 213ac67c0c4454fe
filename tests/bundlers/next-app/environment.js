const { ENDPOINT: endpoint, PROJECT_ID: projectId, TOKEN: token } = process.env;

export const request = { endpoint, projectId, token };
