import http from "node:http"
import net, { type AddressInfo } from "node:net"
import { gzipSync } from "node:zlib"
import { describe, expect, it, onTestFinished } from "vitest"
import { type Network, type NetworkLimits, networkLimits, openNetwork } from "../../../src/http/network.ts"
import { openWebSession, type SessionCookie } from "../../../src/sign-in/web-session.ts"

type Handler = (request: http.IncomingMessage, response: http.ServerResponse, body: string) => void

/** A server on loopback that answers as the test says. */
async function serve(handler: Handler): Promise<{ origin: string; seen: string[] }> {
  const seen: string[] = []
  const server = http.createServer((request, response) => {
    let body = ""
    request.on("data", chunk => {
      body += chunk
    })
    request.on("end", () => {
      seen.push(`${request.method} ${request.url}`)
      handler(request, response, body)
    })
  })
  return { origin: `http://127.0.0.1:${await listening(server)}`, seen }
}

function listening(server: net.Server): Promise<number> {
  onTestFinished(() => {
    server.close()
    if (server instanceof http.Server) server.closeAllConnections()
  })
  return new Promise(resolve =>
    server.listen(0, "127.0.0.1", () => resolve((server.address() as AddressInfo).port)),
  )
}

function browse(
  origins: readonly string[],
  limits: Partial<NetworkLimits> = { connect: 5_000, exchange: 5_000 },
  env: Record<string, string> = {},
  keepSecret: (secret: string) => void = () => {},
  cookies?: readonly SessionCookie[],
) {
  const network: Network = openNetwork({ env, ca: undefined, limits: { ...networkLimits, ...limits } })
  onTestFinished(() => network.close())
  return openWebSession({
    network,
    origins,
    userAgent: "pum-aws/test",
    now: Date.now,
    trace: () => {},
    keepSecret,
    ...(cookies === undefined ? {} : { cookies }),
  })
}

