/** Keys of the credentials file that hold a session, or describe it. */
export const sessionKeys = [
  "aws_access_key_id",
  "aws_secret_access_key",
  "aws_session_token",
  "aws_security_token",
  "x_principal_arn",
  "x_security_token_expires",
  "x_pum_session_policy",
]
