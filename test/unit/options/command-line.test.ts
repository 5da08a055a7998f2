import { describe, expect, it } from "vitest"
import { intendedCommand } from "../../../src/options/command-line.ts"

describe("the hint for a command without --", () => {
  it("can be typed on Windows: PowerShell drops a bare --, and cmd knows no single quotes", () => {
    const own = ["-p", "prod", "aws", "s3", "cp", "a b"]
    expect(intendedCommand(["aws", "s3", "cp", "a b"], own, "win32")).toBe(
      'to run a command: pum-aws -p prod "--" aws s3 cp "a b"',
    )
    expect(intendedCommand(["it's"], ["it's"], "win32")).toBe(
      'to store in a profile of that name: pum-aws --profile "it\'s"',
    )
  })
})
