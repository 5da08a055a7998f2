/**
 * The text without what a paste brings along: white space around it, and invisible characters (soft hyphens, joiners,
 * marks of direction and of byte order), which chats, mails and documents put into a name.
 */
export function trimPasted(text: string): string {
  return text.replace(/[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]/g, "").trim()
}
