/** A rate limiter as the platform's binding is one. */
export class LocalRateLimit {
  constructor(simple: { readonly limit: number; readonly period: number }, now?: () => number);
  limit(asked: { readonly key: string }): Promise<{ success: boolean }>;
}
