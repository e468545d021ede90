/** What the test runner's bundler adds to a module. */
interface ImportMeta {
  glob(
    patterns: string | readonly string[],
    options: { query: "?raw"; import: "default"; eager: true },
  ): Record<string, string>;
}
