/** Which of `of` shares a key belongs to, from 0: always the same one, and each as likely. (FNV-1a, 32 bits) */
export function shareOf(key: string, of: number): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < key.length; at++) hash = Math.imul(hash ^ key.charCodeAt(at), 0x01000193);
  // Its low bits are the worst: the high ones are laid over them.
  return ((hash ^ (hash >>> 15)) >>> 0) % of;
}
