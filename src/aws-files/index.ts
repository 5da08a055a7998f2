export { isLocked, type Lock, loadLocking, Sightings, tryToLock } from "./file-lock.ts"
export type { UserFile } from "./file-trouble.ts"
export { editIni } from "./ini-edit.ts"
export { readIni } from "./ini-text.ts"
export { listProfiles, ownCallOf } from "./list-profiles.ts"
export { type AwsFilePaths, awsFilePaths, checkProfileName, userFiles } from "./paths.ts"
export { makeFolder } from "./private-file.ts"
export {
  glanceAtProfile,
  type ProfileState,
  type ProfileWrite,
  readProfile,
  readProfiles,
  type StoredSession,
  type WantedProfile,
} from "./profiles.ts"
export { environmentShadows, fileShadows, type Shadow, shadowsOf } from "./shadows.ts"
export { type StoreOptions, storeProfiles } from "./store-profiles.ts"
export { updateFiles } from "./update-files.ts"
export { writePrivately } from "./write-privately.ts"
