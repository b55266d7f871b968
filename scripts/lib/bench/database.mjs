// The database of the service in a process of its own, as D1 is on a machine of its own: statements
// come over HTTP and run as one transaction.
export default {
  async fetch(request, env) {
    if (request.method !== "POST") return new Response("ok");
    const statements = await request.json();
    const done = await env.DB.batch(statements.map(([sql, values]) => env.DB.prepare(sql).bind(...values)));
    return Response.json(done.map(({ results }) => ({ results })));
  },
};
