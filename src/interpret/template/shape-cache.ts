import type { Group } from './group.ts'

const MAX_SHAPES = 30_000
/** While shapes are rarely repeated, one in this many is cached. */
const THRIFT = 16

/** The groups of lines by their shapes (see `shapeOf`): most logs repeat themselves, but for the numbers in them. */
export type ShapeCache = {
  get(shape: string): Group | undefined
  keep(shape: string, group: Group): void
  clear(): void
}

/** Makes a bounded cache, which caches fewer shapes while few are repeated. */
export function createShapeCache(): ShapeCache {
  const shapes = new Map<string, Group>()
  let hits = 0
  let offered = 0
  let every = 1
  return {
    get(shape) {
      const group = shapes.get(shape)
      if (group !== undefined) hits++
      return group
    },
    keep(shape, group) {
      offered++
      if (offered % every !== 0) return
      if (shapes.size >= MAX_SHAPES) {
        every = hits < offered / 2 ? THRIFT : 1
        hits = 0
        offered = 0
        shapes.clear()
      }
      shapes.set(shape, group)
    },
    clear: () => shapes.clear(),
  }
}
