import { describe, expect, it } from "vitest"
import { shellWords } from "../../../src/platform/shell-words.ts"
import { onDemandLine, readOnDemandLine } from "../../../src/profiles/on-demand-line.ts"

const windows = { node: "C:\\Program Files\\nodejs\\node.exe", script: "C:\\npm\\pum-aws\\bin\\pum-aws" }

describe("the line for credential_process", () => {
  it("has plain words where no quotes are needed", () => {
    const paths = { node: "/usr/bin/node", script: "/usr/local/bin/pum-aws" }
    expect(onDemandLine(paths, "prod", "linux")).toBe(
      "/usr/bin/node /usr/local/bin/pum-aws --profile prod --credential-process",
    )
  })

  it("quotes blanks and letters beyond ASCII so that a shell and Python read the same words", () => {
    const paths = { node: "/opt/my node/node", script: "/home/häst öl/bin/pum-aws" }
    const line = onDemandLine(paths, "prod", "linux")
    expect(line).toBe('"/opt/my node/node" "/home/häst öl/bin/pum-aws" --profile prod --credential-process')
    expect(shellWords(line)?.slice(0, 2)).toEqual([paths.node, paths.script])
  })

  it("always quotes paths on Windows", () => {
    expect(onDemandLine(windows, "prod", "win32")).toBe(
      '"C:\\Program Files\\nodejs\\node.exe" "C:\\npm\\pum-aws\\bin\\pum-aws" --profile prod --credential-process',
    )
  })

  it.each([
    ["linux", "/home/$USER/pum-aws"],
    ["linux", "/home/a`b/pum-aws"],
    ["linux", "/home/a!b/pum-aws"],
    ["linux", "/home/a\\b/pum-aws"],
    ["linux", '/home/a"b/pum-aws'],
    ["linux", "/home/a #1/pum-aws"],
    ["linux", "/home/a\nb/pum-aws"],
    ["win32", "C:\\100%PATH%\\pum-aws"],
    ["win32", "C:\\a ;b\\pum-aws"],
  ] as const)("on %s refuses a path that shells read in different ways: %s", (platform, script) => {
    expect(() => onDemandLine({ node: "/usr/bin/node", script }, "prod", platform)).toThrow(
      `AWS tools do not read this path alike: ${script}`,
    )
  })
})

describe("a line in the config file", () => {
  it.each([
    ["/usr/bin/node /usr/local/bin/pum-aws --profile prod --credential-process"],
    ["pum-aws -p prod --credential-process --account 095344953043"],
    ["pum-aws --credential-process --profile=prod"],
    ["npx pum-aws --credential-process -p prod"],
    ["npx -y pum-aws@0.1.0 --credential-process -p prod"],
    ["pum-aws -pprod --credential-process"],
    [
      '"C:\\Program Files\\nodejs\\node.exe" "C:\\npm\\pum-aws\\bin\\pum-aws" --profile prod --credential-process',
    ],
    ["C:\\npm\\pum-aws.cmd --profile prod --credential-process"],
  ])("is ours, for the profile prod: %s", line => {
    expect(readOnDemandLine(line)?.profile).toBe("prod")
  })

  it.each([
    ["aws-vault export --format=json prod"],
    ["pum-aws --profile prod --json"],
    ["/opt/pum-aws-wrapper --profile prod --credential-process"],
    ["pum-aws --credential-process"],
    ["pum-aws --credential-process -p"],
    ["'pum-aws --profile prod --credential-process"],
    [""],
  ])("is another program's, or names no profile: %s", line => {
    expect(readOnDemandLine(line)).toBeUndefined()
  })

  it("names the absolute paths that it starts", () => {
    expect(readOnDemandLine(onDemandLine(windows, "prod", "win32"))?.paths).toEqual([
      windows.node,
      windows.script,
    ])
    const shared = { node: "\\\\server\\apps\\node.exe", script: "\\\\server\\my apps\\pum-aws" }
    expect(readOnDemandLine(onDemandLine(shared, "prod", "win32"))?.paths).toEqual(Object.values(shared))
    expect(readOnDemandLine("pum-aws -p prod --credential-process --env-file /etc/x")?.paths).toEqual([])
    const posix = { node: "/opt/my node/node", script: "/usr/bin/pum-aws" }
    expect(readOnDemandLine(onDemandLine(posix, "prod", "linux"))?.paths).toEqual([posix.node, posix.script])
  })
})