describe("web session", () => {
  it("posts on a new connection if the server closed the other one right after its page", async () => {
    const seen: string[] = []
    const page = "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 5\r\n\r\nhello"
    const port = await listening(
      net.createServer(socket =>
        socket
          .on("error", () => {})
          .once("data", bytes => {
            seen.push(bytes.toString().slice(0, 4).trim())
            socket.end(page)
          }),
      ),
    )
    const origin = `http://127.0.0.1:${port}`
    const session = browse([origin])
    await session.get(new URL(origin))
    await session.post({ action: `${origin}/`, fields: [["a", "b"]] })
    expect(seen).toEqual(["GET", "POST"])
  })

  it("tells the value of each cookie as a secret, also of one that expires or is split in parts", async () => {
    const { origin } = await serve((_, response) =>
      response
        .writeHead(200, {
          "Set-Cookie": [
            "MSISAuth=one=; path=/; secure",
            "MSISAuth1=two",
            "=nameless; path=/",
            "bare; path=/",
            "gone=3; max-age=0",
          ],
        })
        .end(),
    )
    const secrets: string[] = []
    await browse([origin], undefined, {}, secret => secrets.push(secret)).get(new URL(origin))
    expect(secrets).toEqual(["one=", "two", "nameless", "bare", "3"])
  })

  it("introduces itself as no browser of Windows', and in English", async () => {
    const { origin } = await serve((request, response) => response.end(JSON.stringify(request.headers)))
    const { html } = await browse([origin]).get(new URL(origin))
    expect(JSON.parse(html)).toMatchObject({ "user-agent": "pum-aws/test", "accept-language": "en" })
  })

  it("posts fields in order, encoded as a form, and keeps what is written twice", async () => {
    const { origin } = await serve((request, response, body) =>
      response.end(`${request.headers["content-type"]} ${body}`),
    )
    const { html } = await browse([origin]).post({
      action: `${origin}/`,
      fields: [
        ["b", "ü &=+"],
        ["a", ""],
        ["b", "2"],
      ],
    })
    expect(html).toBe("application/x-www-form-urlencoded b=%C3%BC+%26%3D%2B&a=&b=2")
  })

  it("follows redirects with GET, carries cookies along, and says where it ended", async () => {
    const { origin, seen } = await serve((request, response) => {
      if (request.url === "/login") {
        response
          .writeHead(302, {
            Location: "next?a=1",
            "Set-Cookie": ["MSISAuth=one; path=/", "=nameless; path=/"],
          })
          .end()
      } else response.end(request.headers.cookie)
    })
    const answer = await browse([origin]).post({ action: `${origin}/login`, fields: [] })
    expect(answer).toMatchObject({ url: `${origin}/next?a=1`, status: 200 })
    expect(answer.html.split("; ").sort()).toEqual(["MSISAuth=one", "nameless"])
    expect(seen).toEqual(["POST /login", "GET /next?a=1"])
  })

  it("gives no cookie to another host", async () => {
    const other = await serve((request, response) => response.end(request.headers.cookie ?? "no cookie"))
    const elsewhere = other.origin.replace("127.0.0.1", "localhost")
    const { origin } = await serve((_, response) =>
      response.writeHead(302, { Location: elsewhere, "Set-Cookie": "a=b; path=/" }).end(),
    )
    expect((await browse([origin]).get(new URL(origin))).html).toBe("no cookie")
  })

  it("reads a page in the encoding that its server names", async () => {
    const { origin } = await serve((_, response) =>
      response
        .writeHead(200, { "Content-Type": "text/html; charset=iso-8859-1" })
        .end(Buffer.from("Pålogging", "latin1")),
    )
    expect((await browse([origin]).get(new URL(origin))).html).toBe("Pålogging")
  })

  it("sends a form in the encoding of the page that it is on", async () => {
    const { origin } = await serve((_, response, body) =>
      response
        .writeHead(200, { "Content-Type": "text/html; charset=iso-8859-1" })
        .end(body === "" ? "Passord" : body),
    )
    const session = browse([origin])
    await session.get(new URL(origin))
    const form = { action: origin, fields: [["Password", "blå\nbær"]] } as const
    expect((await session.post(form)).html).toBe("Password=bl%E5%0D%0Ab%E6r")
  })

  it("shows nothing of what is no text", async () => {
    const { origin } = await serve((_, response) => response.end(gzipSync("<title>Sign In</title>")))
    expect((await browse([origin]).get(new URL(origin))).html).toBe("")
  })

  it("takes headers as long as the cookies of a user in many groups", async () => {
    const cookies = Array.from({ length: 14 }, (_, at) => `MSISAuth${at}=${"x".repeat(2_000)}; path=/`)
    const { origin } = await serve((_, response) =>
      response.writeHead(200, { "Set-Cookie": cookies }).end("page"),
    )
    const session = browse([origin])
    expect((await session.get(new URL(origin))).html).toBe("page")
    expect(session.sessionCookies()).toHaveLength(14)
  })

  it("gives what an answer says of a sign-in and of a pause", async () => {
    const headers = { "WWW-Authenticate": "Negotiate", "Retry-After": "60" }
    const { origin } = await serve((_, response) => response.writeHead(429, headers).end())
    expect(await browse([origin]).get(new URL(origin))).toMatchObject({
      authenticate: "Negotiate",
      retryAfter: "60",
    })
  })

  it("says where it was led to if that server cannot be reached", async () => {
    const gone = net.createServer()
    const port = await listening(gone)
    gone.close()
    const { origin } = await serve((_, response) =>
      response.writeHead(302, { Location: `http://127.0.0.1:${port}/` }).end(),
    )
    await expect(browse([origin]).get(new URL(origin))).rejects.toMatchObject({
      message: `127.0.0.1:${port}, where ${new URL(origin).host} leads to, cannot be reached: connection refused`,
    })
  })

  it("gets no address of a page that is not https", async () => {
    await expect(
      browse(["https://adfs.example.com"]).get(new URL("http://adfs.example.com/")),
    ).rejects.toMatchObject({
      code: "idpUnsafe",
      message: "adfs.example.com redirects to an address that is not https",
    })
  })

  it("follows a redirect whose address is not encoded", async () => {
    const { origin, seen } = await serve((request, response) => {
      if (request.url !== "/") return void response.end("there")
      response.writeHead(302, { Location: Buffer.from("/adfs/sø k").toString("latin1") }).end()
    })
    await browse([origin]).get(new URL(origin))
    expect(seen).toEqual(["GET /", "GET /adfs/s%C3%B8%20k"])
  })

  it("reads the page of an error status", async () => {
    const { origin } = await serve((_, response) => response.writeHead(500).end("<title>Oops</title>"))
    expect(await browse([origin]).get(new URL(origin))).toMatchObject({
      status: 500,
      html: "<title>Oops</title>",
    })
  })

  it.each([307, 308])("does not send a form again where a %d points", async status => {
    const { origin, seen } = await serve((_, response) =>
      response.writeHead(status, { Location: "/again" }).end(),
    )
    await expect(
      browse([origin]).post({ action: `${origin}/`, fields: [["Password", "x"]] }),
    ).rejects.toMatchObject({ code: "idpUnsafe" })
    expect(seen).toEqual(["POST /"])
  })

  it("sends a form to no origin but the identity provider's own", async () => {
    const evil = await serve((_, response) => response.end())
    const { origin } = await serve((_, response) => response.end())
    await expect(
      browse([origin]).post({ action: `${evil.origin}/`, fields: [["Password", "x"]] }),
    ).rejects.toMatchObject({
      code: "idpUnsafe",
      message: `the page wants its form sent to ${evil.origin}, which is not ${origin}; nothing was sent`,
    })
    expect(evil.seen).toEqual([])
    await browse([origin, evil.origin]).post({ action: `${evil.origin}/`, fields: [] })
    expect(evil.seen).toEqual(["POST /"])
  })

  it.each(["http://example.com/", "ftp://127.0.0.1/", "javascript:1", "http://"])(
    "follows no redirect to %s",
    async location => {
      const { origin } = await serve((_, response) => response.writeHead(302, { Location: location }).end())
      await expect(browse([origin]).get(new URL(origin))).rejects.toMatchObject({
        code: "idpUnsafe",
        message: `${new URL(origin).host} redirects to an address that is not https`,
      })
    },
  )

  it("gives up redirects without end", async () => {
    const { origin, seen } = await serve((_, response) => response.writeHead(302, { Location: "/" }).end())
    await expect(browse([origin]).get(new URL(origin))).rejects.toMatchObject({
      code: "idpPage",
      message: `${new URL(origin).host} redirects without end`,
    })
    expect(seen).toHaveLength(11)
  })

  it.each([
    ["announced", { "Content-Length": String(400 * 1024 * 1024) }],
    ["not announced", {}],
  ])("reads no page of more than 5 MB, %s", async (_, headers) => {
    const { origin } = await serve((_, response) => {
      response.writeHead(200, headers)
      const chunk = "x".repeat(64 * 1024)
      let sent = 0
      const more = () => {
        while (!response.destroyed && sent++ < 6400)
          if (!response.write(chunk)) return void response.once("drain", more)
        response.end()
      }
      more()
    })
    await expect(browse([origin]).get(new URL(origin))).rejects.toMatchObject({
      code: "idpPage",
      message: `${new URL(origin).host} sent an answer of more than 5 MB; it was not read`,
    })
  })

  it("reads a page of just 5 MB", async () => {
    const { origin } = await serve((_, response) => response.end("x".repeat(5 * 1024 * 1024)))
    expect((await browse([origin]).get(new URL(origin))).html).toHaveLength(5 * 1024 * 1024)
  })

  it("waits for an answer only so long, even when it trickles", async () => {
    const { origin } = await serve((_, response) => {
      const timer = setInterval(() => response.write("x"), 20)
      response.on("close", () => clearInterval(timer))
    })
    await expect(
      browse([origin], { connect: 5_000, exchange: 200 }).get(new URL(origin)),
    ).rejects.toMatchObject({
      code: "idpUnreachable",
      message: `${new URL(origin).host} did not answer in time`,
    })
  })

  it("waits longer for a post that waits for the user", async () => {
    const { origin } = await serve((_, response) => {
      setTimeout(() => response.end("there"), 400)
    })
    const browser = browse([origin], { connect: 5_000, exchange: 100 })
    const form = { action: `${origin}/`, fields: [] }
    await expect(browser.post(form)).rejects.toMatchObject({ code: "idpUnreachable" })
    expect((await browser.post(form, 5_000)).html).toBe("there")
  })

  it("waits for a connection only so long", async () => {
    const proxy = net.createServer(() => {})
    const port = await listening(proxy)
    const browser = browse(
      ["https://adfs.example.com"],
      { connect: 100, exchange: 5_000 },
      { HTTPS_PROXY: `http://127.0.0.1:${port}` },
    )
    await expect(browser.get(new URL("https://adfs.example.com/"))).rejects.toMatchObject({
      code: "idpUnreachable",
      message: `adfs.example.com cannot be reached: the proxy 127.0.0.1:${port} did not connect to it in time`,
      hint: "check the network and HTTPS_PROXY, or ask those who run the proxy",
    })
  })

  it("says what a proxy answered, and never takes its page for the server's", async () => {
    const proxy = http.createServer()
    proxy.on("connect", (_, socket) =>
      socket.end("HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 5\r\n\r\nlogin"),
    )
    const port = await listening(proxy)
    const browser = browse(["https://adfs.example.com"], undefined, {
      HTTPS_PROXY: `http://127.0.0.1:${port}`,
    })
    await expect(browser.get(new URL("https://adfs.example.com/"))).rejects.toMatchObject({
      code: "idpUnreachable",
      message: `adfs.example.com cannot be reached: the proxy 127.0.0.1:${port} answered 407`,
      hint: "put user and password into HTTPS_PROXY: http://user:password@proxy:port",
    })
  })

  it("says what is wrong with the proxy's address", async () => {
    const browser = browse(["https://adfs.example.com"], undefined, { HTTPS_PROXY: "http://:bad:" })
    await expect(browser.get(new URL("https://adfs.example.com/"))).rejects.toMatchObject({
      code: "usage",
      message: "HTTPS_PROXY holds no usable address",
    })
  })

  it("says that it is the proxy that cannot be reached", async () => {
    const server = net.createServer()
    const port = await listening(server)
    await new Promise(resolve => server.close(resolve))
    const browser = browse(["https://adfs.example.com"], undefined, {
      HTTPS_PROXY: `http://127.0.0.1:${port}`,
    })
    await expect(browser.get(new URL("https://adfs.example.com/"))).rejects.toMatchObject({
      code: "idpUnreachable",
      message: `adfs.example.com cannot be reached: the proxy 127.0.0.1:${port} cannot be reached: connection refused`,
      hint: "check HTTPS_PROXY",
    })
  })

  it("says that nobody listens", async () => {
    const server = net.createServer()
    const port = await listening(server)
    await new Promise(resolve => server.close(resolve))
    await expect(browse([]).get(new URL(`http://127.0.0.1:${port}/`))).rejects.toMatchObject({
      code: "idpUnreachable",
      message: `127.0.0.1:${port} cannot be reached: connection refused`,
    })
  })

  it("says that the connection was dropped, and keeps what was sent out of the error", async () => {
    const { origin } = await serve((request, response) => {
      request.socket.destroy()
      response.destroy()
    })
    const failure = await browse([origin])
      .post({ action: `${origin}/`, fields: [["Password", "hunter2"]] })
      .catch((error: unknown) => error)
    expect(failure).toMatchObject({
      code: "idpUnreachable",
      message: `${new URL(origin).host} closed the connection before it answered`,
      cause: undefined,
    })
  })
})

