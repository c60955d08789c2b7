/** What a warm sandbox remembers must stay small: 128 MB hold everything. */

/** Adds to a memory of at most `limit` entries, which forgets the oldest one first. */
export function remember<Value>(memory: Map<string, Value>, name: string, value: Value, limit: number): void {
  const oldest = memory.keys().next()
  if (memory.size >= limit && !oldest.done) memory.delete(oldest.value)
  memory.set(name, value)
}
