import { effectiveValue, type IniDocument, type IniSection } from "../ini/read-ini.ts"

/** With one of these keys AWS tools use something else than stored credentials, or refuse the profile. */
const decisiveKeys = [
  "role_arn",
  "source_profile",
  "credential_source",
  "web_identity_token_file",
  "sso_account_id",
  "sso_role_name",
  "sso_session",
  "sso_start_url",
  "sso_region",
  "login_session",
  "credential_process",
]

/**
 * Sections that only other AWS tools read as this profile: one sentence each that has a key which decides whose
 * credentials are used. botocore takes one section for a profile (`configSectionOf`), and takes what follows the name
 * up to the last `]` of the line for a part of it. Other SDKs end the header at a comment, strip blanks within its
 * brackets, and merge all sections of one profile.
 * @param chosen the section that botocore reads, if there is one
 */
export function mergedSections(
  document: IniDocument,
  kind: "credentials" | "config",
  profile: string,
  chosen: string | undefined,
): string[] {
  const ours = document.sections.get(chosen ?? "")?.header ?? Number.POSITIVE_INFINITY
  return (sectionsByName(document, kind).get(profile) ?? []).flatMap(section => {
    if (section.name === chosen) return []
    const keys = kind === "credentials" && section.header > ours ? ["aws_access_key_id"] : []
    const found = [...decisiveKeys, ...keys].find(
      key => effectiveValue(document, section.name, key) !== undefined,
    )
    if (found === undefined) return []
    return [
      `${document.name} line ${section.header + 1} opens profile [${profile}], too: the AWS CLI ignores its ${found}, other AWS tools may use it`,
    ]
  })
}

type ByName = ReadonlyMap<string | undefined, readonly IniSection[]>

/** A file of many profiles is looked into for each of them. */
const mergedByName = {
  credentials: new WeakMap<IniDocument, ByName>(),
  config: new WeakMap<IniDocument, ByName>(),
}

/** The sections by `nameWithoutComment`. */
function sectionsByName(document: IniDocument, kind: keyof typeof mergedByName): ByName {
  const known = mergedByName[kind].get(document)
  if (known !== undefined) return known
  const sections = new Map<string | undefined, IniSection[]>()
  for (const section of document.sections.values()) {
    const name = nameWithoutComment(section, kind)
    const others = sections.get(name)
    if (others === undefined) sections.set(name, [section])
    else others.push(section)
  }
  mergedByName[kind].set(document, sections)
  return sections
}

/** The profile that a header names to a reader that ends it at a comment; `undefined` if it names none. */
function nameWithoutComment({ name }: IniSection, kind: "credentials" | "config"): string | undefined {
  const header = name.split(/\]\s*[#;]/, 1)[0]?.trim() ?? ""
  if (kind === "credentials" || header === "default") return header
  return /^profile\s+(["']?)(.+)\1$/.exec(header)?.[2]
}