describe("cookies by which ADFS knows a browser", () => {
  const known = ["MSISAuth", "MSISAuth1", "MSISAuthenticated", "MSISSignOut"].map(name => ({
    name,
    value: `${name}-value`,
    path: "/adfs",
  }))
  const echo: Handler = (request, response) => response.end(request.headers.cookie ?? "none")
  const returning = (origins: readonly string[]) => browse(origins, undefined, {}, undefined, known)

  it("are the only ones that outlive a run, each by name and path; one that is deleted does not", async () => {
    const { origin } = await serve((request, response) => {
      const set = {
        "/adfs/first": [
          "MSISAuth=a; path=/adfs; HttpOnly; Secure",
          "MSISAuth1=b; path=/adfs",
          "MSISAuth2=c; path=/adfs",
          "MSISAuthenticated=d; path=/adfs",
          "MSISSignOut=e; path=/adfs",
          "MSISSamlRequest=f; path=/adfs",
          "MSISLoopDetectionCookie=g; path=/adfs",
          "SamlSession=h; path=/adfs",
          "MSISAuthX=i; path=/adfs",
          "other=j",
        ],
        "/adfs/last": [
          "MSISAuth=; path=/adfs/ls",
          "MSISAuth1=k; path=/adfs",
          "MSISAuth2=; path=/adfs",
          "MSISSignOut=l; path=/adfs; Max-Age=0",
          "MSISAuthenticated=m",
        ],
      }[request.url ?? ""]
      response.writeHead(200, { "Set-Cookie": set ?? [] }).end()
    })
    const web = browse([origin])
    await web.get(new URL("/adfs/first", origin))
    await web.get(new URL("/adfs/last", origin))
    const seen = web.sessionCookies().map(({ name, value, path }) => `${name}=${value} ${path}`)
    expect(seen).toEqual(["MSISAuth=a /adfs", "MSISAuth1=k /adfs", "MSISAuthenticated=m /adfs"])
  })

  it("are sent to the identity provider, within their path", async () => {
    const { origin } = await serve(echo)
    const web = returning([origin])
    expect((await web.get(new URL("/adfs/ls", origin))).html).toBe(
      known.map(({ name, value }) => `${name}=${value}`).join("; "),
    )
    expect((await web.get(new URL("/other", origin))).html).toBe("none")
    expect(web.sessionCookies()).toEqual(known)
  })

  it("are sent to no other origin: no other port or name, and none of idp_origins", async () => {
    const other = await serve(echo)
    const named = other.origin.replace("127.0.0.1", "localhost")
    for (const elsewhere of [other.origin, named]) {
      const { origin } = await serve((_, response) =>
        response.writeHead(302, { Location: `${elsewhere}/adfs/ls` }).end(),
      )
      const web = returning([origin, elsewhere])
      expect((await web.get(new URL("/adfs/ls", origin))).html).toBe("none")
      expect((await web.post({ action: `${elsewhere}/adfs/ls`, fields: [] })).html).toBe("none")
    }
  })

  it("that another origin sets are not kept", async () => {
    const { origin } = await serve(echo)
    const other = await serve((_, response) =>
      response.writeHead(200, { "Set-Cookie": "MSISAuth=planted; path=/adfs" }).end(),
    )
    const web = returning([origin, other.origin])
    await web.post({ action: `${other.origin}/adfs/ls`, fields: [] })
    expect(web.sessionCookies()).toEqual(known)
  })
})
