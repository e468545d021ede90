/** The part of Node's module that the runtime has of its own and the tests use. */
declare module "node:async_hooks" {
  export class AsyncLocalStorage<T> {
    run<R>(store: T, run: () => R): R;
    getStore(): T | undefined;
  }
}
