import { writeFileSync } from "node:fs"
import { join } from "node:path"
import { describe, expect, it } from "vitest"
import { managedPolicies, policyMark, policySuffix } from "../../../src/domain/session-policy.ts"
import { optionsInHome } from "../../support/read-options.ts"

const { homePath, read } = optionsInHome()
const view = "arn:aws:iam::aws:policy/job-function/ViewOnlyAccess"
const text = '{"Version":"2012-10-17","Statement":[]}'

describe("the session policy", () => {
  it("is read-only by option or by ~/.pum-aws, and not with --no-read-only", () => {
    const config = "[profile prod]\nread_only = yes\n"
    expect(read({}).policy).toBeUndefined()
    expect(read({ argv: ["--read-only"] }).policy).toMatchObject({ readOnly: true })
    expect(read({ argv: ["-p", "prod"], config }).policy).toMatchObject({ readOnly: true })
    expect(read({ argv: ["-p", "prod", "--no-read-only"], config }).policy).toBeUndefined()
    expect(read({ argv: ["-p", "other"], config }).policy).toBeUndefined()
  })

  it("is of ARNs and one file", () => {
    writeFileSync(join(homePath(), "p.json"), `\ufeff${text}\n`)
    const { policy } = read({ argv: ["--policy", view, "--policy", "~/p.json"] })
    expect(policy).toEqual({ readOnly: false, arns: [view], text })
  })

  it("of each of several profiles is its own", () => {
    const config = "[profile prod]\nread_only = yes\n[profile dev]\n"
    const { several, policy } = read({ argv: ["--profiles", "prod,dev"], config })
    expect([policy, several]).toEqual([
      undefined,
      [
        expect.objectContaining({ profile: "prod", readOnly: true }),
        expect.objectContaining({ profile: "dev", readOnly: false }),
      ],
    ])
  })

  it.each<[string, string[], string?]>([
    ["--read-only and --no-read-only cannot be used together", ["--read-only", "--no-read-only"]],
    ["--policy and --read-only cannot be used together", ["--read-only", "--policy", view]],
    ["--policy and --read-only cannot be used together", ["--policy", view], "[default]\nread_only = on\n"],
    [
      "--policy and --read-only cannot be used together",
      ["-m", "a", "--policy", view],
      "[profile a]\nread_only = on\n",
    ],
    ["--policy: 'arn:aws:s3:::x' is not the ARN of a managed policy", ["--policy", "arn:aws:s3:::x"]],
    ["--policy: 11 managed policies, and AWS takes 10 at most", Array(11).fill(["--policy", view]).flat()],
    ["--policy: two files, and AWS takes one policy as a text", ["--policy", "a", "--policy", "b"]],
    ["--policy: cannot read /nowhere.json: there is no such file", ["--policy", "/nowhere.json"]],
    ["--policy: it is empty", ["--policy", ""]],
    ["--policy: cannot read /: is a folder", ["--policy", "/"]],
    ["p.json is not a JSON object", ["--policy", "~/p.json"]],
    ["long.json has 2049 characters, and AWS takes 2048 at most", ["--policy", "~/long.json"]],
    ["--on-demand and --policy cannot be used together", ["--on-demand", "-p", "a", "--policy", view]],
  ])("is refused before any question: %s", (message, argv, config) => {
    writeFileSync(join(homePath(), "p.json"), "[]")
    writeFileSync(join(homePath(), "long.json"), `{"a":"${"x".repeat(2049 - 8)}"}`)
    expect(() => read({ argv, ...(config === undefined ? {} : { config }) })).toThrow(message)
  })

  it("that is a word is probably the name of a managed policy", () => {
    expect(() => read({ argv: ["--policy", "ReadOnlyAccess"] })).toThrow(
      expect.objectContaining({
        code: "usage",
        message: "--policy: cannot read ReadOnlyAccess: there is no such file",
        hint: "a managed policy is named by its ARN, as in arn:aws:iam::aws:policy/ReadOnlyAccess",
      }),
    )
  })

  it("ReadOnlyAccess is of the role's partition; others are sent as they are", () => {
    const { policy } = read({ argv: ["--read-only"] })
    if (policy === undefined) throw new Error("no policy")
    expect(managedPolicies(policy, "aws-cn")).toEqual(["arn:aws-cn:iam::aws:policy/ReadOnlyAccess"])
    expect(managedPolicies({ ...policy, readOnly: false, arns: [view] }, "aws-cn")).toEqual([view])
  })

  it.each([
    [true, '{"b":1,"a":["x","y"]}', '{ "a" : ["y",\n "x"], "b":1 }'],
    [false, '{"a":"x y"}', '{"a":"xy"}'],
    [false, '{"a":["x"]}', '{"a":["x","y"]}'],
    [false, '{"a":1,"a":2}', '{"a":2}'],
    [false, '{"a":12345678901234567890}', '{"a":12345678901234567891}'],
  ])("of one content is the same (%s): %s and %s", (isSame, one, other) => {
    const [first, second] = [one, other].map(each =>
      policyMark({ readOnly: false, arns: [view], text: each }),
    )
    expect(first === second).toBe(isSame)
  })

  it("has a mark and words of its own", () => {
    const one = { readOnly: false, arns: [view], text: undefined }
    const marks = [undefined, { ...one, readOnly: true }, one, { ...one, arns: [] }, { ...one, text }].map(
      policyMark,
    )
    expect(new Set(marks).size).toBe(5)
    expect(marks.map(policySuffix).slice(0, 3)).toEqual(["", ", read-only", ", limited by a policy"])
  })
})
