export { loadLocking } from "./file-lock.ts"
export type { UserFile } from "./file-trouble.ts"
export { editIni } from "./ini-edit.ts"
export { readIni } from "./ini-text.ts"
export {
  type AwsFilePaths,
  awsFilePaths,
  checkProfileName,
  type ProfileState,
  type ProfileWrite,
  readProfile,
  readProfiles,
  type StoredSession,
  userFiles,
  type WantedProfile,
} from "./profiles.ts"
export { environmentShadows, fileShadows, shadowsOf } from "./shadows.ts"
export { type StoreOptions, storeProfiles } from "./store-profiles.ts"
export { updateFiles } from "./update-files.ts"
