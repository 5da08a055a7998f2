import type { ProfileWrite } from "../../src/profiles/profile-changes.ts"

export function writeOf(profile: string, more: Partial<ProfileWrite> = {}): ProfileWrite {
  return {
    profile,
    region: "eu-central-1",
    regionAsked: false,
    session: {
      accessKeyId: `ASIA${profile}`,
      secretAccessKey: "wJalr/+=EXAMPLE",
      sessionToken: "IQoJb3JpZ2luX2Vj//8=a==",
      expiration: new Date("2026-01-02T03:04:05.678Z"),
      principalArn: `arn:aws:sts::095344953043:assumed-role/AdministratorAccess/${profile}@visma.com`,
    },
    ...more,
  }
}

export const sectionOf = (profile: string) => `[${profile}]
aws_access_key_id = ASIA${profile}
aws_secret_access_key = wJalr/+=EXAMPLE
aws_session_token = IQoJb3JpZ2luX2Vj//8=a==
x_principal_arn = arn:aws:sts::095344953043:assumed-role/AdministratorAccess/${profile}@visma.com
x_security_token_expires = 2026-01-02T03:04:05Z
`
