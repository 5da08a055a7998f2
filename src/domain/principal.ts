/** The account and role that temporary credentials belong to. */
export interface Principal {
  readonly account: string
  /** Name without path: STS leaves the path out, and a name is unique in its account. */
  readonly role: string
}

/**
 * @param arn `arn:<partition>:sts::<account>:assumed-role/<role>/<session name>`, or the ARN of the role itself
 * @returns `undefined` for any other text
 */
export function principalOf(arn: string): Principal | undefined {
  const [, assumed, ofAssumed, whole, ofWhole] =
    /^arn:[\w-]+:(?:sts::(\d{12}):assumed-role\/([^/]+)\/.+|iam::(\d{12}):role\/(?:.*\/)?([^/]+))$/.exec(
      arn,
    ) ?? []
  const account = assumed ?? whole
  const role = ofAssumed ?? ofWhole
  return account === undefined || role === undefined ? undefined : { account, role }
}
