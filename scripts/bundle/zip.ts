/** The one way in which a zip of this project comes about: the same bytes on every machine and day. */
import { type Zippable, zipSync } from 'fflate'

/** A zip writes local date parts; this constructor takes local ones too, so every time zone yields 1980-01-01 00:00. */
const EARLIEST = new Date(1980, 0, 1)
const UNIX = 3
const READABLE_BY_ALL = 0o644

/**
 * Packs files into a zip whose bytes depend on names and contents only.
 *
 * No clock, no umask, no file order enters it, and no zlib, whose output is not the same on every processor. Lambda
 * needs the mode: files that are not readable by all cannot be loaded (Lambda Developer Guide, Deploying Node.js .zip
 * packages).
 */
export function zip(files: Readonly<Record<string, Uint8Array>>): Uint8Array {
  const entries: Zippable = {}
  for (const name of Object.keys(files).sort()) {
    const content = files[name]
    if (content !== undefined) {
      entries[name] = [content, { level: 9, mtime: EARLIEST, os: UNIX, attrs: READABLE_BY_ALL << 16 }]
    }
  }
  return zipSync(entries)
}
