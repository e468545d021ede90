type Call = (
  method: string,
  path: string,
  body?: unknown,
  alsoFine?: readonly number[],
) => Promise<unknown>;

/** Calls the relay's API; rejects with the problem's detail unless the status is fine. */
export function callApi(url: string, key: string): Call {
  return async (method, path, body, alsoFine = []) => {
    const response = await fetch(`${url}/v1${path}`, {
      method,
      headers: { authorization: `Bearer ${key}`, "content-type": "application/json" },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    const answer: unknown = response.status === 204 ? null : await response.json();
    if (response.ok || alsoFine.includes(response.status)) return answer;
    throw new Error(`${method} ${path} answered ${response.status}: ${JSON.stringify(answer)}`);
  };
}
