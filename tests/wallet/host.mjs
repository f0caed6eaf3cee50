// A static host that is not the issuer's: it gives the files of a folder under a path, and sets no header of its own.

import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { extname, join, normalize } from "node:path";
import { types } from "./issuer.mjs";

/** Starts it; `address` is that of the page, with a slash at the end. */
export async function startHost(folder, path) {
  const requests = [];
  const server = createServer(async (request, response) => {
    const { pathname } = new URL(request.url, "http://host");
    requests.push(`${request.method} ${pathname}`);
    const inside = pathname.startsWith(path) && normalize(pathname.slice(path.length));
    const file = inside && (inside === "." || inside.endsWith("/") ? join(inside, "index.html") : inside);
    const bytes = file && (await readFile(join(folder, file)).catch(() => undefined));
    if (!bytes) return response.writeHead(404).end();
    response.writeHead(200, { "content-type": types[extname(file)] ?? "text/plain" }).end(bytes);
  });
  await new Promise((done) => server.listen(0, "127.0.0.1", done));
  return {
    address: `http://127.0.0.1:${server.address().port}${path}`,
    requests,
    async stop() {
      server.closeAllConnections();
      await new Promise((done) => server.close(done));
    },
  };
}
