/** A method as its class has it, to be called by what takes its place in a test. */
export function methodOf<T extends object, Name extends keyof T>(
  prototype: T,
  name: Name,
): T[Name] {
  return Reflect.get(prototype, name) as T[Name];
}
