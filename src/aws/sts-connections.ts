import { partitionOfRegion, partitions, regionalStsEndpoint } from "../domain/partitions.ts"
import { regionInPartition } from "../domain/regions.ts"
import type { Role } from "../domain/roles.ts"
import type { Network } from "../http/network.ts"

interface StsServers {
  readonly network: Network
  /** The region of each call that will run at the same time. */
  readonly regions: readonly [string, ...string[]]
  /** `AWS_ENDPOINT_URL_STS` */
  readonly endpointUrl: string | undefined
}

/** Opens connections for the calls to STS, before what makes the calls is loaded. */
export class StsConnections {
  private readonly servers: StsServers
  /** Addresses of the servers that connections were opened to. */
  private readonly opened = new Set<string>()

  constructor(servers: StsServers) {
    this.servers = servers
  }

  /**
   * Opens a connection for each call, but none to a server that has some.
   * @param roles in whose partitions; default: in that of each region
   */
  open(roles: readonly Pick<Role, "partition">[] = []): void {
    const { network, regions, endpointUrl } = this.servers
    const known = [...new Set(roles.map(role => role.partition))].filter(name => partitions.has(name))
    const endpoints = regions
      .flatMap(region =>
        (roles.length === 0 ? [partitionOfRegion(region)] : known).map(name => [name, region]),
      )
      .map(
        ([name = "", region = ""]) =>
          endpointUrl ?? regionalStsEndpoint(name, regionInPartition(name, region, false)),
      )
      .filter(endpoint => !this.opened.has(endpoint))
    for (const endpoint of endpoints) {
      this.opened.add(endpoint)
      void network.prepare(new URL(endpoint))
    }
  }
}
