import { parseObject } from "../domain/json.ts"
import { readOnlyPolicy, type SessionPolicy } from "../domain/session-policy.ts"
import { PumError } from "../errors.ts"
import { expandHome } from "../platform/platform.ts"
import { type ConfigSection, withoutMark } from "./config-file.ts"
import { type Given, notTogether } from "./given.ts"
import { lookUp, type Sources } from "./look-up.ts"
import { readNamedText } from "./read-files.ts"

/** The limits of AWS STS (AssumeRoleWithSAML, `PolicyArns` and `Policy`). */
const mostArns = 10
const longestText = 2048

/** Whether sessions are to be read-only: from the command line, else from sections of `~/.pum-aws`. */
export function isReadOnly(sources: Sources, sections: readonly (ConfigSection | undefined)[]): boolean {
  return sources.given.noReadOnly === undefined && lookUp("readOnly", sources, sections)
}

/**
 * The policy that limits the session.
 * @param readOnly `isReadOnly`
 * @param several those of several profiles
 * @throws PumError `usage` for two policies that do not narrow each other, and for a policy that STS would not take
 */
export function readPolicy(
  { policy: asked }: Given,
  readOnly: boolean,
  several: readonly { readonly readOnly: boolean }[],
  home: string,
): SessionPolicy | undefined {
  if (asked === undefined) return readOnly ? readOnlyPolicy : undefined
  if (readOnly || several.some(one => one.readOnly))
    throw notTogether(
      ["--policy", "--read-only"],
      "two session policies do not narrow each other: choose one (--no-read-only takes read_only back)",
    )
  const arns = asked.filter(isArn)
  const [file, ...more] = asked.filter(word => !isArn(word))
  for (const arn of arns) checkArn(arn)
  if (arns.length > mostArns)
    throw new PumError(
      "usage",
      `--policy: ${arns.length} managed policies, and AWS takes ${mostArns} at most`,
    )
  if (more.length > 0)
    throw new PumError("usage", "--policy: two files, and AWS takes one policy as a text", {
      hint: "put their statements into one file",
    })
  return { readOnly: false, arns, text: file === undefined ? undefined : readPolicyFile(file, home) }
}

const isArn = (word: string) => word.startsWith("arn:")

function checkArn(arn: string): void {
  if (/^arn:[\w-]+:iam::(?:\d{12}|aws):policy\/[\w+=,.@/-]+$/.test(arn)) return
  throw new PumError("usage", `--policy: '${arn}' is not the ARN of a managed policy`, {
    hint: "it looks like arn:aws:iam::aws:policy/job-function/ViewOnlyAccess",
  })
}

function readPolicyFile(shown: string, home: string): string {
  if (shown.trim() === "") throw new PumError("usage", "--policy: it is empty")
  const text = withoutMark(readPolicyText(shown, home)).trim()
  const content = parseObject(text)
  if (content === undefined || Array.isArray(content))
    throw new PumError("usage", `--policy: ${shown} is not a JSON object`)
  if (text.length > longestText)
    throw new PumError(
      "usage",
      `--policy: ${shown} has ${text.length} characters, and AWS takes ${longestText} at most`,
      { hint: "blanks count: leave them out, or use managed policies" },
    )
  return text
}

/** A word like `ReadOnlyAccess` is no file, but the name of a managed policy. */
function readPolicyText(shown: string, home: string): string {
  try {
    return readNamedText({ path: expandHome(shown, home), shown }, "--policy")
  } catch (error) {
    if (!(error instanceof PumError) || !/^[\w+=,@-]+$/.test(shown)) throw error
    throw new PumError(error.code, error.message, {
      hint: `a managed policy is named by its ARN, as in arn:aws:iam::aws:policy/${shown}`,
      cause: error,
    })
  }
}
