import { type AddressInfo, connect, createServer, type Socket } from "node:net"

export interface Distance {
  /** On 127.0.0.1; leads to the server's own port. */
  readonly port: number
  /** TCP connections that were accepted since the start or the last `forget`. */
  readonly connections: () => number
  readonly forget: () => void
  readonly close: () => Promise<void>
}

/**
 * Puts a server at a distance: a TCP relay that delays everything as a long line does. Opening a connection takes
 * one round trip, and each byte half a round trip in each direction, so that a TLS handshake is slow, too.
 * @param port the server's own, on 127.0.0.1
 * @param roundTripMs read anew for each connection
 */
export async function startDistance(port: number, roundTripMs: () => number): Promise<Distance> {
  const sockets = new Set<Socket>()
  let connections = 0
  const keep = (socket: Socket) => {
    sockets.add(socket)
    socket.setNoDelay()
    socket.once("close", () => sockets.delete(socket))
    socket.on("error", () => socket.destroy())
    return socket
  }
  const server = createServer(client => {
    connections += 1
    const roundTrip = roundTripMs()
    const near = keep(client)
    const far = keep(connect(port, "127.0.0.1"))
    // The kernel accepts at once; a distant server's answer to SYN arrives one round trip later.
    const openAt = performance.now() + roundTrip
    relay(near, far, () => Math.max(openAt - performance.now(), 0) + roundTrip / 2)
    relay(far, near, () => roundTrip / 2)
  })
  await new Promise<void>(listening => server.listen(0, "127.0.0.1", listening))
  return {
    port: (server.address() as AddressInfo).port,
    connections: () => connections,
    forget() {
      connections = 0
    },
    close: () =>
      new Promise(closed => {
        server.close(() => closed())
        for (const socket of sockets) socket.destroy()
      }),
  }
}

/** Passes data on after a while, in order: the second chunk never overtakes the first. */
function relay(from: Socket, to: Socket, delay: () => number): void {
  let latest = 0
  const later = (work: () => void) => {
    latest = Math.max(latest, performance.now() + delay())
    setTimeout(work, latest - performance.now())
  }
  from.on("data", chunk => later(() => to.write(chunk)))
  from.on("end", () => later(() => to.end()))
  from.on("close", () => later(() => to.destroy()))
}
